import { markerCorners, phone, withoutMarker } from '../../test/support/measurement/phone-photo.ts';
import type { ChaosInputs } from '../input.ts';

/** What the machine's version leaves, and, without a scale, what a person is asked with and what their answer makes of it. */
const measured = ['measuring/outcome.json', 'measuring/annotated.jpg', 'measuring/rectified.jpg'];
const asked = ['measuring/outcome.json', 'measuring/annotated.jpg', 'measuring/preview.jpg'];
const answered = ['measuring/outcome-2.json', 'measuring/annotated-2.jpg', 'measuring/rectified-2.jpg'];

export const measurement: ChaosInputs = async () => [
  { name: 'a phone beside a marker', file: phone, ends: 'succeeded', leaves: measured },
  {
    name: 'the marker painted over',
    file: await withoutMarker(markerCorners),
    ends: 'succeeded',
    leaves: [...asked, ...answered],
    answer: { reference_corners: markerCorners },
  },
  {
    name: 'a photograph cut off',
    file: { name: 'cut-off.jpg', bytes: phone.bytes.subarray(0, Math.floor(phone.bytes.length / 3)) },
    ends: 'failed',
  },
];
