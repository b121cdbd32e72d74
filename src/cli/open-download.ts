import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { type ApiClient, linked, refusal, unreachable } from './api-client.ts';

/** A server that sends nothing for so long is taken for gone. */
const SILENCE_MS = 60_000;

/**
 * A stored file as it comes. Not `fetch`: a server that closes after its answer (versitygw does) makes undici
 * end the process by a failed assertion when the bytes wait for the disk at that moment
 * (https://github.com/nodejs/undici/issues/5360).
 * @param link from the server: its own, or presigned for its S3
 * @throws ServerRefused, ServerUnreachable
 */
export async function openDownload(
  api: ApiClient,
  link: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(link, `${api.address.url}/`);
  // The key belongs to this server: never hand it to another a link may lead to.
  const ours = url.origin === new URL(api.address.url).origin;
  const response = await answerOf(url, ours ? api.headers : {}, signal).catch((error) => {
    throw signal.aborted ? error : unreachable(placeOf(api, url), error);
  });
  if (response.statusCode === 200) return response;
  throw refusal(response.statusCode ?? 500, await text(response).catch(() => ''));
}

/** What to name in the message when the bytes stop coming. */
export function placeOf(api: ApiClient, url: URL): { url: string; origin: string } {
  return url.origin === new URL(api.address.url).origin ? api.address : { url: url.origin, origin: linked };
}

function answerOf(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { headers, signal });
    request.setTimeout(SILENCE_MS, () =>
      request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })),
    );
    request.once('response', resolve);
    // Stays for good: after the answer the body's own error is the one that counts.
    request.on('error', reject);
    request.end();
  });
}
