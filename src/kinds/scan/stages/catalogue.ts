import type { FindingCatalogue } from '../analysis/findings.ts';
import { listFindings } from '../analysis/list-findings.ts';
import { documentUnpackFindings } from '../unpack/document-findings.ts';
import { payloadFindings } from '../unpack/payload/findings.ts';
import { zipFindings } from '../unpack/zip/findings.ts';
import { nameFindingKinds } from './names/findings.ts';
import { officeFindings } from './office/findings.ts';
import { pdfFindings } from './pdf/findings.ts';
import { scriptFindings } from './scripts/findings.ts';
import { trailingFindings } from './trailing/findings.ts';
import { typeFindings } from './type/findings.ts';
import { yaraFindings } from './yara/findings.ts';

/** Every finding there can be; `docs/findings.md` lists them. */
export const catalogue: FindingCatalogue = {
  ...documentUnpackFindings,
  ...listFindings,
  ...nameFindingKinds,
  ...officeFindings,
  ...payloadFindings,
  ...pdfFindings,
  ...scriptFindings,
  ...trailingFindings,
  ...typeFindings,
  ...yaraFindings,
  ...zipFindings,
};
