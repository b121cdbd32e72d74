import { z } from 'zod';
import { instant, page } from '../../../api/schemas/answers.ts';
import { givenId } from '../../../domain/kinds/camera.ts';
import { storableText } from '../../../domain/storable-text.ts';
import { isTimeZone } from '../events/checks/camera-changes.ts';
import { timeSources } from '../events/event.ts';
import { refusalOfPolygon } from './polygon.ts';

const share = z.number().min(0).max(1);

const detectedObject = z.object({
  label: z.string().describe('A class of COCO, such as `person`, or a box’s own word.'),
  confidence: share,
  box: z
    .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
    .describe('In fractions of the picture, 0–1, from its top left.'),
});

/** What a camera's event is, in the answers. */
export const cameraEvent = z
  .object({
    event_id: z.string(),
    timestamp: instant.describe('Its start, as `started_at`.'),
    camera_id: z.string(),
    motion_confidence: z.number().nullable().describe('How sure it is that something moved, 0–1.'),
    detected_objects: z.array(detectedObject),
    llm_description: z.string().nullable().describe('In plain words.'),
    image_path: z.string().nullable().describe('S3 key of its picture, which `…/image` answers with.'),
    json_log_path: z.string().nullable().describe('S3 key of its log.'),
    started_at: instant,
    ended_at: instant.nullable().describe('Null while it is open.'),
    zones: z.array(z.string()).describe('Names of the camera’s zones that its objects stood in.'),
    continues: z.string().nullable().describe('The event that this one continues.'),
    end_reason: z
      .string()
      .nullable()
      .describe(
        '`ended`, `max_duration`, `end_of_recording`, `signal_lost`, `stopped`, or a box’s own word.',
      ),
    time_source: z.enum(timeSources).describe('How its times are known.'),
    job_id: z.string().nullable().describe('Null for events of boxes that detect on their own.'),
    reviewed_by: z.string().nullable(),
    reviewed_at: instant.nullable(),
    keep: z.boolean().describe('Exempt from retention.'),
    false_positive: z.boolean(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'CameraEvent' });

/**
 * What a box sends, for the API's document: each row is checked where it is stored, so that one wrong row of a batch is
 * told by its index.
 */
export const newCameraEvent = cameraEvent
  .pick({ motion_confidence: true, detected_objects: true, zones: true, keep: true, false_positive: true })
  .partial()
  .extend({
    event_id: givenId.describe('The box’s own. One that is there already changes nothing.'),
    camera_id: givenId.default('default').describe('A camera that does not exist is created.'),
    started_at: z.iso.datetime({ offset: true }).describe('Or `timestamp`.').optional(),
    timestamp: z.iso.datetime({ offset: true }).optional(),
    ended_at: z.iso.datetime({ offset: true }).nullable().optional(),
    llm_description: storableText().nullable().optional(),
    image_path: storableText()
      .nullable()
      .optional()
      .describe(
        'Kept as the box wrote it. Only a picture under the camera’s own prefix in S3 can be had here.',
      ),
    json_log_path: storableText().nullable().optional(),
    continues: givenId.nullable().optional(),
    end_reason: storableText().nullable().optional(),
    time_source: z.enum(timeSources).default('box'),
    reviewed_by: storableText().nullable().optional(),
    reviewed_at: z.iso.datetime({ offset: true }).nullable().optional(),
    job_id: z.null().optional(),
  });

export const batchOutcome = z
  .object({
    inserted: z.int().min(0),
    duplicates: z.int().min(0).describe('Their ids were there; nothing of what was there is changed.'),
    failed: z.array(
      z.object({ index: z.int().min(0).describe('In the batch, from 0.'), reason: z.string() }),
    ),
  })
  .meta({ id: 'EventBatch' });

export const patchEvent = z
  .strictObject({
    reviewed: z.boolean().optional(),
    llm_description: storableText()
      .max(10_000)
      .nullable()
      .optional()
      .describe('Your words; no model overwrites them.'),
    keep: z.boolean().optional(),
    false_positive: z.boolean().optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'name at least one field to change')
  .meta({ id: 'CameraEventChanges' });

// Not a tuple, which is written in a way that OpenAPI 3.1 does not know.
const point = z.array(share).length(2, 'is not a pair of x and y') as unknown as z.ZodType<[number, number]>;

const polygon = z
  .array(point)
  .min(3, 'has fewer than three corners')
  .max(200, 'has more than 200 corners')
  .superRefine((corners, context) => {
    const reason = refusalOfPolygon(corners);
    if (reason) context.addIssue(reason);
  })
  .describe('Corners, each `[x, y]` in fractions of the picture, 0–1, from its top left, in turn.');

const zone = z.strictObject({ name: storableText().min(1).max(200), polygon });
const mask = z.strictObject({
  purpose: z
    .enum(['motion', 'privacy'])
    .describe('`motion`: changes there are no events. `privacy`: painted out before anything is stored.'),
  polygon,
});

export const cameraView = z
  .object({
    camera_id: z.string(),
    name: z.string().nullable(),
    time_zone: z.string().describe('IANA, such as `Europe/Berlin`.'),
    zones: z.array(z.object({ name: z.string(), polygon: z.array(point) })),
    masks: z.array(z.object({ purpose: z.enum(['motion', 'privacy']), polygon: z.array(point) })),
    version: z.int().min(1).describe('One more at each change of zones or masks.'),
    retention_days: z.int().nullable().describe('How long its events are kept; null: as the operator set.'),
    offline_since: instant.nullable().describe('Null while it is read, or where it was never read live.'),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Camera' });

const timeZone = z.string().max(64).refine(isTimeZone, 'is no time zone of IANA, such as Europe/Berlin');

const changes = z.strictObject({
  name: storableText().min(1).max(200).nullable().optional(),
  time_zone: timeZone.optional(),
  zones: z.array(zone).max(100).optional(),
  masks: z.array(mask).max(100).optional(),
  retention_days: z.int().min(1).max(36_500).nullable().optional(),
});

export const newCamera = changes.extend({ camera_id: givenId }).meta({ id: 'NewCamera' });

export const cameraChanges = changes
  .refine((given) => Object.keys(given).length > 0, 'name at least one field to change')
  .meta({ id: 'CameraChanges' });

/** Ids in a path: one that can be nobody's is not there. */
export const eventId = z.object({ event_id: givenId });
export const cameraId = z.object({ camera_id: givenId });

const whether = z.enum(['true', 'false']).transform((word) => word === 'true');
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const word = storableText().min(1).max(200);

export const owner = z.object({
  owner: word.optional().describe('For operators: whose, in place of their own.'),
});

export const filter = owner.extend({
  camera_id: givenId.optional(),
  after: moment.optional().describe('Started after.'),
  before: moment.optional().describe('Started before.'),
  label: word.optional().describe('Something so called was seen in it.'),
  zone: word.optional(),
  min_confidence: z.coerce
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Of the motion; events that do not say are left out.'),
  min_duration: z.coerce
    .number()
    .min(0)
    .max(1e9)
    .optional()
    .describe('Seconds; an open event has lasted until now.'),
  reviewed: whether.optional(),
  ended: whether.optional(),
  q: word.optional().describe('Words that all occur in the description, a label, a zone or the camera’s id.'),
});

export const listQuery = filter.extend({
  ...page.shape,
  order: z.enum(['asc', 'desc']).default('desc').describe('By the start; newest first unless told.'),
});

export const summaryQuery = filter.extend({
  tz: timeZone.optional().describe('In place of each camera’s own.'),
});

export const exportQuery = filter.extend({ format: z.enum(['csv', 'ndjson']).default('ndjson') });

export const streamQuery = owner.extend({
  camera_id: givenId.optional(),
  label: word.optional(),
});

export const summaryRow = z
  .object({
    hour: z.string().describe('With its offset from UTC: the hour that comes twice in autumn is two.'),
    camera_id: z.string(),
    label: z
      .string()
      .nullable()
      .describe('Null: nothing was recognised. An event counts once for each of its labels.'),
    events: z.int().min(1),
  })
  .meta({ id: 'EventSummary' });

export const cameraDeletion = z
  .object({
    camera_id: z.string(),
    events: z.int().min(0).describe('That this request removed, with their objects.'),
    gone: z.boolean().describe('False: there was more than one request removes. Ask again until it is true.'),
  })
  .meta({ id: 'CameraDeletion' });

/** Of a recording, or of a live source that was stopped. */
export const cameraResult = z.object({
  camera_id: z.string(),
  started_at: instant,
  time_source: z.enum(timeSources),
  time_zone: z.string().describe("The camera's, IANA."),
  duration_s: z.number().describe('From the first frame to the last.'),
  frames: z.int(),
  corrupt_frames: z.int(),
  scene_changes: z.int().describe('The light was switched, or the picture was changed as a whole.'),
  events_found: z.int(),
  events_stored_before: z.int().describe('Of these, what an earlier job had stored.'),
  events_left_out: z.int().describe('Beyond those that are listed here; `/api/events` has them all.'),
  camera_version: z.int().describe('Of the zones and masks by which it was watched.'),
  events: z
    .array(cameraEvent)
    .describe('As they are now, 1,000 at most; those that were deleted are left out.'),
});

export type CameraResult = z.infer<typeof cameraResult>;
