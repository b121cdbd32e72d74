import { z } from 'zod';

/**
 * Free text that people send and the database is to keep: PostgreSQL takes a NUL in no text, and half of a surrogate
 * pair in no `jsonb`. Found at the door it is a 422; found at the write it would fail a job that has been accepted.
 */
export function storableText() {
  return z
    .string()
    .refine(
      (text) => !text.includes('\0') && text.isWellFormed(),
      'has what cannot be kept: a NUL character, or half of a surrogate pair',
    );
}
