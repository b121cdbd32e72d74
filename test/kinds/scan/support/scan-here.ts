import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScanLimits, usualLimits } from '../../../../src/kinds/scan/analysis/limits.ts';
import type { ScanResult } from '../../../../src/kinds/scan/analysis/result.ts';
import { type Listed, type ScanHands, scanTree } from '../../../../src/kinds/scan/analysis/scan-tree.ts';
import { childrenOf, TreePaths } from '../../../../src/kinds/scan/child/children-of.ts';
import { look } from '../../../../src/kinds/scan/child/look.ts';
import { unpack } from '../../../../src/kinds/scan/child/unpack.ts';

export interface ScanHere {
  limits?: Partial<ScanLimits>;
  passwords?: readonly string[];
  listed?: (sha256: string | null) => Listed;
}

/** The whole look at a file, within this process: without limits of time and memory, and without ClamAV. */
export async function scanHere(path: string, name: string, options: ScanHere = {}): Promise<ScanResult> {
  const limits = { ...usualLimits, ...options.limits };
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-scan-here-'));
  const paths = new TreePaths();
  let containers = 0;
  const taskFor = (file: { key: string; name: string; path: string; declaredType?: string | undefined }) => ({
    path: file.key,
    name: file.name,
    declaredType: file.declaredType,
    treePath: file.path,
    fileBytes: limits.file_bytes,
  });
  const hands: ScanHands = {
    listed: options.listed ?? (() => undefined),
    isOver: () => false,
    async look(file) {
      const looked = await look({ task: 'scanLook', ...taskFor(file) }, () => {});
      return { ...looked, stages: [...looked.stages, withoutClamav] };
    },
    async unpack(file, type, budget) {
      const into = join(folder, String(++containers));
      mkdirSync(into);
      const task = { task: 'scanUnpack' as const, ...taskFor(file), type, folder: into, budget };
      const { children, ...unpacked } = await unpack({ ...task, passwords: options.passwords ?? [] });
      return {
        ...unpacked,
        children: childrenOf(file, children, into, paths),
      };
    },
  };
  try {
    const { size } = statSync(path);
    return await scanTree({ key: path, name, path: name, size }, hands, limits, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const withoutClamav = {
  name: 'clamav' as const,
  category: 'unsupported' as const,
  score: 0,
  findings: [],
  elapsed_ms: 0,
  version: '',
  reasons: [],
};
