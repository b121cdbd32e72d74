import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidRequest } from '../../src/domain/errors.ts';
import { fillSecrets, secretNamesIn } from '../../src/domain/secret-reference.ts';

test('the names of secrets are found, each once', () => {
  expect(secretNamesIn('rtsp://{secret:A.b}:{secret:C-1_}@cam/{secret:A.b}', 'options.url')).toEqual([
    'A.b',
    'C-1_',
  ]);
  expect(secretNamesIn('a {braced} word and {"secret": 1}', 'options.note')).toEqual([]);
});

test.each([
  '{secret:}',
  '{secret:a b}',
  '{secret:open',
  '{secret}',
  '{ secret:A}',
  '{Secret:A}',
  '{secret:ä}',
])('the malformed reference %s is refused by the name of its field', (text) => {
  const find = () => secretNamesIn(`rtsp://admin:${text}@hunter2.example`, 'options.url');
  expect(find).toThrow(InvalidRequest);
  expect(find).toThrow(/^options\.url: .*\{secret:NAME\}/);
  expect(find).not.toThrow(/hunter2/);
});

test('a name has at most 64 characters', () => {
  expect(secretNamesIn(`{secret:${'n'.repeat(64)}}`, 'f')).toHaveLength(1);
  expect(() => secretNamesIn(`{secret:${'n'.repeat(65)}}`, 'f')).toThrow(InvalidRequest);
});

test.each([
  ['rtsp://{secret:S}@10.0.0.5/s', 'ad:p@/?#:', 'rtsp://ad:p%40%2F%3F%23%3A@10.0.0.5/s'],
  ['//{secret:S}@host', "u:p'w", '//u:p%27w@host'],
  ['rtsp://admin:{secret:S}@cam.local/1', 'a:b@c', 'rtsp://admin:a%3Ab%40c@cam.local/1'],
  ['https://h/l.m3u8?token={secret:S}', 'a&b=c+d e', 'https://h/l.m3u8?token=a%26b%3Dc%2Bd%20e'],
  ['https://h/{secret:S}/live', '../x%2F', 'https://h/..%2Fx%252F/live'],
  ['see https://h/{secret:S}', 'a/b', 'see https://h/a%2Fb'],
  ['{secret:S}', 'rtsp://u:p@h/', 'rtsp://u:p@h/'],
  ['password {secret:S}', '$& {secret:S}', 'password $& {secret:S}'],
])('%s is filled for the place of the secret', (text, value, filled) => {
  expect(fillSecrets(text, () => value)).toBe(filled);
});

test('whatever a secret holds, a URL has it whole and in its place', () => {
  const value = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(value, (secret) => {
      const text = fillSecrets('http://a:{secret:S}@host:81/p/{secret:S}?q={secret:S}&r=1', () => secret);
      const url = new URL(text);
      expect([url.host, url.searchParams.get('r'), url.hash]).toEqual(['host:81', '1', '']);
      const wellFormed = secret.toWellFormed();
      expect(decodeURIComponent(url.password)).toBe(wellFormed);
      expect(url.searchParams.get('q')).toBe(wellFormed);
      if (!/^\.{1,2}$/.test(wellFormed)) expect(decodeURIComponent(url.pathname)).toBe(`/p/${wellFormed}`);
    }),
  );
});
