import {
  DoubletakeError,
  InvalidRequest,
  ModelUnusable,
  TooLarge,
  UnreadableMedia,
  UnsupportedMedia,
} from '../../domain/errors.ts';
import type { WireError } from './messages.ts';

/** Those a task can throw; an error keeps its class across the process boundary. */
const classes = { InvalidRequest, ModelUnusable, TooLarge, UnreadableMedia, UnsupportedMedia } as const;

export function toWire(error: unknown): WireError {
  if (error instanceof DoubletakeError)
    return { type: error.type, message: error.message, stack: error.stack };
  if (error instanceof Error) return { type: error.name, message: error.message, stack: error.stack };
  return { type: 'Error', message: String(error) };
}

/** @param what was being done, for an error that nobody foresaw */
export function fromWire({ type, message, stack }: WireError, what: string): Error {
  if (Object.hasOwn(classes, type)) return new classes[type as keyof typeof classes](message);
  const error = new Error(`${what} failed: ${message}`);
  if (stack) error.cause = stack;
  return error;
}
