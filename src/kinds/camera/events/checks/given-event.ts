import { z } from 'zod';
import { InvalidRequest } from '../../../../domain/errors.ts';
import { givenId } from '../../../../domain/kinds/camera.ts';
import type { ClipSource, EventChanges, NewEvent } from '../event.ts';
import { timeSources } from '../event.ts';
import type { StoredEvent } from '../event-store.ts';
import { fraction, instant, name, objectKey, reasonOf, text } from './fields.ts';

/** What is not said is what nobody knows: null and left out are the same. */
const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

const objects = z
  .array(
    z.strictObject({
      label: name(200),
      confidence: fraction,
      box: z.strictObject({ x: fraction, y: fraction, width: fraction, height: fraction }),
    }),
  )
  .max(1000, 'has more than 1,000 objects');
const zones = z.array(name(200)).max(100, 'has more than 100 zones');
const description = orNull(text(10_000));
const key = orNull(objectKey);
const endReason = orNull(name(200));
const clip = orNull(
  z
    .strictObject({ key: objectKey, from_s: z.number().nonnegative(), to_s: z.number().nonnegative() })
    .refine(({ from_s, to_s }) => from_s <= to_s, 'ends before it begins'),
);
const flag = z
  .boolean('is neither true nor false')
  .nullish()
  .transform((value) => value ?? false);
const describedBy = orNull(z.enum(['machine', 'model']));

/** The fields of an event's JSON. */
const given = {
  event_id: givenId,
  camera_id: givenId,
  timestamp: instant.nullish(),
  started_at: instant.nullish(),
  motion_confidence: orNull(fraction),
  detected_objects: objects.nullish().transform((value) => value ?? []),
  llm_description: description,
  image_path: key,
  json_log_path: key,
  ended_at: orNull(instant),
  zones: zones.nullish().transform((value) => value ?? []),
  continues: orNull(givenId),
  end_reason: endReason,
  time_source: z.enum(timeSources).nullish(),
  reviewed_by: orNull(name(1000)),
  reviewed_at: orNull(instant),
  keep: flag,
  false_positive: flag,
  created_at: orNull(instant),
  updated_at: orNull(instant),
};

const ofBox = z.strictObject({ ...given, job_id: z.null('is null for an event of a box').optional() });
const ofJob = z.strictObject({
  ...given,
  job_id: orNull(name(100)),
  clip,
  described_by: describedBy,
  last_seen_at: orNull(instant),
});

/** An event as it is to be stored; what it does not say is filled in as a new one has it. */
function complete(
  fields: z.infer<typeof ofJob>,
  owner: string,
  now: Date,
): { event: StoredEvent } | { field: string; reason: string } {
  const { timestamp, started_at, ended_at, ...others } = fields;
  const start = started_at ?? timestamp;
  if (!start) return { field: 'timestamp', reason: '`timestamp` is missing' };
  if (timestamp && timestamp !== start)
    return { field: 'timestamp', reason: '`timestamp` and `started_at` differ; both are its start' };
  if (ended_at && ended_at < start)
    return { field: 'ended_at', reason: '`ended_at` is before the start of the event' };
  // A box whose clock is ahead: what comes later is to be later.
  const until = (at: string | null) => (at !== null && at < now.toISOString() ? at : now.toISOString());
  const created_at = until(others.created_at);
  const event: StoredEvent = {
    ...others,
    owner,
    timestamp: start,
    started_at: start,
    ended_at,
    time_source: others.time_source ?? 'box',
    described_by: others.llm_description === null ? null : (others.described_by ?? null),
    created_at,
    updated_at: others.updated_at === null ? created_at : until(others.updated_at),
  };
  return { event };
}

/** What a box sent, as an event of the owner's, or why it cannot be kept. */
export function checkOfBox(
  value: unknown,
  owner: string,
  now: Date,
): { event: StoredEvent } | { field: string; reason: string } {
  const parsed = ofBox.safeParse(value, { reportInput: true });
  if (!parsed.success) return reasonOf(parsed.error);
  return complete(
    { ...parsed.data, job_id: null, clip: null, described_by: null, last_seen_at: null },
    owner,
    now,
  );
}

/** @throws InvalidRequest, naming the field, for an event that cannot be kept */
export function checkNew(value: NewEvent, owner: string, now: Date): StoredEvent {
  const parsed = ofJob.safeParse(value, { reportInput: true });
  const result = parsed.success ? complete(parsed.data, owner, now) : reasonOf(parsed.error);
  if ('event' in result) {
    const { event } = result;
    return event.llm_description !== null && event.described_by === null && event.job_id !== null
      ? { ...event, described_by: 'machine' }
      : event;
  }
  throw refused(result);
}

const changesOfOpen = z.strictObject({
  motion_confidence: fraction.nullable(),
  detected_objects: objects,
  llm_description: text(10_000).nullable(),
  described_by: z.enum(['machine', 'model']),
  image_path: objectKey.nullable(),
  json_log_path: objectKey.nullable(),
  zones,
  ended_at: instant.nullable(),
  last_seen_at: instant.nullable(),
  end_reason: name(200).nullable(),
  clip: clip as z.ZodType<ClipSource | null>,
});
const changes = changesOfOpen.partial();

/** @throws InvalidRequest for what an event cannot be changed to */
export function checkChanges(value: EventChanges): EventChanges {
  const parsed = changes.safeParse(value, { reportInput: true });
  if (!parsed.success) throw refused(reasonOf(parsed.error));
  return withoutUndefined(parsed.data) as EventChanges;
}

const patch = z.strictObject({
  reviewed: z.boolean('is neither true nor false').optional(),
  llm_description: text(10_000).nullable().optional(),
  keep: z.boolean('is neither true nor false').optional(),
  false_positive: z.boolean('is neither true nor false').optional(),
});

/** @throws InvalidRequest for what a person cannot change */
export function checkPatch(value: z.infer<typeof patch>): z.infer<typeof patch> {
  const parsed = patch.safeParse(value, { reportInput: true });
  if (!parsed.success) throw refused(reasonOf(parsed.error));
  return withoutUndefined(parsed.data);
}

/** @throws InvalidRequest for an owner, or a person, that no row can name */
export function checkUser(id: string): string {
  // No longer than an index can hold beside the ids of an event.
  const parsed = name(500).safeParse(id);
  if (!parsed.success) throw new InvalidRequest(`The user's id ${parsed.error.issues[0]?.message}.`);
  return id;
}

const refused = ({ field, reason }: { field: string; reason: string }) =>
  new InvalidRequest(`The event cannot be kept: ${reason}.`, field || undefined);

function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
