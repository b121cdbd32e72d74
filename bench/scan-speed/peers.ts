import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonEnvironment } from '../../scripts/python-environment.ts';
import { scanWithClamd } from '../../src/kinds/scan/clamav/clamd.ts';
import { type Clamd, startClamd } from '../../test/kinds/scan/support/clamd.ts';
import type { LabelledFile } from '../../test/kinds/scan/support/labelled.ts';
import { fileAt } from '../../test/kinds/scan/support/memory-file.ts';
import type { BenchRun } from '../bench-run.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '..', 'peers');
const documents = ['docx', 'docm', 'doc', 'xlsx', 'xls', 'pptx', 'ppt', 'rtf'];

/** A program that does a part of what a scan does, loaded once. */
export interface ScanPeer {
  name: string;
  /** What it is for; it is shown no other file. */
  isFor(file: LabelledFile): boolean;
  /** Seconds for all of them, one after the other; its start is not counted. */
  seconds(files: readonly LabelledFile[]): Promise<number>;
}

/** What can be had here; what cannot is said and left out. */
export async function withScanPeers<T>(
  { scratch, say }: BenchRun,
  use: (peers: ScanPeer[]) => Promise<T>,
): Promise<T> {
  const orWithout = async <P>(name: string, start: () => Promise<P>): Promise<P | undefined> => {
    try {
      return await start();
    } catch (error) {
      say(`${name} cannot be had here and is left out: ${(error as Error).message}`);
      return undefined;
    }
  };
  const clamd = await orWithout('clamd', () => startClamd({ 'bench.hdb': `${'0'.repeat(32)}:1:Bench` }));
  const programs = await orWithout('The Python peers', () =>
    pythonEnvironment(join(folder, 'scan-requirements.txt'), say),
  );
  try {
    return await use([
      ...(clamd ? [clamdPeer(clamd)] : []),
      ...(programs ? pythonPeers(join(programs, 'python'), join(scratch, 'peer-files')) : []),
    ]);
  } finally {
    await clamd?.stop();
  }
}

function clamdPeer({ socket }: Clamd): ScanPeer {
  return {
    name: 'clamd INSTREAM',
    isFor: () => true,
    async seconds(files) {
      const began = performance.now();
      for (const { path } of files)
        await scanWithClamd({ path: socket }, fileAt('data', path), { milliseconds: 60_000 });
      return (performance.now() - began) / 1000;
    },
  };
}

function pythonPeers(python: string, list: string): ScanPeer[] {
  const peer = (name: string, word: string, isFor: ScanPeer['isFor']): ScanPeer => ({
    name,
    isFor,
    async seconds(files) {
      writeFileSync(list, files.map(({ path }) => path).join('\n'));
      const { stdout } = await run(python, [join(folder, 'scan_peer.py'), word, list]);
      return (JSON.parse(stdout) as { seconds: number }).seconds;
    },
  });
  return [
    peer('olevba', 'olevba', ({ type }) => documents.includes(type)),
    peer('pdfid', 'pdfid', ({ type }) => type === 'pdf'),
    peer('Python magika', 'magika', () => true),
  ];
}
