import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../stack/servers/server.ts';
import type { WholeService } from '../test/support/whole-service.ts';
import type { Kill, Part } from './schedule.ts';

/** Kills parts of a service and starts them again. */
export class Kills {
  readonly #workers: readonly Server[];
  readonly #partOf: Readonly<Record<Exclude<Part, 'child'>, Server>>;
  readonly #starting = new Map<Part, Promise<void>>();

  /** @param service with two workers */
  constructor({ api, workers, servers }: WholeService) {
    const [first, second] = workers as [Server, Server];
    const { postgres, temporal, s3 } = servers;
    this.#workers = workers;
    this.#partOf = { api, 'worker-0': first, 'worker-1': second, postgres, temporal, s3 };
  }

  /** @returns what was done, in words */
  async kill({ part, awayMs }: Kill): Promise<string> {
    if (part === 'child') return killChild(this.#workers);
    if (this.#starting.has(part)) return `${part}: is being started again; left alone`;
    const server = this.#partOf[part];
    await server.kill();
    const again = startAgain(server, awayMs).finally(() => this.#starting.delete(part));
    // Told by `allUp`.
    again.catch(() => {});
    this.#starting.set(part, again);
    return `${part}: killed, away for ${(awayMs / 1000).toFixed(1)} s`;
  }

  /** Waits until every part runs. @throws Error where one could not be started again */
  async allUp(): Promise<void> {
    await Promise.all(this.#starting.values());
  }
}

/** What a part needs may be away itself, so it is tried for as long as the embedded stack's supervisor would. */
async function startAgain(server: Server, awayMs: number): Promise<void> {
  await sleep(awayMs);
  for (let left = 10; ; left--) {
    try {
      await server.start();
      return;
    } catch (error) {
      if (left <= 1) throw new Error(`${server.name} could not be started again`, { cause: error });
    }
  }
}

/** A child process of the first worker that has any. */
function killChild(workers: readonly Server[]): string {
  for (const worker of workers) {
    const [child] = worker.process.isRunning() ? childrenOf(worker.process.pid) : [];
    if (child === undefined) continue;
    process.kill(child, 'SIGKILL');
    return `child: killed one of ${worker.name}`;
  }
  return 'child: there is none now';
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text ? text.split(' ').map(Number) : [];
  } catch {
    return [];
  }
}
