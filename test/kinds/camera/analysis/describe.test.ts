import { expect, test } from '@jest/globals';
import { describe } from '../../../../src/kinds/camera/analysis/describe.ts';

const box = { x: 0, y: 0, width: 0.1, height: 0.1 };
const thing = (label: string, confidence: number) => ({ label, confidence, box });
const plain = { detected_objects: [], zones: [], motion_confidence: 0.9, duration_s: 14, continues: false };

test.each([
  [{ detected_objects: [thing('person', 0.8)] }, 'A person was in view for 14 s.'],
  [{ detected_objects: [thing('person', 0.4)] }, 'Perhaps a person was in view for 14 s.'],
  [
    { detected_objects: [thing('person', 0.8), thing('umbrella', 0.6)], zones: ['door', 'yard'] },
    'A person and an umbrella were in view for 14 s (door and yard).',
  ],
  [
    { detected_objects: [thing('car', 0.8), thing('car', 0.7)] },
    'Several things like a car were in view for 14 s.',
  ],
  [{ duration_s: 125 }, 'Something moved for 2 min 5 s; what it was could not be told.'],
  [
    { duration_s: null, detected_objects: [thing('dog', 0.9)], continues: true },
    'A dog is in view. It continues the event before.',
  ],
  [
    { motion_confidence: 0.1 },
    'Something moved for 14 s; what it was could not be told. The motion was weak: it may have been the light.',
  ],
])('an event in plain words, and no surer than it was seen', (event, words) => {
  expect(describe({ ...plain, ...event })).toBe(words);
});
