import type { ModelFile } from '../../media/models/load-model.ts';
import { readModelsFolder } from '../../media/models/models-folder.ts';

export interface TechniqueModels {
  pose: ModelFile;
  detector: ModelFile;
}

/** @throws Error when the folder, or the list in it, does not have one of them */
export async function readTechniqueModels(folder: string): Promise<TechniqueModels> {
  const model = await readModelsFolder(folder);
  return { pose: model('movenet-singlepose-lightning.onnx'), detector: model('centernet-coco-512.onnx') };
}
