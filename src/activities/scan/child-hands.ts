import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ChildLost, type HowLost } from '../../domain/child-lost.ts';
import { TooLarge, WorkerTooBusy } from '../../domain/errors.ts';
import type { Budget, ScanLimits } from '../../kinds/scan/analysis/limits.ts';
import type { FileStage } from '../../kinds/scan/analysis/result.ts';
import {
  type FileLook,
  type FileToScan,
  type Listed,
  notBegun,
  type ScanHands,
  type Unpacked,
} from '../../kinds/scan/analysis/scan-tree.ts';
import { type FileType, type StageName, stageNames } from '../../kinds/scan/analysis/stage.ts';
import { emptyRow } from '../../kinds/scan/analysis/stage-row.ts';
import { childrenOf, TreePaths } from '../../kinds/scan/child/children-of.ts';
import type { ScanTasks } from '../../kinds/scan/child/tasks.ts';
import type { TaskPool } from '../../media/child-pool.ts';

export interface ChildHandsNeeds {
  pool: TaskPool<ScanTasks>;
  /** Children of containers are written below it. */
  folder: string;
  limits: ScanLimits;
  passwords: readonly string[];
  listed(sha256: string | null): Listed;
  /** Shows a file to ClamAV, or says that there is none. */
  askClamav(file: FileToScan, signal: AbortSignal): Promise<FileStage>;
  signal: AbortSignal;
  /** Told of each file as it is taken up. */
  onFile(path: string): void;
}

/** The stages that a child process does; ClamAV is asked by the worker itself. */
const inChild = stageNames.filter((name) => name !== 'unpack' && name !== 'clamav');
/** A child that crashed is not known to crash again; one that took its whole time is. */
const TRIES = 2;

export interface ChildHands extends ScanHands {
  /**
   * Puts a file of the tree into an encrypted archive.
   * @param treePath as results name it
   * @returns false where no file of the tree has this path
   * @throws TooLarge
   */
  seal(treePath: string, into: string): Promise<boolean>;
}

/** Looks and unpacks in the children of the small sandbox. A child that is lost costs the stage that it was at, no more. */
export function childHands(needs: ChildHandsNeeds): ChildHands {
  const { pool, folder, limits, passwords, listed, askClamav, signal, onFile } = needs;
  // Processor time counts, so that a busy machine is not the file's fault. The clock ends what waits for nothing.
  const { stage_seconds } = limits;
  const run = { signal, limits: { seconds: 5 * stage_seconds, stallSeconds: stage_seconds } };
  const ends = performance.now() + 1000 * limits.scan_seconds;
  const isOver = () => performance.now() >= ends;
  const seen = new Map<string, FileToScan>();
  const paths = new TreePaths();
  let containers = 0;

  const taskFor = ({ key, name, path, declaredType }: FileToScan) => ({
    path: key,
    name,
    declaredType,
    treePath: path,
    fileBytes: limits.file_bytes,
  });
  const lookAt = (file: FileToScan, only?: readonly StageName[]): Promise<FileLook> =>
    pool.run({ task: 'scanLook', ...taskFor(file), ...(only && { only }) }, run);

  async function stageAlone(file: FileToScan, name: StageName): Promise<FileLook | FileStage> {
    if (isOver()) return notBegun(name, limits.scan_seconds);
    try {
      return await pool.run(
        { task: 'scanLook', ...taskFor(file), only: [name] },
        { ...run, limits: { ...run.limits, tries: TRIES } },
      );
    } catch (error) {
      return lostStage(name, error, stage_seconds);
    }
  }

  async function lookInChild(file: FileToScan): Promise<FileLook> {
    try {
      return await lookAt(file);
    } catch (error) {
      if (!(error instanceof ChildLost)) throw error;
    }
    // One of the stages has ended the child: each by itself, so that the others are heard.
    const looks: FileLook[] = [];
    const lost: FileStage[] = [];
    for (const name of inChild) {
      const one = await stageAlone(file, name);
      if ('mediaType' in one) looks.push(one);
      else lost.push(one);
    }
    const [first] = looks;
    return {
      type: first?.type ?? 'data',
      mediaType: first?.mediaType ?? 'application/octet-stream',
      sha256: looks.find(({ sha256 }) => sha256)?.sha256 ?? null,
      stages: [...looks.flatMap(({ stages }) => stages), ...lost],
      opens: first?.opens ?? false,
    };
  }

  async function unpackInChild(
    file: FileToScan,
    type: FileType,
    budget: Budget,
    tries: number,
  ): Promise<Unpacked> {
    const into = join(folder, String(++containers));
    await mkdir(into, { mode: 0o700 });
    try {
      const { children, ...unpacked } = await pool.run(
        { task: 'scanUnpack', ...taskFor(file), type, folder: into, budget, passwords },
        run,
      );
      return {
        ...unpacked,
        children: childrenOf(file, children, into, paths),
      };
    } catch (error) {
      const stage = lostStage('unpack', error, stage_seconds);
      const expanded = await bytesWithin(into);
      await rm(into, { recursive: true, force: true });
      // Killed from outside, perhaps: the file is not known to do it again.
      const isChance = error instanceof ChildLost && (error.how === 'signal' || error.how === 'exit');
      if (isChance && tries > 1) return unpackInChild(file, type, budget, tries - 1);
      // What came out by then is not looked at, since nobody knows its names; but it counts.
      return { stage, children: [], expanded, limits: stage.limit ? [stage.limit] : [], notes: [] };
    }
  }

  return {
    listed,
    isOver,

    async look(file) {
      onFile(file.path);
      seen.set(file.path, file);
      const [look, clamav] = await Promise.all([lookInChild(file), askClamav(file, signal)]);
      return { ...look, stages: [...look.stages, clamav] };
    },

    async seal(treePath, into) {
      const file = seen.get(treePath);
      if (!file) return false;
      assertSealable(file, limits);
      await pool.run({ task: 'scanSeal', ...taskFor(file), into }, run);
      return true;
    },

    unpack: (file, type, budget) => unpackInChild(file, type, budget, TRIES),
  };
}

/**
 * An archive is made in memory.
 * @throws TooLarge
 */
export function assertSealable(
  { path, size }: Pick<FileToScan, 'path' | 'size'>,
  { file_bytes }: Pick<ScanLimits, 'file_bytes'>,
): void {
  if (size > file_bytes)
    throw new TooLarge(
      `"${path}" has ${size} bytes; files of up to ${file_bytes} can be extracted. Ask an operator to raise DOUBLETAKE_SCAN_FILE_BYTES.`,
    );
}

async function bytesWithin(folder: string): Promise<number> {
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @throws the error itself where it is not the loss of a child */
function lostStage(name: StageName, error: unknown, seconds: number): FileStage {
  if (!(error instanceof ChildLost)) throw error;
  if (error.how === 'starved') throw new WorkerTooBusy('the scan', { cause: error });
  const isTime = error.how === 'time' || error.how === 'stalled';
  const reason: Record<Exclude<HowLost, 'starved'>, string> = {
    time: `It took more than ${error.detail} s and was ended.`,
    stalled: `It took more than ${error.detail} s and was ended.`,
    memory: `It took more than ${error.detail} MiB of memory and was ended.`,
    exit: 'The process that looked at the file ended by itself.',
    signal: 'The process that looked at the file crashed.',
  };
  return {
    ...emptyRow(name, isTime ? 'timeout' : 'failure', ''),
    reasons: [reason[error.how]],
    ...(isTime && { limit: { name: 'stage_seconds', value: seconds } }),
  };
}
