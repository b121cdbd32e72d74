import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { type AnyKind, allowedFrom, phaseOf, promisesOf, retryableFrom } from '../../src/domain/kind.ts';
import { kindRegistry } from '../../src/domain/kind-registry.ts';
import { kinds } from '../../src/domain/kinds/index.ts';

/** Those of other kinds are held by tests of their own: `test/domain/kinds/<kind>.test.ts`. */
test('every pair of status and phase of the first two kinds', () => {
  const pairs = [kinds.named('technique'), kinds.named('measurement')].map((definition) => [
    definition.kind,
    Object.keys(definition.statuses).map((status) => `${status}: ${phaseOf(definition, status)}`),
  ]);
  expect(pairs).toEqual([
    [
      'technique',
      ['queued: queued', 'processing: running', 'done: succeeded', 'failed: failed', 'canceled: canceled'],
    ],
    [
      'measurement',
      [
        'queued: queued',
        'processing: running',
        'needs_assist: waiting',
        'completed: succeeded',
        'failed: failed',
        'canceled: canceled',
      ],
    ],
  ]);
});

test('what every pass keeps is promised, put together by its name', () => {
  const technique = kinds.named('technique');
  const promised = promisesOf(technique, technique.options.parse({ mode: 'deep' }));
  expect(promised).toEqual([
    {
      name: 'findings',
      fields: ['quick_findings', 'deep_findings'],
      objects: ['quick/findings.json', 'deep/findings.json'],
    },
    {
      name: 'report',
      fields: ['quick_report', 'deep_report'],
      objects: ['quick/report.json', 'deep/report.json'],
    },
  ]);
});

/** A kind whose work goes through three statuses. */
const sound: AnyKind = {
  kind: 'proof',
  source: 'file',
  mediaTypes: ['*/*'],
  options: z.strictObject({}),
  statuses: {
    uploaded: { phase: 'queued', to: ['reading', 'writing', 'failed', 'canceled'] },
    reading: { phase: 'running', to: ['writing', 'failed', 'canceled'] },
    writing: { phase: 'running', to: ['completed', 'failed', 'canceled'] },
    completed: { phase: 'succeeded', to: [] },
    failed: { phase: 'failed', to: [] },
    canceled: { phase: 'canceled', to: [] },
  },
  passes: () => [],
  resumesFrom: () => false,
  retentionDays: 1,
};

test('a definition with several running statuses is sound', () => {
  expect(kindRegistry([sound]).statuses).toEqual(Object.keys(sound.statuses));
  expect(allowedFrom(sound, 'writing')).toEqual(['uploaded', 'reading']);
  expect(retryableFrom(sound)).toEqual(['failed', 'canceled']);
});

test.each<[string, Partial<AnyKind>, string]>([
  ['a word with a dash', { kind: 'a-b' }, 'its word is not 1 to 32 lower-case letters and digits'],
  [
    'no status to begin in',
    {
      statuses: { ...sound.statuses, uploaded: { phase: 'running', to: ['reading', 'failed', 'canceled'] } },
    },
    '0 statuses have the phase queued; it takes one',
  ],
  [
    'a transition to nowhere',
    {
      statuses: { ...sound.statuses, reading: { phase: 'running', to: ['elsewhere', 'failed', 'canceled'] } },
    },
    '"reading" leads to "elsewhere", which is not one of its statuses',
  ],
  [
    'an end that goes on',
    { statuses: { ...sound.statuses, completed: { phase: 'succeeded', to: ['failed'] } } },
    '"completed" is an end and leads on',
  ],
  [
    'a status in which a job stays for ever',
    { statuses: { ...sound.statuses, reading: { phase: 'running', to: [] } } },
    '"reading" leads nowhere and is no end',
  ],
  [
    'a working status that a retry cannot begin in',
    { statuses: { ...sound.statuses, uploaded: { phase: 'queued', to: ['reading', 'failed', 'canceled'] } } },
    '"uploaded" does not lead to "writing"',
  ],
  [
    'a status that cannot fail',
    { statuses: { ...sound.statuses, reading: { phase: 'running', to: ['writing', 'canceled'] } } },
    '"reading" does not lead to "failed"',
  ],
  [
    'a setting of somebody else',
    { settings: z.object({ DOUBLETAKE_OTHER_DEPTH: z.string() }) },
    'the setting DOUBLETAKE_OTHER_DEPTH does not begin with DOUBLETAKE_PROOF_',
  ],
  ['the prefix of all jobs', { lastingPrefixes: ['jobs/'] }, 'the prefix "jobs/" is not one lower-case word'],
  [
    'a prefix without end',
    { lastingPrefixes: ['cameras'] },
    'the prefix "cameras" is not one lower-case word',
  ],
])('%s is refused when the process starts', (_what, change, words) => {
  expect(() => kindRegistry([{ ...sound, ...change }])).toThrow(words);
});

test('two kinds of one name are refused', () => {
  expect(() => kindRegistry([sound, sound])).toThrow('Two kinds are named "proof".');
});

test('a prefix with two owners is refused: the sweep of each would delete what the other claims', () => {
  const owner = { ...sound, lastingPrefixes: ['proofs/'] };
  expect(() => kindRegistry([owner, { ...owner, kind: 'other' }])).toThrow(
    'The kinds "proof" and "other" both own the prefix proofs/.',
  );
});
