import type { ChildDetails, ChildSink } from './unpacker.ts';

/** A child whose bytes are all there. */
export function give(sink: ChildSink, name: string, bytes: Uint8Array, more?: ChildDetails): void {
  const writer = sink.open(name, more);
  writer.write(bytes);
  writer.end();
}

/** A child of which only the beginning is there; it counts as cut off. */
export function giveCutOff(sink: ChildSink, name: string, bytes: Uint8Array, more?: ChildDetails): void {
  sink.open(name, more).write(bytes);
}
