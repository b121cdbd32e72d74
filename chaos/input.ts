/** One thing that the chaos run sends, again and again. */
export interface ChaosInput {
  /** Unique within the kind, for tables and messages. */
  name: string;
  file: { name: string; bytes: Uint8Array };
  options?: Record<string, unknown>;
  /** How a job of it ends on a service that nobody disturbs. */
  ends: 'succeeded' | 'failed';
  /** For an input about which a person is asked: what they answer, for `POST /api/jobs/{id}/assist`. */
  answer?: Record<string, unknown>;
}

/** What one kind contributes; called once a run. */
export type ChaosInputs = () => Promise<readonly ChaosInput[]>;
