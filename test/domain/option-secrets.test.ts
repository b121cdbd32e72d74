import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidRequest } from '../../src/domain/errors.ts';
import { refuseWrittenSecrets } from '../../src/domain/option-secrets.ts';

test.each([
  'rtsp://user:hunter2@host/stream',
  'https://hunter2token@host',
  'look at http://u:hunter2@host/x please',
  '//user:hunter2@host',
  'RTSP://user:hunter2@HOST',
  'hTtPs://hunter2@host',
  'rtsp://user:hunter2%40x@host',
  'rtsp%3A%2F%2Fuser%3Ahunter2%40host',
  'https://gateway/?url=rtsp%253A%252F%252Fuser%253Ahunter2%2540cam',
  'http://user:hunter2%40host/',
  'http:\\\\user:hunter2@host',
  'http:/\\user:hunter2@host',
  'rtsp://CORP\\hunter2@host',
  'http:user:hunter2@host',
  'https:/user:hunter2@host',
  'http:////user:hunter2@host',
  'ht\ttp://user:hun\nter2@ho\rst',
  '  \u0000http://user:hunter2@host',
  'http://user:hunter2@[2001:db8::1]:8080/',
  'rtsp://hunter2@[::1]',
  'rtsp://user:hunter2@@host',
  'rtsp://user:hun/ter2@host',
  'rtsp://user:hun?ter2@host',
  'rtsp://user:12#hunter2@host',
  'rtsp://user:hun ter2@host',
  'rtsp://:hunter2@host',
  'rtsp://user:x{secret:A}@host',
  'rtsp://x{secret:A}@host',
  'rtsp://{secret:A}:hunter2@host',
  'rtsp://user:%7Bsecret:A%7D@host',
  'rtsp://user:\u0001@host',
  'concat:http://a/b|http://u:hunter2@c/d',
  'https://h/l.m3u8?token=hunter2',
  'https://h/?a=1&ACCESS_TOKEN=hunter2',
  'https://h/?a=1&X-Amz-Signature=hunter2',
  'https://h/?%74oken=hunter2',
  'https://h/#access_token=hunter2',
  'https://h/?password=hunter2&x={secret:A}',
  'https://h/?pwd=hunter2',
  'https://h/?api_key=hunter2',
  'https://h/?apikey=hunter2',
  'https://h/?key=hunter2',
  'https://h/?client_secret=hunter2',
  'https://h/?sig=hunter2',
  'https://h/?signature=hunter2',
  'https://h/?auth=hunter2',
  'https://h/?token=hunter2{secret:A}',
  'https://h/?token={secret:A}hunter2',
  '/live.m3u8?token=hunter2',
  'rtsp://h/user=admin&password=hunter2&channel=1',
  'rtsp://h/user=admin_password=hunter2_channel=1_stream=0.sdp',
  'srt://h:9000?passphrase=hunter2',
])('%j holds a credential and is refused without repeating it', (url) => {
  const accept = () => refuseWrittenSecrets({ cameras: [{ url }] });
  expect(accept).toThrow(InvalidRequest);
  expect(accept).toThrow(/^options\.cameras\.0\.url: .*DOUBLETAKE_SECRETS_FILE.*\{secret:NAME\}/);
  expect(accept).not.toThrow(/hunter2|hun/);
});

test.each([
  'rtsp://{secret:YARD_LOGIN}@10.0.0.5/stream',
  'rtsp://admin:{secret:YARD}@cam.local/1',
  'rtsp://{secret:U}:{secret:P}@[fe80::1]:554/1',
  'rtsp://bob@corp:{secret:P}@cam/1',
  'https://host/live.m3u8?token={secret:T}',
  'https://host/live.m3u8?token={secret:T}&x=1',
  'https://{secret:HOST}:{secret:PORT}/',
  'rtsp://h/user=admin_password={secret:P}_channel=1',
  'https://h/?token=',
  '{secret:WHOLE_ADDRESS}',
  'rtsp://10.0.0.5:554/stream',
  'udp://@239.0.0.1:1234',
  'http://[::1]:8080/x',
  'https://medium.com:443/@bob/post?monkey=1&tokens_per_page=3',
  'https://host/?email=bob%40example.com',
  'mailto:bob@example.com',
  'bob@example.com',
  '// ask bob@example.com',
  'see http://host:80, http://b:81) or https://c.',
  'C:\\videos\\a@b.mp4',
  'file:///C:/a@b.mp4',
  'key=C major',
  'a note: 50% of 3 @ noon',
  '',
])('%j is accepted', (url) => {
  expect(() => refuseWrittenSecrets({ url, nested: [[{ deep: url }], null, 1, true] })).not.toThrow();
});

test('a malformed reference is refused, too', () => {
  expect(() => refuseWrittenSecrets({ url: 'rtsp://{secret:a b}@h' })).toThrow(/^options\.url: a reference/);
});

test('the name of a field may hold a credential, and is not repeated then', () => {
  const accept = () => refuseWrittenSecrets({ cameras: { 'rtsp://u:hunter2@h': 1 } });
  expect(accept).toThrow(/^options\.cameras: /);
  expect(accept).not.toThrow(/hunter2/);
});

test('whatever the login, an address that a URL reads one from is refused', () => {
  const part = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
  const scheme = fc.constantFrom('http', 'HTTPS', 'ws', 'ftp', 'rtsp', 'srt', 'x-any');
  fc.assert(
    fc.property(
      scheme,
      part,
      part,
      fc.constantFrom('host', '[::1]:80', '10.0.0.5/x'),
      (word, user, pass, host) => {
        const text = `${word}://${user}:${pass}@${host}`;
        const has = URL.canParse(text) && new URL(text).username + new URL(text).password !== '';
        if (has) expect(() => refuseWrittenSecrets({ text })).toThrow(InvalidRequest);
      },
    ),
    { numRuns: 2000 },
  );
});

test('hostile options are looked at in little time', () => {
  const long = 250_000;
  const texts = [
    'a',
    '/',
    ':',
    '@',
    'http:',
    '://a:',
    'a=',
    '%25',
    '\\',
    '//u:',
    '?key',
    '{secret:',
    'a_',
    '\t',
  ];
  const started = performance.now();
  for (const text of texts) {
    try {
      refuseWrittenSecrets({ text: text.repeat(long / text.length) });
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidRequest);
    }
  }
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  refuseWrittenSecrets(deep);
  expect(performance.now() - started).toBeLessThan(10_000);
});
