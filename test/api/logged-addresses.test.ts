import { request as ask } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let user: TestUser;
beforeAll(async () => {
  api = await startApi();
  user = await api.user();
});
afterAll(() => api?.close());

/** `fetch` would write the address anew. */
function get(path: string): Promise<string> {
  const { headers } = user;
  return new Promise((resolve, reject) => {
    const sent = ask(api.url, { path, headers, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(text);
    });
    sent.on('error', reject).end();
  });
}

const secret = 'hunter2';
const sign = fc.constantFrom(...'ab9=&;?#:/!()@,+%."\'<>[]{}|\\^`~$*-_');
const some = fc.string({ unit: sign, maxLength: 12 });
const known = fc.constantFrom(
  '',
  'cursor=',
  'limit=',
  'kind=',
  'status=',
  'session_id=',
  'assigned=',
  'pass=',
);
const path = fc.constantFrom(
  ...['/', '/api/jobs', '/api/sessions', '/nope', '/api/jobs/no-id', `/${'long/'.repeat(150)}`, '/%', '/api'],
  '/api/jobs/00000000-0000-4000-8000-000000000000/artifacts',
);
const address = fc
  .tuple(path, fc.constantFrom('?', '?', '?', '#'), some, known, some, some)
  .map(([where, mark, first, name, before, after]) =>
    [where, mark, first, first && '&', name, before, secret, after].join(''),
  );

test('what is written into a query is not logged, wherever in it, nor behind a #', async () => {
  await fc.assert(
    fc.asyncProperty(address, async (asked) => {
      const from = api.logged().length;
      const answer = await get(asked);
      // What follows the answer tells how long it took, and no address.
      const lines = api.logged().slice(from);
      expect([asked, lines.includes(secret), /There is no[^"]*hunter2/.test(answer)]).toEqual([
        asked,
        false,
        false,
      ]);
    }),
    {
      numRuns: 300,
      examples: ['?hunter2', '?=hunter2', '?a:b=hunter2', '?a=b&hunter2', '?hunter2&a=b', '?a=b";hunter2']
        .flatMap((query) => [`/${query}`, `/nope${query}`, `/api/jobs/no-id${query}`])
        .concat(`/?${'n'.repeat(200)}=hunter2`, '/api/jobs?hunter2==')
        .map((one) => [one] as [string]),
    },
  );
});

test('the names that a route takes are logged, each once', async () => {
  await get('/api/jobs?cursor=a&limit=3&cursor=b&other=c');
  expect(api.logged()).toContain('"/api/jobs?cursor=[redacted]&limit=[redacted]&[redacted]"');
});
