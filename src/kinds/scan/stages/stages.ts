import type { Stage } from '../analysis/stage.ts';
import { names } from './names/stage.ts';
import { officeStage } from './office/stage.ts';
import { pdfStage } from './pdf/stage.ts';
import { scriptsStage } from './scripts/stage.ts';
import { trailing } from './trailing/stage.ts';
import { typeStage } from './type/stage.ts';

/** Every look at a file itself, in the order of results. */
export const stages: readonly Stage[] = [typeStage, names, trailing, officeStage, pdfStage, scriptsStage];
