import { z } from 'zod';
import { InvalidRequest } from '../../../../domain/errors.ts';
import { givenId } from '../../../../domain/kinds/camera.ts';
import type { CameraChanges } from '../camera.ts';
import { fraction, name, reasonOf } from './fields.ts';

const polygon = z
  .array(z.tuple([fraction, fraction]))
  .min(3, 'has fewer than three corners')
  .max(200, 'has more than 200 corners');

/** IANA, as this machine's calendar knows it. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    // Offsets, which it also takes, know no summer time.
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

const changes = z.strictObject({
  name: name(200).nullable().optional(),
  time_zone: z.string().refine(isTimeZone, 'is not a time zone such as Europe/Berlin').optional(),
  zones: z
    .array(z.strictObject({ name: name(200), polygon }))
    .max(100, 'has more than 100 zones')
    .refine((zones) => new Set(zones.map((zone) => zone.name)).size === zones.length, 'has two of one name')
    .optional(),
  masks: z
    .array(
      z.strictObject({ purpose: z.enum(['motion', 'privacy'], 'is neither motion nor privacy'), polygon }),
    )
    .max(100, 'has more than 100 masks')
    .optional(),
  retention_days: z
    .int('is not a whole number of days')
    .min(1, 'is not from 1 to 36,500 days')
    .max(36_500, 'is not from 1 to 36,500 days')
    .nullable()
    .optional(),
});

/** @throws InvalidRequest, naming the field, for what a camera cannot be */
export function checkCamera(value: CameraChanges): CameraChanges {
  const parsed = changes.safeParse(value, { reportInput: true });
  if (parsed.success)
    return Object.fromEntries(Object.entries(parsed.data).filter(([, field]) => field !== undefined));
  const { field, reason } = reasonOf(parsed.error);
  throw new InvalidRequest(`The camera cannot be kept: ${reason}.`, field || undefined);
}

/** @throws InvalidRequest for an id that a camera cannot have */
export function checkCameraId(id: string): string {
  const parsed = givenId.safeParse(id);
  if (parsed.success) return id;
  throw new InvalidRequest(`\`camera_id\` ${parsed.error.issues[0]?.message}.`, 'camera_id');
}
