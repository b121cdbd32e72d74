/** One thing that the chaos run sends, again and again. */
export interface ChaosInput {
  /** Unique within the kind, for tables and messages. */
  name: string;
  file: { name: string; bytes: Uint8Array };
  options?: Record<string, unknown>;
  /** How a job of it ends on a service that nobody disturbs. */
  ends: 'succeeded' | 'failed';
  /**
   * What a job of it must leave beside what its kind's passes keep, as `<pass>/<name>` of the first attempt: for a kind whose
   * promises depend on what it finds.
   */
  leaves?: readonly string[];
  /** For an input about which a person is asked: what they answer, for `POST /api/jobs/{id}/assist`. */
  answer?: Record<string, unknown>;
}

/** What one kind contributes; called once a run. */
export type ChaosInputs = () => Promise<readonly ChaosInput[]>;
