import { markerCorners, phone, withoutMarker } from '../../test/support/measurement/phone-photo.ts';
import type { ChaosInputs } from '../input.ts';

export const measurement: ChaosInputs = async () => [
  { name: 'a phone beside a marker', file: phone, ends: 'succeeded' },
  {
    name: 'the marker painted over',
    file: await withoutMarker(markerCorners),
    ends: 'succeeded',
    answer: { reference_corners: markerCorners },
  },
  {
    name: 'a photograph cut off',
    file: { name: 'cut-off.jpg', bytes: phone.bytes.subarray(0, Math.floor(phone.bytes.length / 3)) },
    ends: 'failed',
  },
];
