/** What the pool and its children say to each other over the IPC channel. */
export interface ToChild {
  id: number;
  task: { task: string };
}

export type FromChild =
  /** Still at work; with `progress` when there is something to tell. */
  | { id: number; alive: true; progress?: unknown }
  | { id: number; result: unknown }
  | { id: number; error: WireError };

export interface WireError {
  /** A domain error's `type`, or the name of any other. */
  type: string;
  message: string;
  stack?: string | undefined;
  /** The system's word, e.g. `ENOSPC`. */
  code?: string | undefined;
  /** What a library said, for the log. */
  said?: string | undefined;
}
