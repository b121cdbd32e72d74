import { expect, test } from '@jest/globals';
import { fingerprintOf } from '../../../src/activities/technique/made-with.ts';
import { provenanceOf } from '../../../src/activities/technique/technique-needs.ts';
import { lookRevision } from '../../../src/kinds/technique/analysis/look.ts';
import { shippedModels } from '../../support/media/shipped.ts';

const made = (softwareVersion: string) =>
  provenanceOf({ models: shippedModels, softwareVersion }, 'a'.repeat(64), { segment: 1 });

test('results tell the revision of the look, and checkpoints of another one are not taken for theirs', () => {
  const provenance = made('1.2.3');
  expect(provenance.software).toEqual({ name: 'doubletake', version: `1.2.3+look.${lookRevision}` });
  const version = `1.2.3+look.${lookRevision - 1}`;
  const before = { ...provenance, software: { ...provenance.software, version } };
  expect(fingerprintOf(provenance)).toBe(fingerprintOf(made('1.2.3')));
  expect(fingerprintOf(before)).not.toBe(fingerprintOf(provenance));
});
