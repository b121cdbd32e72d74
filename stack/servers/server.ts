import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../ports.ts';
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
  async start(): Promise<this> {
    for (let left = 5; ; left--) {
      const ports = this.#ports ?? (await choosePorts(this.spec.ports));
      const launch = await this.spec.launch(ports);
      const process = await startProcess(launch);
      this.#process = process;
      const failure = await this.#untilReady(process, ports);
      if (!failure) {
        this.#ports = ports;
        return this;
      }
      await process.kill();
      const again = portTaken.test(process.output()) || this.spec.tryAgain?.(process.output());
      if (!again || left <= 1) throw new ProcessFailed(this.name, failure, process.output(), launch.log);
      await wait(500);
    }
  }

  /** Asks it to leave and waits; kills it when it does not. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** `kill -9`, as a crash. */
  async kill(): Promise<void> {
    await this.#process?.kill();
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
      if (!(await this.spec.ready(ports).catch(() => false))) continue;
      // Another program that took the port meanwhile may have answered; ours then ends now.
      await wait(50);
      if (!ended) return undefined;
    }
    return `was not ready after ${Math.round(limit / 1000)} s`;
  }
}

const portTaken = /address already in use|EADDRINUSE|can't bind|cannot assign requested address/i;

async function choosePorts(wanted: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const [name, port] of Object.entries(wanted)) ports[name] = await freePort(port);
  return ports;
}
