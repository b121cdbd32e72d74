import { lookBehind } from '../../stages/trailing/look.ts';
import { looksBehind } from '../../stages/trailing/stage.ts';
import type { Unpacker } from '../unpacker.ts';
import { untilLimit } from '../until-limit.ts';

const BLOCK = 65_536;

/** Gives what stands behind the end of a file, and the archives that it is as well. The stage says what is wrong with it. */
export const trailing: Unpacker = {
  name: 'trailing',
  version: '1',
  opens: ({ type }) => looksBehind(type),
  async unpack(file, sink) {
    const { hidden } = await lookBehind(file);
    await untilLimit(() => {
      for (const { offset, length, what, note } of hidden) {
        const writer = sink.open(`${what}-at-${offset}`, { offset, note });
        const end = Math.min(offset + length, file.size);
        for (let at = offset; at < end; at += BLOCK) writer.write(file.read(at, Math.min(at + BLOCK, end)));
        writer.end();
      }
    });
    return { findings: [], incomplete: [] };
  },
};
