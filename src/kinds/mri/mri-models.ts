import { basename } from 'node:path';
import { type MriModelNames, shippedMriModels } from '../../domain/kinds/mri.ts';
import { readModelsFolder } from '../../media/models/models-folder.ts';
import type { HeadModelFiles } from './child/head-model.ts';

/** The models of a head's analysis, each with its card. */
export interface MriModels {
  quick: HeadModelFiles;
  brain: HeadModelFiles;
  structures: HeadModelFiles;
  second: HeadModelFiles;
}

/**
 * @param others files without their endings, in the place of those that ship
 * @throws Error when the folder, or the list in it, does not have one of them or its card
 */
export async function readMriModels(folder: string, others: Partial<MriModelNames> = {}): Promise<MriModels> {
  const names = { ...shippedMriModels, ...others };
  const file = await readModelsFolder(folder);
  const read = (name: string): HeadModelFiles => ({
    model: file(`${name}.onnx`),
    card: file(`${name}.card.json`),
  });
  return {
    quick: read(names.quick),
    brain: read(names.brain),
    structures: read(names.structures),
    second: read(names.second),
  };
}

/** For provenance: every model by its name. */
export function namesOf({ quick, brain, structures, second }: MriModels): { name: string; sha256: string }[] {
  return [quick, brain, structures, second].map(({ model: { path, sha256 } }) => ({
    name: basename(path, '.onnx'),
    sha256,
  }));
}
