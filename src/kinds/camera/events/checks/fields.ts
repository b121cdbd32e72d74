import { z } from 'zod';
import { storableText } from '../../../../domain/storable-text.ts';

/** The parts that checks of events and of cameras have in common. */

export const text = (most: number) =>
  storableText().max(most, `has more than ${most.toLocaleString('en')} characters`);

export const name = (most: number) => text(most).min(1, 'is empty');

/** Of an object in S3, whose keys are this long at most. */
export const objectKey = name(1024).refine(
  (key) => new TextEncoder().encode(key).length <= 1024,
  'has more than 1,024 bytes in UTF-8',
);

export const fraction = z
  .number('is not a number')
  .min(0, 'is not from 0 to 1')
  .max(1, 'is not from 0 to 1')
  // A zero with a sign is the same number, and not every engine keeps its sign.
  .transform((value) => value + 0);

/** ISO 8601 with its offset; as all times are stored, in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'is not a time with its offset from UTC, such as 2026-10-25T02:30:00Z' })
  .transform((given, context) => {
    const at = new Date(given);
    const year = at.getUTCFullYear();
    // Years that PostgreSQL and ISO 8601 both write with four digits.
    if (year >= 1 && year <= 9999) return at.toISOString();
    context.addIssue('is not in a year from 1 to 9999');
    return z.NEVER;
  });

/** The first thing that is wrong, with the field by the name that its sender gave it. */
export function reasonOf({ issues }: z.ZodError): { field: string; reason: string } {
  const [issue] = issues as [z.core.$ZodIssue];
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const field = [...path, issue.keys[0]].join('.');
    return {
      field: shown(field),
      reason: `\`${shown(field)}\` is not a field that is known here; leave it out`,
    };
  }
  const field = path.join('.');
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return { field, reason: field ? `\`${field}\` ${missing ? 'is missing' : issue.message}` : issue.message };
}

/** A name that a sender made up: what a log or an answer can hold of it. */
const shown = (field: string) => field.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 100);
