import type { ModelFile } from '../media/models/load-model.ts';
import { PersonDetector } from '../media/models/person-detector.ts';
import { PoseModel } from '../media/models/pose-model.ts';

const poses = new Map<string, Promise<PoseModel>>();
const detectors = new Map<string, Promise<PersonDetector>>();

/** Loaded once a process: a warm child pays for its models with its first look only. */
export function poseModel(file: ModelFile): Promise<PoseModel> {
  return once(poses, file, PoseModel.load);
}

export function personDetector(file: ModelFile): Promise<PersonDetector> {
  return once(detectors, file, PersonDetector.load);
}

function once<Model>(
  loaded: Map<string, Promise<Model>>,
  file: ModelFile,
  load: (file: ModelFile) => Promise<Model>,
): Promise<Model> {
  const key = `${file.sha256} ${file.path}`;
  const known = loaded.get(key);
  if (known) return known;
  const loading = load(file);
  loaded.set(key, loading);
  // A failure is not remembered: the file may be put right while the process lives.
  loading.catch(() => loaded.delete(key));
  return loading;
}
