import type { JobView } from '../job-view.ts';

/** What is going on, from the first byte sent to the end of the job. */
export interface Progress {
  sent(bytes: number): void;
  job(job: JobView): void;
  note(line: string): void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}
