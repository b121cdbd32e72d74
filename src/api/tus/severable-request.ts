import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

/**
 * The request as the protocol is to read it. A refusal of its body (see `longBodies`) ends it as a lost connection would,
 * so that what has arrived is kept, while the connection itself stays for the answer.
 */
export function severable(raw: IncomingMessage): IncomingMessage {
  const { method, url, headers, rawHeaders, socket } = raw;
  const body = new PassThrough();
  const sever = (why: Error) => void body.destroy(why);
  // The protocol listens for errors only while it reads.
  body.on('error', () => {});
  raw.once('error', sever);
  raw.once('close', () => raw.complete || sever(new Error('The client went away.')));
  raw.pipe(body);
  return Object.assign(body, { method, url, headers, rawHeaders, socket }) as unknown as IncomingMessage;
}
