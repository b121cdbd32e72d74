import type { ChaosInputs } from '../input.ts';

export const scan: ChaosInputs = async () => [
  {
    name: 'two lines',
    file: { name: 'two-lines.txt', bytes: Buffer.from('one\ntwo\n') },
    ends: 'succeeded',
  },
];
