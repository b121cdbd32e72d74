import type { Stage } from '../../analysis/stage.ts';
import { ownNameFindings } from './own-name.ts';
import { partsOf } from './paths.ts';

/** The name of the file itself; the names in a container are looked at by whoever opens it. */
export const names: Stage = {
  name: 'names',
  version: '1',
  looksAt: () => true,
  look({ name }) {
    const own = partsOf(name).at(-1) ?? '';
    return { findings: ownNameFindings(own).map((id) => ({ id, evidence: name })) };
  },
};
