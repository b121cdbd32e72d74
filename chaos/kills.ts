import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processorTime } from '../src/media/child/processor-time.ts';
import type { Server } from '../stack/servers/server.ts';
import type { WholeService } from '../test/support/whole-service.ts';
import type { ChildChoice, Kill, Part } from './schedule.ts';
import { type Child, chooseChild } from './victim.ts';

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
  async kill({ part, awayMs, child }: Kill): Promise<string> {
    if (part === 'child') return killChild(this.#workers, child);
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

/**
 * What a part needs may be killed meanwhile, so one failure says little; so many in a row, each of them after a minute of
 * waiting, say that it will not start any more.
 */
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

/** So often it is looked whether a child is at work, and so long each time. */
const looks = 10;
const lookMs = 250;

/** A child that is at work on a file, or an idle one where none is for a while. */
async function killChild(workers: readonly Server[], choice: ChildChoice): Promise<string> {
  let all: Child[] = [];
  for (let look = 0; look < looks && !all.some(({ busy }) => busy); look++) all = await childrenOf(workers);
  const child = chooseChild(all, choice);
  if (!child) return 'child: there is none now';
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    return 'child: it ended by itself';
  }
  return `child: killed ${child.busy ? 'one at work' : 'an idle one'} of ${workers[child.worker]?.name}`;
}

/** With whether each used, or waited for, a core during a look. */
async function childrenOf(workers: readonly Server[]): Promise<Child[]> {
  const found = workers.flatMap(({ process }, worker) =>
    process.isRunning() ? pidsBelow(process.pid).map((pid) => ({ pid, worker })) : [],
  );
  const wanted = (pid: number) => {
    const { used = 0, waited = 0 } = processorTime(pid) ?? {};
    return used + waited;
  };
  const before = found.map(({ pid }) => wanted(pid));
  await sleep(lookMs);
  return found.map((child, n) => ({
    ...child,
    busy: wanted(child.pid) - (before[n] as number) > lookMs / 1000 / 4,
  }));
}

function pidsBelow(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text ? text.split(' ').map(Number) : [];
  } catch {
    return [];
  }
}
