import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { openLog } from '../../src/worker/open-log.ts';

test.each([
  ['a password', 'cannot reach postgresql://dt:s3cr3ts3cr3t@db/dt'],
  ['a webhook’s secret', 'signed with whsec_s3cr3ts3cr3t+/=='],
  ['a presigned link', 'http://s3/k?X-Amz-Signature=s3cr3ts3cr3t'],
])('%s does not leave a worker by its log', (_what, words) => {
  let lines = '';
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines += chunk;
      done();
    },
  });
  openLog('info', to).warn({ err: new Error(words) }, words);
  expect(lines).not.toContain('s3cr3t');
  expect(lines).toContain('[redacted]');
});
