import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { Section } from './section.ts';

/** What the figures were taken on; figures of different machines cannot be compared. */
export function machineSection(): Section {
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(0)} GiB`;
  return {
    id: 'machine',
    title: 'The machine',
    says: 'That of the newest table. `lscpu`, `free -h` and `uname -r` show the same.',
    head: ['what', 'value'],
    rows: [
      ['processor', cpuModel()],
      ['cores', `${availableParallelism()}`],
      ['memory', gib(totalmem())],
      ['system', `${process.platform} ${release()}`],
      ['load before the run', loadavg()[0]?.toFixed(2) ?? ''],
      ['Node.js', process.version],
      ...['node-av', 'onnxruntime-node', '@temporalio/worker'].map((name) => [name, packageVersion(name)]),
    ],
  };
}

/** For the end of what a section says: its own day, command and commit, since one run rarely measures all. */
export function taken(command: string): string {
  return `Taken on ${new Date().toISOString().slice(0, 10)} by \`${command}\`, at commit \`${commit()}\`.`;
}

function cpuModel(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  if (process.platform !== 'linux') return model;
  // Virtual machines shorten the name; family and model tell processors apart that are called alike.
  const info = readFileSync('/proc/cpuinfo', 'utf8');
  const field = (name: string) => new RegExp(`^${name}\\s*: (.+)$`, 'm').exec(info)?.[1] ?? '?';
  return `${model}, family ${field('cpu family')} model ${field('model')}`;
}

function packageVersion(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      encoding: 'utf8',
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src', 'models') ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
