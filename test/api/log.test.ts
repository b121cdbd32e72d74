import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { openLog } from '../../src/api/log.ts';

const apiKey = 'dt_s3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3t';
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjb2FjaC03In0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';

function logged(write: (log: ReturnType<typeof openLog>) => void): string {
  let lines = '';
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines += chunk;
      done();
    },
  });
  write(openLog('trace', to));
  return lines;
}

test.each<[string, (log: ReturnType<typeof openLog>) => void]>([
  ['a header', (log) => log.info({ headers: { authorization: `Bearer ${apiKey}` } }, 'asked')],
  ['a message', (log) => log.warn(`key ${apiKey} is unknown`)],
  ['a token in a message', (log) => log.warn(`Bearer ${jwt} has expired, so has ${jwt}`)],
  ['a webhook’s secret', (log) => log.error(`insert into analysis_jobs … 'whsec_s3cr3tS3cr3t+/=='`)],
  [
    'an error',
    (log) => log.error({ err: new Error(`cannot reach postgresql://dt:hunter2hunter2@db/dt`) }, 'no'),
  ],
  ['a nested field', (log) => log.info({ config: { s3: { secret: 'hunter2hunter2' } } }, 'config')],
  [
    'a request’s query',
    (log) =>
      log.info({
        req: { method: 'GET', url: `/x?token=${apiKey}&authorization=Bearer%20${apiKey}&cursor=hunter2` },
      }),
  ],
  ['a field in the depths', (log) => log.info({ a: { b: { c: { d: { authorization: 'hunter2' } } } } })],
  [
    'a presigned link',
    (log) => log.info(`http://s3/k?X-Amz-Signature=hunter2hunter2&X-Amz-Credential=hunter2hunter2`),
  ],
])('no secret leaves by %s', (_where, write) => {
  const lines = logged(write);
  expect(lines).not.toMatch(/s3cr3t|hunter2|c2lnbmF0dXJl/);
  expect(lines).toContain('redacted');
  for (const line of lines.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
});

test('what is not secret stays readable', () => {
  expect(logged((log) => log.info({ job_id: 'abc', file_name: 'squats.mp4' }, 'accepted'))).toContain(
    'squats.mp4',
  );
});
