import type { FileType } from '../../analysis/stage.ts';
import { endOf } from '../../stages/trailing/ends/end-of.ts';
import { View } from '../../stages/trailing/ends/view.ts';
import type { ChildSink } from '../unpacker.ts';
import type { Listing } from './listing.ts';
import type { Complaints } from './messages.ts';
import type { Input } from './run.ts';

const BLOCK = 65_536;

/**
 * Gives what 7-Zip saw behind the end of an archive, but for padding. Where we can say the end of a format ourselves,
 * the look for trailing data does it.
 * @returns why something was not looked at
 */
export async function giveTail(
  input: Input,
  type: FileType,
  { properties }: Listing,
  { dataAfterEnd }: Complaints,
  sink: ChildSink,
): Promise<string[]> {
  const tail = Number.parseInt(properties['Tail Size'] ?? '', 10);
  const isKnown = tail > 0 && tail < input.size;
  if (!isKnown && !dataAfterEnd) return [];
  if ((await endOf[type]?.(new View(input))) !== undefined) return [];
  if (!isKnown) return ['Something follows its end, and was not looked at.'];
  const start = behindZeros(input, input.size - tail);
  if (start === input.size) return [];
  const writer = sink.open(`after-end-at-${start}`, { offset: start, note: 'after the end of the archive' });
  for (let at = start; at < input.size; at += BLOCK)
    writer.write(input.read(at, Math.min(at + BLOCK, input.size)));
  writer.end();
  return [];
}

function behindZeros(input: Input, from: number): number {
  for (let at = from; at < input.size; at += BLOCK) {
    const found = input.read(at, Math.min(at + BLOCK, input.size)).findIndex((byte) => byte !== 0);
    if (found >= 0) return at + found;
  }
  return input.size;
}
