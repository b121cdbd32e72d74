import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaosInputs } from '../input.ts';

const fixtures = join(import.meta.dirname, '../../test/kinds/mri/fixtures');

/** What no head is: a whole head takes minutes of both cores, which kills would only repeat. */
export const mri: ChaosInputs = async () => [
  {
    name: 'a volume cut off',
    file: { name: 'trunc.nii', bytes: readFileSync(join(fixtures, 'tricky/trunc.nii')) },
    ends: 'failed',
  },
  {
    name: 'a volume that is no head',
    file: { name: 'float64.nii', bytes: readFileSync(join(fixtures, 'tricky/float64.nii')) },
    ends: 'failed',
  },
];
