import { constantOf, floatsOf, giverOf, onlyReaderOf, sizeOf } from './look-up.ts';
import { FLOAT, type OnnxModel, type OnnxTensor } from './onnx-format.ts';

/**
 * Where a model squares the distance of every place of a map from a point (`(y − y0)² + (x − x0)²`), its rows and columns
 * come as whole maps, so that every difference is taken and squared as often as there are places in the map. Stored once
 * each, they are broadcast by the addition: the same values, fewer times.
 * @returns how many such sums were changed, in place
 */
export function keepAxesApart(model: OnnxModel): number {
  let changed = 0;
  for (const sum of model.graph.node.filter(({ op_type }) => op_type === 'Add')) {
    const [one, other] = sum.input.map((name) => mapUnderSquare(model, name));
    if (!one || !other || one === other || one.dims.join() !== other.dims.join()) continue;
    const [across, down] = [repeatingAxis(one), repeatingAxis(other)];
    if (across === null || down === null || across === down) continue;
    shrink(one, across);
    shrink(other, down);
    changed++;
  }
  return changed;
}

/** The constant of `name` = (constant − point)², where nothing else reads any of it. */
function mapUnderSquare(model: OnnxModel, name: string): OnnxTensor | undefined {
  const square = giverOf(model, name);
  const [factor] = square?.input ?? [];
  if (square?.op_type !== 'Mul' || factor !== square.input[1] || !onlyReaderOf(model, name)) return undefined;
  const difference = giverOf(model, factor as string);
  if (difference?.op_type !== 'Sub' || !onlyReaderOf(model, factor as string)) return undefined;
  const map = constantOf(model, difference.input[0]);
  return map && map.data_type === FLOAT && onlyReaderOf(model, map.name) ? map : undefined;
}

/** The one axis, longer than 1, along which the values stay the same; null where there is none or more. */
function repeatingAxis(tensor: OnnxTensor): number | null {
  const dims = tensor.dims.map(Number);
  const values = floatsOf(tensor);
  if (values.length !== sizeOf(dims)) return null;
  const repeating = dims.flatMap((length, axis) => {
    const step = sizeOf(dims.slice(axis + 1));
    const repeats = values.every(
      (value, at) => value === values[at - (Math.floor(at / step) % length) * step],
    );
    return length > 1 && repeats ? [axis] : [];
  });
  return repeating.length === 1 ? (repeating[0] as number) : null;
}

/** Keeps the first of each run along `axis`. */
function shrink(tensor: OnnxTensor, axis: number): void {
  const dims = tensor.dims.map(Number);
  const step = sizeOf(dims.slice(axis + 1));
  const length = dims[axis] as number;
  const kept = floatsOf(tensor).filter((_, at) => Math.floor(at / step) % length === 0);
  tensor.raw_data = new Uint8Array(kept.buffer);
  tensor.dims = dims.with(axis, 1);
}
