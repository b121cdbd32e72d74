import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ApiClient } from '../api-client.ts';
import { type Problem, ServerRefused } from '../failures.ts';
import type { JobView } from '../job-view.ts';

/** The server sends something (if only a comment) every 15 s; silence of twice that is a dead connection. */
const SILENCE_MS = 35_000;

/** The server has no event stream for this job, or something on the way swallows it. */
export class NoEvents extends Error {}

/**
 * The job at each change, by server-sent events (`progress`, `end`), until the stream ends. The caller decides
 * what an early end means.
 * @throws NoEvents when the answer is no event stream; ServerRefused, in the middle too, when the key is no longer good;
 *   ServerUnreachable and ServerRefused as any request
 */
export async function* jobEvents(api: ApiClient, path: string, signal: AbortSignal): AsyncGenerator<JobView> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const response = await api.open(path, {
      accept: 'text/event-stream',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (!isStream || !response.body) {
      await response.body?.cancel();
      throw new NoEvents(`${path} is no event stream`);
    }
    const events = response.body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
      .pipeThrough(new EventSourceParserStream({ onComment: alive }));
    for await (const { event, data } of events) {
      alive();
      if (event === 'progress' || event === 'end') yield JSON.parse(data) as JobView;
      if (event === 'problem') {
        const problem = JSON.parse(data) as Problem;
        throw new ServerRefused(problem.status ?? 401, problem);
      }
    }
  } catch (error) {
    if (silence.signal.aborted && !signal.aborted) throw new NoEvents(`${path} fell silent`);
    // The job itself was there a moment ago, so a "no" here is about the stream, or the key is no longer good.
    if (error instanceof ServerRefused && error.status < 500 && error.status !== 401)
      throw new NoEvents(error.message, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
