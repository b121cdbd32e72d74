import { z } from 'zod';
import type { KindDefinition } from '../kind.ts';

/** Ids that cameras and boxes give; words that addresses below `/api/events` need are refused. */
export const givenId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,128}$/, 'has 1 to 128 letters, digits, dots, underscores, colons and hyphens')
  .refine(
    (id) => !['summary', 'export', 'stream', 'batch'].includes(id),
    'is a word that addresses of the API need; choose another',
  );

/** The first 48 bits of an event's id are its start since 1970. */
const isOfOurTime = (text: string) => Date.parse(text) >= 0 && Date.parse(text) < Date.UTC(2200, 0, 1);

const cameraOptions = z
  .strictObject({
    camera_id: givenId
      .default('default')
      .describe('The camera that recorded it. One that does not exist is created.'),
    recorded_at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe(
        'When the recording began, with its offset from UTC. Without it the file says so, or else the time of its first upload counts.',
      ),
    url: z
      .string()
      .min(1)
      .max(2000)
      .regex(
        /^(?:rtsps?|https?):\/\//i,
        'is no live source; give an address that begins with rtsp:// or rtsps://, or the http:// or https:// address of an HLS playlist',
      )
      .optional()
      .describe(
        'A live source in place of a file: `rtsp:`, `rtsps:`, or HLS by `http:` or `https:`. Credentials are named, `{secret:NAME}`.',
      ),
  })
  .refine(({ recorded_at }) => recorded_at === undefined || isOfOurTime(recorded_at), {
    message: 'is before 1970 or after 2199; give the time at which the recording began',
    path: ['recorded_at'],
  })
  .refine(({ url, recorded_at }) => url === undefined || recorded_at === undefined, {
    message: 'a live source says itself what time it is',
    path: ['recorded_at'],
  });

export type CameraOptions = z.infer<typeof cameraOptions>;

const whole = (least: number, most: number, otherwise: number) =>
  z.coerce
    .number()
    .int()
    .min(least)
    .max(most)
    .default(otherwise)
    .describe(`a whole number from ${least} to ${most}`);

export const cameraSettings = z.object({
  DOUBLETAKE_EVENTS_DATABASE_URL: z
    .string()
    .regex(/^sqlite:.+/)
    .optional()
    .describe('sqlite: and the path of a file'),
  DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES: z.enum(['deny', 'allow']).default('deny').describe('deny or allow'),
  DOUBLETAKE_CAMERA_LIVE_PER_USER: whole(1, 1024, 4),
  DOUBLETAKE_CAMERA_RETENTION_DAYS: whole(1, 36_500, 30),
  DOUBLETAKE_CAMERA_CHUNK_FRAMES: whole(10, 100_000, 1500),
});

export type CameraSettings = z.infer<typeof cameraSettings>;

export const camera: KindDefinition<CameraOptions> = {
  kind: 'camera',
  source: 'either',
  mediaTypes: [
    'video/mp4',
    'video/quicktime',
    'video/x-m4v',
    'video/webm',
    'video/matroska',
    'video/x-matroska',
    'video/vnd.avi',
    'video/x-msvideo',
    'video/mp2t',
    'video/mpeg',
    'video/3gpp',
  ],
  options: cameraOptions,
  liveName: ({ camera_id }) => camera_id,
  words: ['events'],
  settings: cameraSettings,
  statuses: {
    queued: { phase: 'queued', to: ['processing', 'failed', 'canceled'] },
    processing: { phase: 'running', to: ['done', 'failed', 'canceled'] },
    done: { phase: 'succeeded', to: [] },
    failed: { phase: 'failed', to: [] },
    canceled: { phase: 'canceled', to: [] },
  },
  // What is promised depends on the events that were found: `openWritten` of its records says it.
  passes: () => [{ name: 'processing', stage: 'PROCESSING', keeps: [] }],
  // What the job works by, and the state of the watch after each chunk: a retry goes on from the last.
  resumesFrom: (name) => /^processing\/(plan\.json|(state|chunk)-[0-9a-f]{8}-\d+\.(bin|json))$/.test(name),
  lastingPrefixes: ['cameras/'],
  retentionDays: 365,
};
