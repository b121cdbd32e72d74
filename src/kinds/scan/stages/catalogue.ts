import type { FindingCatalogue } from '../analysis/findings.ts';

/** Every finding there can be; `docs/findings.md` lists them. */
export const catalogue: FindingCatalogue = {};
