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

/** What was read out of files, every text in it such that PostgreSQL takes it, in `text` and in `jsonb`. */
export function asStorable<T>(value: T): T {
  return stored(value) as T;
}

function stored(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd').toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(stored);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [stored(key), stored(field)]));
}
