import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, type ProcessIdentity } from '../../src/system/process-identity.ts';

/**
 * What was started, by name, on disk before anything else happens: after `kill -9` of the supervisor the next
 * one ends what is left. Written synchronously, whole, by rename.
 */
export class PidFile {
  readonly path: string;
  #entries: Record<string, ProcessIdentity>;

  constructor(path: string) {
    this.path = path;
    this.#entries = readPidFile(path);
  }

  get entries(): Readonly<Record<string, ProcessIdentity>> {
    return this.#entries;
  }

  add(name: string, pid: number): void {
    const identity = identify(pid);
    if (!identity) return;
    this.#entries = { ...this.#entries, [name]: identity };
    this.#write();
  }

  remove(name: string): void {
    const { [name]: _gone, ...rest } = this.#entries;
    this.#entries = rest;
    this.#write();
  }

  delete(): void {
    this.#entries = {};
    rmSync(this.path, { force: true });
  }

  #write(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const whole = `${this.path}.${process.pid}`;
    writeFileSync(whole, `${JSON.stringify(this.#entries, null, 2)}\n`);
    renameSync(whole, this.path);
  }
}

export function readPidFile(path: string): Record<string, ProcessIdentity> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
