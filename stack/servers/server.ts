import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import { listens } from '../processes/listens.ts';
import { type Launch, ProcessFailed, type ServerProcess, startProcess } from '../processes/server-process.ts';

/** What is particular to one server; ports, waiting and trying again are shared. */
export interface ServerSpec {
  name: string;
  /** One port a server listens on, by name; taken ones are moved. 0 asks for any. */
  ports: Readonly<Record<string, number>>;
  launch(ports: Readonly<Record<string, number>>): Launch | Promise<Launch>;
  /** Resolves to true once it serves; false or an error: not yet. */
  ready(ports: Readonly<Record<string, number>>): Promise<boolean>;
  /** Whether a start that failed with this output is worth another try; may change what `launch` does next. */
  tryAgain?(output: string): boolean;
  readyMs?: number;
}

/** A server that can be stopped, killed and started again on the same ports and data, as the fault tests do. */
export class Server {
  readonly spec: ServerSpec;
  #process: ServerProcess | undefined;
  #ports: Readonly<Record<string, number>> | undefined;
  #starting: Promise<this> | undefined;
  /** Grows with each stop, so that a start under way learns that it is no longer wanted. */
  #stops = 0;

  constructor(spec: ServerSpec) {
    this.spec = spec;
  }

  get name(): string {
    return this.spec.name;
  }

  get process(): ServerProcess {
    if (!this.#process) throw new Error(`${this.name} was never started`);
    return this.#process;
  }

  port(name = 'main'): number {
    const port = this.#ports?.[name];
    if (port === undefined) throw new Error(`${this.name} was never started, or has no port "${name}"`);
    return port;
  }

  /** @throws ProcessFailed with the end of the log when it ends, or is not ready in time. */
  start(): Promise<this> {
    this.#starting = this.#start(this.#stops);
    return this.#starting;
  }

  async #start(stops: number): Promise<this> {
    for (let left = 5; ; left--) {
      const ports = this.#ports ?? (await choosePorts(this.spec.ports));
      const launch = await this.spec.launch(ports);
      if (stops !== this.#stops) throw new Error(`${this.name} was stopped while it started`);
      const process = await startProcess(launch);
      this.#process = process;
      const failure = await this.#untilReady(process, ports);
      if (!failure) {
        this.#ports = ports;
        return this;
      }
      await process.kill();
      if (stops !== this.#stops) throw new Error(`${this.name} was stopped while it started`);
      const again = portTaken.test(process.output()) || this.spec.tryAgain?.(process.output());
      if (!again || left <= 1) throw new ProcessFailed(this.name, failure, process.output(), launch.log);
      await wait(500);
    }
  }

  /** Asks it to leave and waits; kills it when it does not. Ends a start that is under way. */
  stop(): Promise<void> {
    return this.#end((process) => process.stop());
  }

  /** `kill -9`, as a crash. */
  kill(): Promise<void> {
    return this.#end((process) => process.kill());
  }

  async #end(how: (process: ServerProcess) => Promise<void>): Promise<void> {
    this.#stops++;
    if (this.#process) await how(this.#process);
    await this.#starting?.catch(() => {});
  }

  async #untilReady(
    process: ServerProcess,
    ports: Readonly<Record<string, number>>,
  ): Promise<string | undefined> {
    const limit = this.spec.readyMs ?? 60_000;
    let ended: string | undefined;
    void process.exited.then((how) => {
      ended = how;
    });
    for (const until = Date.now() + limit; Date.now() < until; await wait(30)) {
      if (ended) return `${ended} before it was ready`;
      if (!(await soon(this.spec.ready(ports)))) continue;
      if (ended) continue;
      // It may have been another program that answered, which took the port meanwhile; ours then ends soon.
      if (Object.values(ports).every((port) => listens(process.pid, port))) return undefined;
    }
    return `was not ready after ${Math.round(limit / 1000)} s`;
  }
}

/** An answer that does not come, or is an error, is a no. */
async function soon(answer: Promise<boolean>): Promise<boolean> {
  const patience = new AbortController();
  const late = wait(5000, false, { signal: patience.signal }).catch(() => false);
  try {
    return await Promise.race([answer.catch(() => false), late]);
  } finally {
    patience.abort();
  }
}

const portTaken = /address already in use|EADDRINUSE|can't bind|cannot assign requested address/i;

async function choosePorts(wanted: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const [name, port] of Object.entries(wanted)) ports[name] = await freePort(port);
  return ports;
}
