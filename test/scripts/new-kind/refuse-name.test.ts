import { expect, test } from '@jest/globals';
import { refuseName } from '../../../scripts/new-kind/refuse-name.ts';
import { kinds } from '../../../src/domain/kinds/index.ts';

const root = new URL('../../../', import.meta.url).pathname;

test.each<[string, string, string]>([
  ...['', 'x', 'Tally', 'tally-x', 'tally_x', '2tally', 'tälly', '../tally', 'a'.repeat(33)].map(
    (name): [string, string, string] => ['no good name', name, '2 to 32 lower-case letters and digits'],
  ),
  ...kinds.names.map((name): [string, string, string] => ['a kind', name, 'there is a kind of this name']),
  ...['class', 'await', 'enum', 'then'].map((name): [string, string, string] => [
    'a word of JavaScript',
    name,
    'a word of JavaScript',
  ]),
  ...['webhook', 'deletion', 'reconcile', 'retention', 'sweep'].map((name): [string, string, string] => [
    'another workflow',
    name,
    'what all kinds share',
  ]),
  ...['index', 'jobs', 'sessions', 'originals', 'assist', 'proof'].map((name): [string, string, string] => [
    'a word of all kinds',
    name,
    'what all kinds share',
  ]),
  ['the beginning of a setting', 'cache', 'DOUBLETAKE_CACHE_'],
  ['a word of the skeleton', 'count', 'the code of a new kind uses this word'],
])('%s, "%s", is refused', (_what, name, words) => {
  expect(() => refuseName(root, name)).toThrow(words);
});

test.each(['tally', 'gait', 'thermal', 'xray2', 'a'.repeat(32)])('"%s" is a good name', (name) => {
  if (!kinds.names.includes(name)) refuseName(root, name);
});
