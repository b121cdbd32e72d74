import type { ModelFile } from '../../media/models/load-model.ts';
import { readModelsFolder } from '../../media/models/models-folder.ts';
import type { HeadModelFiles } from './child/head-model.ts';

/** The four models, each with the card that says how it is used. */
export interface MriModels {
  /** The quick look: white and grey, roughly. */
  quick: HeadModelFiles;
  /** Where the brain is. */
  brain: HeadModelFiles;
  structures: HeadModelFiles;
  /** The same structures by an independent model. */
  second: HeadModelFiles;
}

/** @throws Error when the folder, or the list in it, does not have one of them */
export async function readMriModels(folder: string): Promise<MriModels> {
  const file = await readModelsFolder(folder);
  const named = (name: string): HeadModelFiles => ({
    model: file(`${name}.onnx`),
    card: file(`${name}.card.json`),
  });
  return {
    quick: named('meshnet-gwm'),
    brain: named('meshnet-gwm20'),
    structures: named('meshnet-18'),
    second: named('meshnet-18b'),
  };
}

/** For provenance: every model by its name. */
export function namesOf(models: MriModels): { name: string; sha256: string }[] {
  const of = ({ model }: { model: ModelFile }) => ({
    name:
      model.path
        .split('/')
        .at(-1)
        ?.replace(/\.onnx$/, '') ?? model.path,
    sha256: model.sha256,
  });
  return [models.quick, models.brain, models.structures, models.second].map(of);
}
