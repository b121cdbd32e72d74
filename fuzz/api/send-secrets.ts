import { connect } from 'node:net';

interface Sending {
  /** The API key of a user, for what is told to nobody else. */
  key: string;
  secret: string;
}

/** A request with the secret in it; where it has no answer, the server has cut it off, as it may. */
type Place = (url: string, sending: Sending) => Promise<unknown>;

const base64 = (text: string) => Buffer.from(text).toString('base64');

function asked(path: (secret: string) => string, init: (secret: string) => RequestInit = () => ({})): Place {
  return (url, { key, secret }) => {
    const { headers, ...more } = init(secret);
    return fetch(url + path(secret), { ...more, headers: { authorization: `Bearer ${key}`, ...headers } });
  };
}

const posted = (body: (secret: string) => unknown): Place =>
  asked(
    () => '/api/jobs',
    (secret) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body(secret)),
    }),
  );

const form = (fields: (secret: string) => Record<string, string | File>): Place =>
  asked(
    () => '/api/jobs',
    (secret) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ kind: 'technique', ...fields(secret) }))
        body.set(name, value);
      return { method: 'POST', body };
    },
  );

const withHeader = (name: string, value: (secret: string) => string, path = '/api/jobs'): Place =>
  asked(
    () => path,
    (secret) => ({ headers: { [name]: value(secret) } }),
  );

/** What no client of HTTP would send. */
const raw = (text: (sending: Sending) => string): Place => {
  return (url, sending) =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname, () => socket.end(text(sending)));
      socket.once('error', reject).once('close', resolve).resume();
    });
};

const none = '00000000-0000-4000-8000-000000000000';
const nobodys = { session_id: none, kind: 'technique' };
const itself = (secret: string) => secret;
const encoded = (secret: string) => encodeURIComponent(secret);

/** Where people paste what they should not, by the words for it. */
export const places: Readonly<Record<string, Place>> = {
  'a value of the query': asked((secret) => `/api/jobs?session_id=${encoded(secret)}`),
  'a value of the query that nobody knows': asked((secret) => `/api/jobs?token=${encoded(secret)}`),
  'a value of the query of no page': asked((secret) => `/nothing?key=${encoded(secret)}&more=1`),
  'the query itself': asked((secret) => `/api/jobs?${encoded(secret)}`),
  'a segment of the path': asked((secret) => `/api/jobs/${encoded(secret)}`),
  'the path of no page': asked((secret) => `/nothing/${encoded(secret)}/here`),
  'the name of an artifact': asked((secret) => `/api/jobs/${none}/artifacts/quick/${encoded(secret)}`),
  'the idempotency key': withHeader('idempotency-key', itself),
  'the id of the request': withHeader('x-request-id', itself),
  'authorization without a scheme': withHeader('authorization', itself),
  'authorization with its letters in capitals': withHeader('authorization', (secret) => `BEARER ${secret}`),
  'authorization of another scheme': withHeader(
    'authorization',
    (secret) => `Basic ${base64(`me:${secret}`)}`,
  ),
  'a cookie': withHeader('cookie', (secret) => `session=${secret}`),
  'a header for keys': withHeader('x-api-key', itself),
  'where the user comes from': withHeader(
    'referer',
    (secret) => `https://example.org/?token=${encoded(secret)}`,
  ),
  'the name of the program': withHeader('user-agent', (secret) => `curl/8 (${secret})`),
  'the last event': withHeader('last-event-id', itself, `/api/jobs/${none}/progress`),
  "an upload's file name": asked(
    () => '/api/uploads',
    (secret) => ({
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '10',
        'upload-metadata': `filename ${base64(`${secret}.txt`)}`,
      },
    }),
  ),
  "an upload's protocol": asked(
    () => '/api/uploads',
    (secret) => ({ method: 'POST', headers: { 'tus-resumable': secret } }),
  ),
  'the kind': posted((kind) => ({ ...nobodys, kind })),
  'an option': posted((secret) => ({ ...nobodys, options: { mode: secret } })),
  'an option that nobody knows': posted((password) => ({ ...nobodys, options: { password } })),
  'a field that nobody knows': posted((token) => ({ ...nobodys, token })),
  'the name of a field': posted((secret) => ({ ...nobodys, [secret]: 1 })),
  "a webhook's secret": posted((secret) => ({
    ...nobodys,
    webhook: { url: 'https://example.org/', secret },
  })),
  "a webhook's address": posted((secret) => ({
    ...nobodys,
    webhook: { url: `https://me:${encoded(secret)}@example.org/` },
  })),
  "the query of a webhook's address": posted((secret) => ({
    ...nobodys,
    webhook: { url: `http://127.0.0.1/?key=${encoded(secret)}` },
  })),
  'JSON that breaks off': asked(
    () => '/api/jobs',
    (secret) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"token":"${secret}`,
    }),
  ),
  'a body of another type': asked(
    () => '/api/jobs',
    (body) => ({ method: 'POST', headers: { 'content-type': 'text/plain' }, body }),
  ),
  'a field of a form': form((options) => ({ options })),
  "a form's options": form((secret) => ({ options: JSON.stringify({ password: secret }) })),
  "a form's webhook": form((secret) => ({
    webhook: JSON.stringify({ url: 'https://example.org/', secret }),
  })),
  'a field of a form that nobody knows': form((token) => ({ token })),
  "a form's file name": form((secret) => ({ file: new File(['no video'], `${secret}.mp4`) })),
  "a form's file": form((secret) => ({ file: new File([secret], 'a.mp4') })),
  'a header that is broken': raw(
    ({ secret }) => `GET /api/jobs HTTP/1.1\r\nhost: x\r\nx-api-key ${secret}\r\n\r\n`,
  ),
  'a header that never ends': raw(
    ({ secret }) => `GET /api/jobs HTTP/1.1\r\nhost: x\r\nx-api-key: ${secret.repeat(4000)}\r\n\r\n`,
  ),
  'a line that is no request': raw(({ secret }) => `LOGIN ${secret}\r\n\r\n`),
  'an address that is broken': raw(
    ({ secret, key }) =>
      `GET /api/jobs/%zz?token=${secret} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\nconnection: close\r\n\r\n`,
  ),
  'an address with a login': raw(
    ({ secret }) =>
      `GET http://me:${encoded(secret)}@example.org/api/jobs HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
  ),
};

/** What the log tells on purpose: there only what looks like a secret, or is known as one, is taken out. */
const told = [
  'a segment of the path',
  'the path of no page',
  'the name of an artifact',
  'the id of the request',
  'the kind',
  'the name of a field',
  "a form's file name",
];

/** Where nothing is told, whatever it looks like. */
export const untoldPlaces: typeof places = Object.fromEntries(
  Object.entries(places).filter(([name]) => !told.includes(name)),
);

/** Sends each secret by each place. */
export async function sendSecrets(
  url: string,
  key: string,
  secrets: readonly string[],
  by: typeof places = places,
): Promise<void> {
  for (const secret of secrets)
    for (const place of Object.values(by)) {
      const answer = await place(url, { key, secret }).catch(() => undefined);
      if (answer instanceof Response) await answer.arrayBuffer();
    }
}
