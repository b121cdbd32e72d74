/** The right to read a camera, which one reader has at a time. */
export interface LiveLease {
  /** @returns false when it is another's by now: nothing that was read since may be told */
  renew(): Promise<boolean>;
  /** Gives it back, so that the next need not wait for it to expire. */
  release(): Promise<void>;
  /** For so long after each renewal it is certainly nobody else's, ms. */
  lasts_ms: number;
}

export interface LiveLeases {
  /** @returns why the camera cannot be read now, for the job's owner, where it cannot */
  take(which: { owner: string; camera_id: string; job_id: string }): Promise<LiveLease | { wait: LiveWait }>;
}

export interface LiveWait {
  for: 'camera' | 'limit';
  /** A sentence. */
  why: string;
}
