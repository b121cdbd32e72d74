import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosInput } from './input.ts';
import type { Submission } from './schedule.ts';

/** What was sent, and what became of the request. */
export interface Request {
  kind: string;
  input: ChaosInput;
  idempotencyKey: string;
  /** Undefined: never accepted. */
  jobId?: string;
  /** The answer that no repetition would change, where the request was refused. */
  refused?: string;
}

export interface KindInput extends ChaosInput {
  kind: string;
}

interface Job {
  id: string;
  phase: string;
}

const ended = ['succeeded', 'failed', 'canceled'];

/**
 * People who use a service that fails under them: they repeat a request under its `Idempotency-Key` until it is
 * answered, cancel some jobs, retry what they canceled, and answer what they are asked.
 */
export class Users {
  readonly requests: Request[] = [];
  readonly #apiUrl: () => string;
  readonly #patience: AbortSignal;
  readonly #underWay = new Set<Promise<void>>();

  /** @param patience fires when they give up */
  constructor(apiUrl: () => string, patience: AbortSignal) {
    this.#apiUrl = apiUrl;
    this.#patience = patience;
  }

  /** Sends it and does what follows, in the background. */
  submit(input: KindInput, { cancelAfterMs }: Submission): void {
    const request: Request = {
      kind: input.kind,
      input,
      idempotencyKey: `chaos-${this.requests.length}`,
    };
    this.requests.push(request);
    const all = this.#follow(request, cancelAfterMs).finally(() => this.#underWay.delete(all));
    this.#underWay.add(all);
  }

  /** Settles when every job has ended, or patience has. */
  async done(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #follow(request: Request, cancelAfterMs: number | undefined): Promise<void> {
    const job = await this.#accepted(request);
    if (!job) return;
    request.jobId = job.id;
    if (cancelAfterMs !== undefined) {
      await this.#pause(cancelAfterMs);
      await this.#ask(`/api/jobs/${job.id}/cancel`, { method: 'POST' });
      if ((await this.#ended(request, job.id)) === 'canceled') {
        await this.#ask(`/api/jobs/${job.id}/retry`, { method: 'POST' });
      }
    }
    await this.#ended(request, job.id);
  }

  async #accepted(request: Request): Promise<Job | undefined> {
    const { kind, input, idempotencyKey } = request;
    const answer = await this.#ask('/api/jobs', () => {
      const body = new FormData();
      body.set('kind', kind);
      body.set('options', JSON.stringify(input.options ?? {}));
      body.set('file', new File([new Uint8Array(input.file.bytes)], input.file.name));
      return { method: 'POST', body, headers: { 'idempotency-key': idempotencyKey } };
    });
    if (answer?.status === 202) return (await answer.json()) as Job;
    if (answer) request.refused = `${answer.status} ${await answer.text()}`;
    return undefined;
  }

  /** Waits for the end, answering what is asked meanwhile. */
  async #ended(request: Request, id: string): Promise<string | undefined> {
    while (!this.#patience.aborted) {
      const answer = await this.#ask(`/api/jobs/${id}`);
      if (answer?.ok) {
        const { phase } = (await answer.json()) as Job;
        if (ended.includes(phase)) return phase;
        if (phase === 'waiting' && request.input.answer) {
          await this.#ask(`/api/jobs/${id}/assist`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(request.input.answer),
          });
        }
      }
      await this.#pause(1000);
    }
    return undefined;
  }

  /** Repeats what got no answer, or one that says to try again; undefined when patience ends. */
  async #ask(path: string, init: RequestInit | (() => RequestInit) = {}): Promise<Response | undefined> {
    while (!this.#patience.aborted) {
      const answer = await fetch(this.#apiUrl() + path, {
        signal: AbortSignal.timeout(30_000),
        ...(typeof init === 'function' ? init() : init),
      }).catch(() => undefined);
      // The body is read here: the API may be killed between its head and its end.
      const text = await answer?.text().catch(() => undefined);
      if (answer && text !== undefined && answer.status < 500 && answer.status !== 429)
        return new Response(text, { status: answer.status });
      await this.#pause(500);
    }
    return undefined;
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#patience }).catch(() => {});
  }
}
