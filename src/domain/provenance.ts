/** How a result came to be: the same provenance gives byte-identical result JSON. */
export interface Provenance {
  software: { name: 'doubletake'; version: string };
  models: { name: string; sha256: string }[];
  /** Every parameter that can change the numbers. */
  parameters: Record<string, unknown>;
  source_sha256: string;
}
