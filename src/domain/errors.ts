import type { JobPlace } from './job.ts';

/**
 * Errors a user or an operator may meet. Each is a class with data and a message that says what happened,
 * to which file, and what to do. They become HTTP in `api/plugins/problems.ts` and `ApplicationFailure` in
 * `activities/failures.ts`, nowhere else.
 */
export abstract class DoubletakeError extends Error {
  /** Stable word by which clients and workflows tell errors apart. */
  abstract readonly type: string;
  /** Whether trying again, with nothing changed, can end differently. */
  readonly retryable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The bytes are not what the kind takes (415 at the door). */
export class UnsupportedMedia extends DoubletakeError {
  readonly type = 'UnsupportedMedia';
}

/** The right type of file, but it cannot be analysed: truncated, no video track, too long, not one frame. */
export class UnreadableMedia extends DoubletakeError {
  readonly type = 'UnreadableMedia';
}

/** The child process that opened the file was lost in each of several tries, though the machine had time for it: it is the file's doing. */
export class DecoderCrashed extends DoubletakeError {
  readonly type = 'DecoderCrashed';
}

/**
 * The machine of a worker was so busy that a child process could not get on with its file, which is not to blame for it.
 * Tried again after a while, perhaps by another worker.
 */
export class WorkerTooBusy extends DoubletakeError {
  readonly type = 'WorkerTooBusy';
  override readonly retryable = true;
  /** @param what the child was working on */
  constructor(what: string, options?: ErrorOptions) {
    super(
      `The worker's machine was too busy: the process for ${what} was given next to no computing time. The file is not to blame. Retry the job when the machine has less to do.`,
      options,
    );
  }
}

/** A worker's model file is not there, or not the one that results would name. No other try can mend that. */
export class ModelUnusable extends DoubletakeError {
  readonly type = 'ModelUnusable';
}

/** A secret that a job's option names is not available; `secret_name` says which. An operator has to provide it. */
export class SecretMissing extends DoubletakeError {
  readonly type = 'SecretMissing';
  readonly secret_name: string;
  constructor(name: string, remedy: string, options?: ErrorOptions) {
    super(`The secret "${name}" is not available. ${remedy}`, options);
    this.secret_name = name;
  }
}

/** A wrong option or field; `field` is its name as the user wrote it. */
export class InvalidRequest extends DoubletakeError {
  readonly type = 'InvalidRequest';
  readonly field: string | undefined;
  constructor(message: string, field?: string, options?: ErrorOptions) {
    super(message, options);
    this.field = field;
  }
}

export class TooLarge extends DoubletakeError {
  readonly type = 'TooLarge';
}

/** Not there, or not the asker's to see: the two are one answer on purpose. */
export class NotFound extends DoubletakeError {
  readonly type = 'NotFound';
}

/** The state of things forbids it now: deleting a running job, an idempotency key used for something else. */
export class Conflict extends DoubletakeError {
  readonly type = 'Conflict';
}

/** The job is no longer where the writer thought: finished, cancelled, or taken over by a later attempt. */
export class StaleAttempt extends DoubletakeError {
  readonly type = 'StaleAttempt';
  /** Where the job was found instead. */
  readonly found: JobPlace | undefined;
  constructor(message: string, found?: JobPlace) {
    super(message);
    this.found = found && { attempt: found.attempt, status: found.status, stage: found.stage };
  }
}

/** S3 is out of reach or failing; worth waiting for. */
export class StorageUnavailable extends DoubletakeError {
  readonly type = 'StorageUnavailable';
  override readonly retryable = true;
}

/** S3 answers, and fails at what is asked of it: its disk may be full or read-only. To a job it is as out of reach. */
export class StorageFailing extends StorageUnavailable {}

/** S3 answered and said no to this object (403, 4xx). Tried a few times, then the guardrail reports it. */
export class StorageRefused extends DoubletakeError {
  readonly type = 'StorageRefused';
  override readonly retryable = true;
  readonly key: string;
  constructor(key: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.key = key;
  }
}

/** An object that should be there is not. */
export class ObjectMissing extends DoubletakeError {
  readonly type = 'ObjectMissing';
  readonly key: string;
  constructor(key: string) {
    super(`The stored object ${key} is missing. If it was removed by hand, upload the file again.`);
    this.key = key;
  }
}

/** An object is there, but it is not what was written: somebody wrote over it. */
export class ObjectChanged extends DoubletakeError {
  readonly type = 'ObjectChanged';
  readonly key: string;
  constructor(key: string) {
    super(`The stored object ${key} is not what was written there; somebody wrote over it. Retry the job.`);
    this.key = key;
  }
}

/** PostgreSQL is out of reach, or a write failed and was rolled back whole; `cause` says how. */
export class DatabaseWriteError extends DoubletakeError {
  readonly type = 'DatabaseWriteError';
  override readonly retryable = true;
}

/** Temporal is out of reach, or no worker takes up what it was told; worth trying again. */
export class TemporalUnavailable extends DoubletakeError {
  readonly type = 'TemporalUnavailable';
  override readonly retryable = true;
}

export type Presence = 'present' | 'MISSING';

/** The analysis ran, but what it promised is not all there. Never retried: an operator must look. */
export class CriticalArtifactsMissing extends DoubletakeError {
  readonly type = 'CriticalArtifactsMissing';
  readonly presence: Readonly<Record<string, Presence>>;
  constructor(presence: Readonly<Record<string, Presence>>) {
    const words = Object.entries(presence).map(([name, state]) => `${name}=${state}`);
    super(`Critical artifacts missing: ${words.join(' ')}`);
    this.presence = presence;
  }
}

/** The types of failure that are the file's doing: the same file would end the same. A decoder that crashed did so in every try. */
const ofTheFile = ['UnsupportedMedia', 'UnreadableMedia', 'TooLarge', 'DecoderCrashed'];

/** @param type a failed job's `error_type` */
export function isTheFiles(type: string | null | undefined): boolean {
  return ofTheFile.includes(type ?? '');
}
