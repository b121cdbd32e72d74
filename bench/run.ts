/** `npm run bench`: measures on this machine, prints the tables, and writes them into `docs/performance.md`. */
import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { BenchRun, Measure } from './bench-run.ts';
import { cameraStore } from './camera-store.ts';
import { firstFindings } from './first-findings.ts';
import { machineSection, taken } from './machine.ts';
import { memory } from './memory.ts';
import { headCost } from './mri.ts';
import { overhead } from './overhead.ts';
import { photographMemory } from './photograph-memory.ts';
import { scanSpeed } from './scan-speed/scan-speed.ts';
import { asMarkdown, placeSection } from './section.ts';
import { throughput } from './throughput.ts';
import { trivialJobs } from './trivial-jobs.ts';
import { uploads } from './uploads.ts';

const measures: Readonly<Record<string, Measure>> = {
  throughput,
  'first-findings': firstFindings,
  overhead,
  'trivial-jobs': trivialJobs,
  'scan-speed': scanSpeed,
  uploads,
  memory,
  photographs: photographMemory,
  'camera-store': cameraStore,
  mri: headCost,
};
const page = new URL('../docs/performance.md', import.meta.url).pathname;

interface BenchOptions {
  short?: boolean;
  only?: string[];
  rounds: string;
  write: boolean;
}

const options = new Command('bench')
  .description('Measures Doubletake on this machine, which should have nothing else to do.')
  .option('--short', 'shorter clips, one round, nothing written: shows that the bench works')
  .addOption(new Option('--only <measure...>', 'not all of them').choices(Object.keys(measures)))
  .option('--rounds <n>', 'how often each thing is measured', '3')
  .option('--no-write', `leave ${page} as it is`)
  .parse()
  .opts<BenchOptions>();

const short = options.short ?? false;
const run: BenchRun = {
  short,
  rounds: short ? 1 : Number(options.rounds),
  cache: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'doubletake', 'bench'),
  scratch: mkdtempSync(join(tmpdir(), 'doubletake-bench-')),
  say: (line) => process.stderr.write(`${line}\n`),
};
const typed = process.argv.slice(2);
const machine = machineSection();
const when = taken(['npm run bench', ...(typed.length > 0 ? ['--', ...typed] : [])].join(' '));
try {
  await mkdir(run.cache, { recursive: true });
  for (const [name, measure] of Object.entries(measures)) {
    if (options.only && !options.only.includes(name)) continue;
    run.say(`── ${name}`);
    const measured = await measure(run);
    const section = { ...measured, says: `${measured.says} ${when}` };
    process.stdout.write(`${asMarkdown(section)}\n\n`);
    if (!options.write || short) continue;
    // Written after each measure: the next may take long, or fail.
    const before = await readFile(page, 'utf8');
    await writeFile(page, placeSection(placeSection(before, machine), section));
  }
} finally {
  await rm(run.scratch, { recursive: true, force: true });
}
