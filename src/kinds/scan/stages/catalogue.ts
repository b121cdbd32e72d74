import type { FindingCatalogue } from '../analysis/findings.ts';
import { nameFindingKinds } from './names/findings.ts';
import { typeFindings } from './type/findings.ts';

/** Every finding there can be; `docs/findings.md` lists them. */
export const catalogue: FindingCatalogue = { ...nameFindingKinds, ...typeFindings };
