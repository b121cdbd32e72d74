import type { Stage } from '../analysis/stage.ts';
import { factsStage } from './facts/stage.ts';
import { hashesStage } from './hashes/stage.ts';
import { names } from './names/stage.ts';
import { officeStage } from './office/stage.ts';
import { pdfStage } from './pdf/stage.ts';
import { programsStage } from './programs/stage.ts';
import { scriptsStage } from './scripts/stage.ts';
import { trailing } from './trailing/stage.ts';
import { typeStage } from './type/stage.ts';

/** Every look at a file itself, in the order of results, but for YARA, whose rules may change. */
export const fixedStages: readonly Stage[] = [
  hashesStage,
  typeStage,
  names,
  trailing,
  officeStage,
  pdfStage,
  scriptsStage,
  programsStage,
  factsStage,
];
