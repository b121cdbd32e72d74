import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FileType, Stage } from '../../../../../src/kinds/scan/analysis/stage.ts';
import { officeFindings } from '../../../../../src/kinds/scan/stages/office/findings.ts';
import { officeStage } from '../../../../../src/kinds/scan/stages/office/stage.ts';
import { pdfFindings } from '../../../../../src/kinds/scan/stages/pdf/findings.ts';
import { pdfStage } from '../../../../../src/kinds/scan/stages/pdf/stage.ts';
import { documentUnpackers } from '../../../../../src/kinds/scan/unpack/document-unpackers.ts';
import { fileOf } from '../../support/memory-file.ts';
import { MemorySink } from '../../support/memory-sink.ts';

const seed = Date.now() % 2 ** 31;
const samples: [FileType, string][] = [
  ['doc', 'calc_embedded.doc'],
  ['xls', 'test.xls'],
  ['msi', 'test.msi'],
  ['ooxml', 'dde-test.xlsx'],
  ['ooxml', 'encrypted.xlsx'],
  ['odf', 'sample.odt'],
  ['onenote', 'test.one'],
  ['pdf', 'sample.pdf'],
  ['eml', 'test_links.eml'],
  ['rtf', 'sample.rtf'],
];
const stages: Stage[] = [officeStage, pdfStage];
const known = { ...officeFindings, ...pdfFindings };

test('no damage makes a stage or an unpacker throw, or say what is in no catalogue', async () => {
  const files = samples.map(([type, name]) => ({
    type,
    bytes: readFileSync(new URL(`../../labelled/files/${name}`, import.meta.url)),
  }));
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.constantFrom(0, 1, 0x7f, 0xff),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { maxLength: 40 }),
      // Heads are where lengths and places stand.
      fc.constantFrom(600, 6000, Number.POSITIVE_INFINITY),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async ({ type, bytes }, changes, head, kept) => {
        const damaged = Buffer.from(
          bytes.subarray(0, kept < 0.5 ? Math.floor(2 * kept * bytes.length) : bytes.length),
        );
        const reach = Math.min(head, damaged.length);
        for (const { at, byte } of changes) if (reach > 0) damaged[Math.floor(at * (reach - 1))] = byte;
        const file = fileOf(type, damaged);
        for (const stage of stages.filter((candidate) => candidate.looksAt(file))) {
          const { findings } = await stage.look(file);
          expect(findings.filter(({ id }) => !known[id])).toEqual([]);
        }
        await documentUnpackers.find((unpacker) => unpacker.opens(file))?.unpack(file, new MemorySink(), []);
      },
    ),
    { numRuns: 300, seed },
  );
});
