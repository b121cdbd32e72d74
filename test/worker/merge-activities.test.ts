import { expect, test } from '@jest/globals';
import { mergeActivities } from '../../src/worker/merge-activities.ts';

const look = async () => 'looked';
const measure = async () => 'measured';

test('the activities of several kinds are called by their names', () => {
  expect(mergeActivities([{ look }, undefined, { measure }])).toEqual({ look, measure });
});

test('two activities of one name are refused: one would be called in place of the other', () => {
  expect(() => mergeActivities([{ look }, { look: measure }])).toThrow(
    'Two activities of one queue are named "look".',
  );
});
