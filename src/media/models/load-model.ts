import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { ModelUnusable } from '../../domain/errors.ts';
import { faultOf } from '../../domain/our-words.ts';
import { type OnnxModel, readOnnx, writeOnnx } from './graph/onnx-format.ts';

export interface ModelFile {
  path: string;
  /** Lower-case hex of the file's SHA-256: what results record, so what must have run. */
  sha256: string;
}

/** A folder that was not mounted, or not for this user. */
const notThere = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM']);

/**
 * Threads split the work by output values and never the sum behind one, so their number changes no bit of a
 * result (there is a test for that). They wait without spinning: other processes use the cores meanwhile.
 * @param threads that compute one inference together
 * @param prepare changes the model before it is loaded
 * @param memory `given back` for models that need much of it and run seldom: after a run they keep none of it
 * @returns the session, and what `prepare` gave
 * @throws ModelUnusable when the file is not there, not the one the configuration names, or no model that can be run
 */
export async function loadModel<T>(
  { path, sha256 }: ModelFile,
  threads: number,
  prepare: (model: OnnxModel) => T,
  memory: 'kept' | 'given back' = 'kept',
): Promise<{ session: InferenceSession; prepared: T }> {
  const bytes = await readFile(path).catch((error) => {
    if (!notThere.has(error.code)) throw error;
    throw new ModelUnusable(
      `The model ${basename(path)} cannot be read: ${faultOf(error) ?? 'it is no file'}. Restore the models folder of the worker, then retry the job.`,
      { cause: error },
    );
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new ModelUnusable(
      `The model ${basename(path)} has SHA-256 ${found}, but ${sha256} was configured. Restore the file, or configure the new hash, then retry the job.`,
    );
  }
  try {
    const model = readOnnx(bytes);
    const prepared = prepare(model);
    const session = await InferenceSession.create(writeOnnx(model), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      enableCpuMemArena: memory === 'kept',
      enableMemPattern: memory === 'kept',
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return { session, prepared };
  } catch (error) {
    throw unusable(path, 'onnxruntime cannot run it', error);
  }
}

/** @param why in words that follow "cannot be used:" */
export function unusable(path: string, why: string, cause?: unknown): ModelUnusable {
  return new ModelUnusable(
    `The model ${basename(path)} cannot be used: ${why}. Put one there that is as models/README.md says, with its SHA-256 in SHA256SUMS; then retry the job.`,
    { cause },
  );
}
