import type { HeadModelFiles } from '../../../src/kinds/mri/child/head-model.ts';
import { shippedModel } from '../media/shipped.ts';

function shipped(name: string): HeadModelFiles {
  return { model: shippedModel(`${name}.onnx`), card: shippedModel(`${name}.card.json`) };
}

export const headModels = {
  quick: shipped('meshnet-gwm'),
  brain: shipped('meshnet-gwm20'),
  structures: shipped('meshnet-18'),
  second: shipped('meshnet-18b'),
};
