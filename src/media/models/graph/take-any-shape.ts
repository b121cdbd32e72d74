import {
  attributeOf,
  constantOf,
  divisionBy,
  giverOf,
  onlyReaderOf,
  readersOf,
  wholesOf,
  wholesTensor,
} from './look-up.ts';
import { INT, type OnnxModel, type OnnxTensor } from './onnx-format.ts';

const CHANNELS = 3;
const CHANNELS_LAST = '0,2,3,1';
/** Place of the width in the shape of a map with its channels last. */
const WIDTH = 2;

/**
 * Lets a CenterNet detector, built for square pictures of one size, take every height and width that its strides
 * divide. Its layers do so by themselves but for the last: these line up the places of a map, and take a position in
 * that line apart by the map's width. The length of the line is left open, and the width read from the map. Squares of
 * the size that it was built for give what they gave, to a rounding of the sums.
 * @returns that size, in pixels; null where the model is built otherwise, and left as it was
 */
export function takeAnyShape(model: OnnxModel): number | null {
  const { graph } = model;
  const sides = graph.input[0]?.type.tensor_type.shape?.dim ?? [];
  const side = Number(sides[1]?.dim_value ?? 0);
  const isSquare = sides.map(({ dim_value }) => dim_value).join() === [1, side, side, CHANNELS].join();
  const line = lineOfPlaces(model);
  const divisor = line && divisorOf(model, line.width);
  if (!isSquare || !line || !divisor) return null;

  graph.input[0]?.type.tensor_type.shape?.dim.splice(1, 2, { dim_param: 'height' }, { dim_param: 'width' });
  Object.assign(line.shape, wholesTensor(line.shape.name, [-1, line.channels]));
  const name = (what: string) => `${line.map}/${what}`;
  for (const reader of readersOf(model, divisor.name)) {
    reader.input = reader.input.map((one) => (one === divisor.name ? name('width_as_divisor') : one));
  }
  graph.initializer.push(wholesTensor(name('place'), [WIDTH], []));
  const after = graph.node.findIndex(({ output }) => output.includes(line.map)) + 1;
  graph.node.splice(
    after,
    0,
    { op_type: 'Shape', input: [line.map], output: [name('shape')] },
    { op_type: 'Gather', input: [name('shape'), name('place')], output: [name('width')] },
    {
      op_type: 'Cast',
      input: [name('width')],
      output: [name('width_as_divisor')],
      attribute: [{ name: 'to', type: INT, i: divisor.data_type }],
    },
  );
  return side;
}

/** The one square map that is lined up to be read by position, its width and channels, and the tensor that gives the line's shape. */
function lineOfPlaces(model: OnnxModel) {
  const { node: nodes, initializer } = model.graph;
  const lines = nodes.flatMap(({ op_type, input }) => {
    const reshape = op_type === 'Gather' ? giverOf(model, input[0] as string) : undefined;
    const shape = reshape?.op_type === 'Reshape' ? constantOf(model, reshape.input[1]) : undefined;
    if (!reshape || !shape || !onlyReaderOf(model, shape.name)) return [];
    const [places = 0, channels, ...others] = wholesOf(shape);
    const width = Math.sqrt(places);
    const map = reshape.input[0] as string;
    const transpose = giverOf(model, map);
    if (transpose?.op_type !== 'Transpose' || attributeOf(transpose, 'perm') !== CHANNELS_LAST) return [];
    if (!channels || others.length > 0 || !Number.isInteger(width)) return [];
    return [{ map, shape, channels, width, places }];
  });
  const [line] = lines;
  // Whatever else names that number of places would not fit another shape.
  const naming = initializer.filter((tensor) => line && wholesOf(tensor).includes(line.places));
  return lines.length === 1 && naming.length === 1 ? line : undefined;
}

/** The number that positions are divided by, where that is all it is for, and no other constant is that number. */
function divisorOf(model: OnnxModel, value: number): OnnxTensor | undefined {
  const [divisor, ...others] = model.graph.initializer.filter(
    (tensor) => tensor.dims.length === 0 && wholesOf(tensor).join() === `${value}`,
  );
  return divisor && others.length === 0 && divisionBy(model, divisor.name) ? divisor : undefined;
}
