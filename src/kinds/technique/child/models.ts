import { availableParallelism } from 'node:os';
import type { ModelFile } from '../../../media/models/load-model.ts';
import { PersonDetector } from '../../../media/models/person-detector.ts';
import { PoseModel } from '../../../media/models/pose-model.ts';
import type { TechniqueModels } from '../technique-models.ts';

/**
 * Segments keep all cores busy with a process each. Samples are one task that someone is waiting for: it
 * takes a second core where one is free.
 */
export const QUICK_LOOK_THREADS = Math.min(2, availableParallelism());

const poses = new Map<string, Promise<PoseModel>>();
const detectors = new Map<string, Promise<PersonDetector>>();

/** Everything a look of either kind needs, loaded once a process. */
export async function loadModels(files: TechniqueModels): Promise<void> {
  for (const threads of new Set([1, QUICK_LOOK_THREADS])) {
    await poseModel(files.pose, threads);
    await personDetector(files.detector, threads);
  }
}

export function poseModel(file: ModelFile, threads: number): Promise<PoseModel> {
  return once(poses, file, threads, PoseModel.load);
}

export function personDetector(file: ModelFile, threads: number): Promise<PersonDetector> {
  return once(detectors, file, threads, PersonDetector.load);
}

function once<Model>(
  loaded: Map<string, Promise<Model>>,
  file: ModelFile,
  threads: number,
  load: (file: ModelFile, threads: number) => Promise<Model>,
): Promise<Model> {
  const key = `${threads} ${file.sha256} ${file.path}`;
  const known = loaded.get(key);
  if (known) return known;
  const loading = load(file, threads);
  loaded.set(key, loading);
  // A failure is not remembered: the file may be put right while the process lives.
  loading.catch(() => loaded.delete(key));
  return loading;
}
