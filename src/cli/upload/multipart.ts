import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type ApiClient, refusal, unreachable } from '../api-client.ts';
import type { JobView } from '../job-view.ts';
import type { SourceFile } from './source-file.ts';

export interface MultipartOptions {
  fields: Readonly<Record<string, string>>;
  idempotencyKey: string;
  onProgress(sentBytes: number): void;
  signal: AbortSignal;
}

/**
 * `POST /api/jobs` in one request, streamed from disk. Not `fetch`: with it a refusal that comes before the
 * whole file is sent (413, 415) would be lost in a broken pipe.
 * @throws ServerRefused, ServerUnreachable
 */
export async function postMultipart(
  api: ApiClient,
  file: SourceFile,
  { fields, idempotencyKey, onProgress, signal }: MultipartOptions,
): Promise<JobView> {
  const boundary = `doubletake-${randomUUID()}`;
  const head = Buffer.from(headOf(boundary, fields, file.name));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const url = new URL('/api/jobs', api.address.url);
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    signal,
    headers: {
      ...api.headers,
      accept: 'application/json',
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + file.bytes + tail.length,
      'idempotency-key': idempotencyKey,
    },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Stays for good: after the answer the server may close on what is still being sent.
    request.on('error', reject);
  });
  const stop = new AbortController();
  async function* body() {
    let sent = 0;
    yield head;
    // Exactly the bytes announced, even if something still writes to the file.
    for await (const chunk of createReadStream(file.path, { end: file.bytes - 1, highWaterMark: 1 << 18 })) {
      yield chunk;
      sent += chunk.length;
      onProgress(sent);
    }
    yield tail;
  }
  const sending = pipeline(body, request, { signal: stop.signal });
  sending.catch(() => {});
  try {
    const response = await answered;
    const answer = await text(response);
    if ((response.statusCode ?? 500) >= 400) throw refusal(response.statusCode ?? 500, answer);
    return JSON.parse(answer) as JobView;
  } catch (error) {
    if (signal.aborted || !isConnectionError(error)) throw error;
    throw unreachable(api.address, error);
  } finally {
    stop.abort();
  }
}

function isConnectionError(error: unknown): boolean {
  return error instanceof SyntaxError || typeof (error as NodeJS.ErrnoException).code === 'string';
}

/** RFC 7578; a file name's quotes and line ends are percent-encoded as browsers do (WHATWG form encoding). */
function headOf(boundary: string, fields: Readonly<Record<string, string>>, fileName: string): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const safe = fileName.replace(
    /["\r\n]/g,
    (bad) => `%${bad.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
  const disposition = `content-disposition: form-data; name="file"; filename="${safe}"`;
  return `${parts.join('')}--${boundary}\r\n${disposition}\r\ncontent-type: application/octet-stream\r\n\r\n`;
}
