import { z } from 'zod';
import type { KindDefinition } from '../kind.ts';

const scanOptions = z.strictObject({
  ignore_cache: z
    .boolean()
    .default(false)
    .describe('Scan again although the same file was scanned with the same rules before.'),
  extract: z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .describe(
      'For operators: the path of a file of the tree. It is put into the artifact `scanning/extracted.zip`, which is encrypted with the password `infected`.',
    ),
});

export type ScanOptions = z.infer<typeof scanOptions>;

const MiB = 1024 ** 2;

const whole = (least: number, most: number, otherwise: number) =>
  z.coerce
    .number()
    .int()
    .min(least)
    .max(most)
    .default(otherwise)
    .describe(`a whole number from ${least} to ${most}`);

const path = z.string().min(1).optional().describe('a path');

export const scanSettings = z.object({
  DOUBLETAKE_SCAN_MAX_DEPTH: whole(1, 100, 15),
  DOUBLETAKE_SCAN_MAX_CHILDREN: whole(1, 100_000, 500),
  DOUBLETAKE_SCAN_MAX_EXPANDED_BYTES: whole(MiB, 1024 ** 4, 1024 * MiB),
  DOUBLETAKE_SCAN_MAX_RATIO: whole(1, 1_000_000, 200),
  DOUBLETAKE_SCAN_STAGE_SECONDS: whole(1, 3600, 60),
  DOUBLETAKE_SCAN_SECONDS: whole(1, 18_000, 1800),
  DOUBLETAKE_SCAN_FILE_BYTES: whole(MiB, 256 * MiB, 64 * MiB),
  DOUBLETAKE_SCAN_PASSWORDS: path,
  DOUBLETAKE_SCAN_SAFELIST: path,
  DOUBLETAKE_SCAN_BLOCKLIST: path,
  DOUBLETAKE_SCAN_RULES: path,
  DOUBLETAKE_SCAN_CLAMD: z
    .string()
    .regex(/^(\/.+|[^\s/:]+:\d{1,5})$/)
    .optional()
    .describe('the path of a socket, or host:port'),
  DOUBLETAKE_SCAN_CLAMD_MAX_BYTES: whole(MiB, 4 * 1024 * MiB, 100 * MiB),
  DOUBLETAKE_SCAN_BEFORE_ANALYSIS: z.enum(['true', 'false']).default('false').describe('true or false'),
  DOUBLETAKE_SCAN_UNKNOWN: z.enum(['go-on', 'refuse']).default('go-on').describe('go-on or refuse'),
});

export type ScanSettings = z.infer<typeof scanSettings>;

export const scan: KindDefinition<ScanOptions> = {
  kind: 'scan',
  source: 'file',
  mediaTypes: ['*/*'],
  takesEmptyFiles: true,
  options: scanOptions,
  settings: scanSettings,
  statuses: {
    queued: { phase: 'queued', to: ['scanning', 'failed', 'canceled'] },
    scanning: { phase: 'running', to: ['done', 'failed', 'canceled'] },
    done: { phase: 'succeeded', to: [] },
    failed: { phase: 'failed', to: [] },
    canceled: { phase: 'canceled', to: [] },
  },
  // The rows of a scan are written in the transaction of the transition to `done`, which says what they promise.
  passes: () => [{ name: 'scanning', stage: 'SCANNING', keeps: [] }],
  // A retry scans again: rules and lists may be others by then.
  resumesFrom: () => false,
  retentionDays: 365,
};
