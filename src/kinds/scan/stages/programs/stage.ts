import type { Stage } from '../../analysis/stage.ts';
import { elfFacts } from './elf.ts';
import { Fields } from './fields.ts';
import { machoFacts } from './macho.ts';
import { peFacts } from './pe.ts';

/** What the headers of programs say. A program is no alarm: what it is called, and where it lies, are of other stages. */
export const programsStage: Stage = {
  name: 'programs',
  version: '2',
  looksAt: ({ type }) => type === 'pe' || type === 'elf' || type === 'macho',
  look(file) {
    const facts =
      file.type === 'pe'
        ? peFacts(new Fields(file))
        : file.type === 'elf'
          ? elfFacts(file)
          : machoFacts(file);
    return { findings: [], facts, ...(isCutOff(facts) && { incomplete: ['The program is cut off.'] }) };
  },
};

/** A file for several processors holds a program for each. */
function isCutOff(facts: Record<string, unknown>): boolean {
  const parts = Array.isArray(facts.architectures) ? facts.architectures : [];
  return [facts, ...parts].some((part) => part?.truncated === true);
}
