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
  if (!(error instanceof Error)) return { type: 'Error', message: String(error) };
  const { message, stack, cause } = error;
  const type = error instanceof DoubletakeError ? error.type : error.name;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type,
    message,
    stack,
    ...(typeof code === 'string' && { code }),
    ...(cause instanceof Error && { said: cause.message }),
  };
}

/** @param what was being done, for an error that nobody foresaw */
export function fromWire({ type, message, stack, code, said }: WireError, what: string): Error {
  if (Object.hasOwn(classes, type)) {
    const error = new classes[type as keyof typeof classes](message);
    if (said !== undefined) error.cause = new Error(said);
    return error;
  }
  const error = new Error(`${what} failed: ${message}`);
  if (stack) error.cause = stack;
  return code === undefined ? error : Object.assign(error, { code });
}
