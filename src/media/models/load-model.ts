import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InferenceSession } from 'onnxruntime-node';

export interface ModelFile {
  path: string;
  /** Lower-case hex of the file's SHA-256: what results record, so what must have run. */
  sha256: string;
}

/**
 * Threads split the work by output values and never the sum behind one, so their number changes no bit of a
 * result (there is a test for that). They wait without spinning: other processes use the cores meanwhile.
 * @param threads that compute one inference together
 * @throws Error when the file is not the one the configuration names
 */
export async function loadModel({ path, sha256 }: ModelFile, threads: number): Promise<InferenceSession> {
  const bytes = await readFile(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new Error(
      `The model ${path} has SHA-256 ${found}, but ${sha256} was configured. Restore the file, or configure the new hash.`,
    );
  }
  return InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}
