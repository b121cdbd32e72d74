import { bomb, eicar, zipOf } from '../../test/kinds/scan/support/files.ts';
import { phone } from '../../test/support/measurement/phone-photo.ts';
import type { ChaosInputs } from '../input.ts';

const again = { ignore_cache: true };
const leaves = ['scanning/result.json'];

export const scan: ChaosInputs = async () => [
  { name: 'a photograph', file: phone, options: again, ends: 'succeeded', leaves },
  {
    name: 'EICAR in two archives',
    file: { name: 'outer.zip', bytes: await zipOf('inner.zip', await zipOf('eicar.com', eicar())) },
    options: again,
    ends: 'succeeded',
    leaves,
  },
  {
    name: 'a bomb of 64 MiB',
    file: { name: 'bomb.gz', bytes: bomb(64 * 1024 ** 2) },
    options: again,
    ends: 'succeeded',
    leaves,
  },
];
