import { setTimeout as pause } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ApiClient } from '../../../cli/api-client.ts';
import { CliFailure, type Problem, ServerRefused } from '../../../cli/failures.ts';
import { withPatience } from '../../../cli/with-patience.ts';
import type { CameraEvent } from '../events/event.ts';

const PAUSE_MS = 1000;
/** The server sends something (if only a comment) every 15 s; silence of twice that is a dead connection. */
const SILENCE_MS = 35_000;

export interface Following {
  signal: AbortSignal;
  /** Once an outage. */
  onLost(): void;
}

/**
 * Events as they happen, until the signal is aborted. A stream that breaks is taken up again after the last event that was
 * told, so none is missed.
 * @throws ServerRefused when the key is no longer good; ServerUnreachable after two minutes without an answer
 */
export async function* followEvents(
  api: ApiClient,
  path: string,
  following: Following,
): AsyncGenerator<CameraEvent> {
  const { signal } = following;
  let lastId: string | undefined;
  while (!signal.aborted) {
    const silence = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
    };
    try {
      const init = {
        accept: 'text/event-stream',
        signal: AbortSignal.any([signal, silence.signal]),
        ...(lastId !== undefined && { headers: { 'last-event-id': lastId } }),
      };
      const response = await withPatience(() => api.open(path, init), following);
      alive();
      const events = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
        .pipeThrough(
          new EventSourceParserStream({
            onComment: alive,
            // The first names the moment from which on events are told.
            onId: (id) => {
              lastId ??= id;
            },
          }),
        );
      for await (const { id, event, data } of events) {
        alive();
        if (event === 'problem') {
          const problem = JSON.parse(data) as Problem;
          throw new ServerRefused(problem.status ?? 401, problem);
        }
        if (event === 'event') yield JSON.parse(data) as CameraEvent;
        lastId = id ?? lastId;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CliFailure) throw error;
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
    await pause(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}
