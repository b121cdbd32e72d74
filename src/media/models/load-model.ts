import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InferenceSession } from 'onnxruntime-node';

export interface ModelFile {
  path: string;
  /** Lower-case hex of the file's SHA-256: what results record, so what must have run. */
  sha256: string;
}

/**
 * One thread computes: sums in another order round differently, and the same frame must give the same
 * numbers. Parallelism comes from several child processes.
 * @throws Error when the file is not the one the configuration names
 */
export async function loadModel({ path, sha256 }: ModelFile): Promise<InferenceSession> {
  const bytes = await readFile(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new Error(
      `The model ${path} has SHA-256 ${found}, but ${sha256} was configured. Restore the file, or configure the new hash.`,
    );
  }
  return InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
}
