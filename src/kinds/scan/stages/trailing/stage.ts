import type { FileType, Stage } from '../../analysis/stage.ts';
import { lookBehind } from './look.ts';

/** Text has no end but that of the file, and is nothing else. */
const without: readonly FileType[] = ['empty', 'text', 'csv', 'lzip'];

export const looksBehind = (type: FileType) => !without.includes(type);

export const trailing: Stage = {
  name: 'trailing',
  version: '1',
  looksAt: ({ type }) => looksBehind(type),
  async look(file) {
    const { findings, pieces } = await lookBehind(file);
    const told = pieces.filter(({ what }) => what !== 'padding').slice(0, 20);
    return { findings, ...(told.length > 0 && { facts: { trailing: told } }) };
  },
};
