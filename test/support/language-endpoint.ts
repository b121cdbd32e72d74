import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as the endpoint heard it. */
export interface Heard {
  path: string;
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    stream?: boolean;
    messages?: { role: string; content: string | ContentPart[] }[];
    input?: string[];
  };
}

type ContentPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

/**
 * What the endpoint does with one request: a text is answered as asked for, streamed or in one piece; everything else is
 * one of the ways in which endpoints fail.
 */
export type Behaviour =
  | string
  /** An answer that depends on what was asked, as a model's does. */
  | ((heard: Heard) => string)
  /** A status with an error as the protocol has them; it repeats the key, as some do. */
  | { status: number; headers?: Record<string, string> }
  /** Success, and a page. */
  | 'html page'
  | 'broken json'
  /** A stream with an event that is no JSON. */
  | 'broken event'
  /** A stream that ends in order in the middle of the text. */
  | 'cut in order'
  /** A stream whose connection is lost in the middle. */
  | 'cut off'
  /** Accepts, and never answers. */
  | 'silent'
  /** Begins to stream, and never goes on. */
  | 'stalls'
  /** Streams and streams. */
  | 'endless'
  /** An error event in the middle of the stream. */
  | 'error event'
  /** Ends, but not because the text was finished. */
  | { finish: string };

const words = [
  ...['html page', 'broken json', 'broken event', 'cut in order', 'cut off'],
  ...['silent', 'stalls', 'endless', 'error event'],
];

/**
 * A real HTTP server on loopback that speaks the OpenAI-compatible protocol: chat, also with pictures and streamed, and
 * embeddings. It does with each request what comes next in the list, and goes on with the last.
 */
export async function openLanguageEndpoint(...behaviours: Behaviour[]) {
  const heard: Heard[] = [];
  let next = [...behaviours];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Heard['body'];
    const one: Heard = { path: request.url ?? '', headers: request.headers, body };
    heard.push(one);
    if (one.path.endsWith('/embeddings')) return embed(one, response);
    const behaviour = next.length > 1 ? next.shift() : next[0];
    answer(one, response, behaviour ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    heard,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/v1`,
    /** Does this from now on. */
    will(...later: Behaviour[]) {
      next = later;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type TestLanguageEndpoint = Awaited<ReturnType<typeof openLanguageEndpoint>>;

/** All text of a request, as a model would read it. */
export function promptOf({ body }: Heard): string {
  return (body.messages ?? [])
    .flatMap(({ content }) =>
      typeof content === 'string'
        ? [content]
        : content.map((part) => (part.type === 'text' ? part.text : `[${part.image_url.url.slice(0, 22)}]`)),
    )
    .join('\n');
}

function answer(heard: Heard, response: ServerResponse, behaviour: Behaviour): void {
  if (typeof behaviour === 'function') say(heard, response, behaviour(heard), 'stop');
  else if (typeof behaviour === 'string' && !words.includes(behaviour))
    say(heard, response, behaviour, 'stop');
  else if (typeof behaviour === 'string') fail(response, behaviour);
  else if ('finish' in behaviour) say(heard, response, 'The text was', behaviour.finish);
  else {
    const message = `Refused: ${heard.headers.authorization ?? 'no key'}`;
    response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers });
    response.end(JSON.stringify({ error: { message, type: 'test', code: null } }));
  }
}

function fail(response: ServerResponse, how: string): void {
  switch (how) {
    case 'html page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to the proxy</h1>');
      return;
    case 'broken json':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [{"mess');
      return;
    case 'silent':
      return;
    case 'broken event':
      stream(response);
      response.end('data: {"choices": [{"del\n\n');
      return;
    case 'cut in order':
      stream(response, 'The grey matter is');
      response.end('data: [DONE]\n\n');
      return;
    case 'cut off':
      stream(response, 'The grey matter is');
      setImmediate(() => response.destroy());
      return;
    case 'stalls':
      stream(response, 'The');
      return;
    case 'error event':
      stream(response, 'The');
      response.end(`data: ${JSON.stringify({ error: { message: 'out of memory' } })}\n\n`);
      return;
    case 'endless':
      stream(response);
      flood(response);
  }
}

function stream(response: ServerResponse, ...parts: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (const content of parts) response.write(event({ delta: { content }, finish_reason: null }));
}

function event(choice: object): string {
  return `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }] })}\n\n`;
}

function flood(response: ServerResponse): void {
  const more = event({ delta: { content: 'and so on, '.repeat(100) }, finish_reason: null });
  const write = () => {
    while (!response.destroyed && response.write(more));
    if (!response.destroyed) response.once('drain', write);
  };
  write();
}

function say(heard: Heard, response: ServerResponse, content: string, finish: string): void {
  if (heard.body.stream) {
    // In pieces that cut words, as tokens do.
    stream(response, ...(content.match(/[\s\S]{1,7}/g) ?? []));
    response.write(event({ delta: {}, finish_reason: finish }));
    response.end('data: [DONE]\n\n');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }],
    }),
  );
}

/** Words become dimensions, so that texts with the same words are near each other. */
function embed(heard: Heard, response: ServerResponse): void {
  const data = (heard.body.input ?? []).map((input, index) => {
    const embedding = new Array(64).fill(0);
    for (const word of input.toLowerCase().match(/[a-z]{4,}/g) ?? []) {
      let hash = 7;
      for (const char of word.slice(0, 6)) hash = (hash * 31 + char.charCodeAt(0)) % 64;
      embedding[hash] += 1;
    }
    return { object: 'embedding', index, embedding };
  });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data, model: heard.body.model }));
}
