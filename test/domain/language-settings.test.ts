import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { languageSettings, namedModel } from '../../src/domain/language-settings.ts';

const prefix = 'DOUBLETAKE_PROOF_LANGUAGE';
const settings = z.object(languageSettings(prefix));
const parsed = (given: Record<string, string>) =>
  settings.safeParse(
    Object.fromEntries(Object.entries(given).map(([name, value]) => [`${prefix}_${name}`, value])),
  );
const model = (given: Record<string, string>) => namedModel(prefix, parsed(given).data ?? {});

test('address, model, key and time name a model; nothing names none', () => {
  expect(model({})).toBeNull();
  expect(model({ URL: 'http://127.0.0.1:8080/v1', MODEL: 'tiny' })).toEqual({
    ...{ url: 'http://127.0.0.1:8080/v1', model: 'tiny' },
    ...{ key: undefined, seconds: 120 },
  });
  expect(
    model({ URL: 'https://models.example/v1', MODEL: 'org/large:7b', KEY: 'MODELS', SECONDS: '30' }),
  ).toMatchObject({ model: 'org/large:7b', key: 'MODELS', seconds: 30 });
});

test('half of it is a mistake that names the other half', () => {
  expect(() => model({ URL: 'http://a/v1' })).toThrow(`${prefix}_MODEL is not set while ${prefix}_URL is`);
  expect(() => model({ MODEL: 'tiny' })).toThrow(`${prefix}_URL is not set while ${prefix}_MODEL is`);
});

test.each([
  ['URL', 'ftp://a/v1'],
  ['URL', 'a model'],
  // A login would be in the settings, and in every message about them.
  ['URL', 'https://user:password@models.example/v1'],
  ['MODEL', 'two words'],
  // A key in place of its name: no secret's name is so long.
  ['KEY', 'sk-0123456789012345678901234567890123456789012345678901234567890123'],
  ['SECONDS', '0'],
  ['SECONDS', '601'],
])('%s is not %j', (name, value) => {
  expect(parsed({ [name]: value }).success).toBe(false);
});
