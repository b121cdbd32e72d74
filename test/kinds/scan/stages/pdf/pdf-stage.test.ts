import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { stageScore } from '../../../../../src/kinds/scan/analysis/findings.ts';
import { pdfFindings } from '../../../../../src/kinds/scan/stages/pdf/findings.ts';
import { pdfStage } from '../../../../../src/kinds/scan/stages/pdf/stage.ts';
import { program } from '../../support/compound.ts';
import { packedPdfOf, pageOf, pdfOf, streamOf } from '../../support/documents.ts';
import { fileOf } from '../../support/memory-file.ts';

async function looked(bytes: Uint8Array) {
  const { findings, incomplete = [], facts } = await pdfStage.look(fileOf('pdf', bytes));
  const score = stageScore(findings.map(({ id }) => ({ score: pdfFindings[id]?.score ?? Number.NaN })));
  return { ids: findings.map(({ id }) => id), findings, incomplete, score, facts };
}

const script = '<< /S /JavaScript /JS (app.alert\\(1\\)) >>';
const format = '<< /S /JavaScript /JS (AFNumber_Format\\(2, 0, 0, 0, "", true\\);) >>';
const opening = pageOf('/OpenAction 6 0 R', { 6: script }) as Record<number, string>;

describe('a script on opening is found', () => {
  test.each([
    ['plain', pdfOf(opening)],
    ['in an object stream', packedPdfOf(opening)],
    [
      'with names in hexadecimal',
      pdfOf(pageOf('/Open#41ction 6 0 R', { 6: '<< /#53 /#4a#61vaScript /J#53 <6170702e616c657274> >>' })),
    ],
    [
      'in a stream',
      pdfOf(
        pageOf('/OpenAction 6 0 R', { 6: '<< /S /JavaScript /JS 7 0 R >>', 7: streamOf('', 'app.alert(1)') }),
      ),
    ],
    [
      'in the name tree',
      pdfOf(
        pageOf('/Names << /JavaScript << /Kids [7 0 R] >> >>', { 6: script, 7: '<< /Names [(a) 6 0 R] >>' }),
      ),
    ],
    ['of a page', pdfOf(pageOf('', { 6: script }, '/AA << /O 6 0 R >>'))],
    ['when the document is closed', pdfOf(pageOf('/AA << /WC 6 0 R >>', { 6: script }))],
    [
      'after another action',
      pdfOf(pageOf('/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [6 0 R] >>', { 6: script })),
    ],
    ['with something before the head', pdfOf(opening, { before: 'x'.repeat(100) })],
    ['with wrong places in the table', pdfOf(opening, { shift: 7 })],
    [
      'without a table',
      Buffer.from(
        pdfOf(opening)
          .toString('latin1')
          .replace(/xref\n[\s\S]*$/, 'trailer << /Root 1 0 R >>'),
        'latin1',
      ),
    ],
    [
      'in a packed file without its table',
      Buffer.from(
        packedPdfOf(opening)
          .toString('latin1')
          .replace(/startxref[\s\S]*$/, ''),
        'latin1',
      ),
    ],
  ])('%s', async (_, bytes) => {
    const { ids, incomplete } = await looked(bytes);
    expect(ids).toEqual(['pdf.open-action-script']);
    expect(incomplete).toEqual([]);
  });

  test('in a later version of the file, and not in one that is overwritten', async () => {
    const append = (before: Buffer, body: string) => {
      const at = before.length + 1;
      const old = /startxref\n(\d+)/.exec(before.toString('latin1'))?.[1];
      const object = `\n6 0 obj\n${body}\nendobj\n`;
      const table = `xref\n6 1\n${String(at).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 7 /Root 1 0 R /Prev ${old} >>\nstartxref\n${before.length + object.length}\n%%EOF\n`;
      return Buffer.concat([before, Buffer.from(object + table, 'latin1')]);
    };
    const harmless = pdfOf(pageOf('/OpenAction 6 0 R', { 6: '[3 0 R /Fit]' }));
    expect((await looked(append(harmless, script))).ids).toEqual(['pdf.open-action-script']);
    expect((await looked(append(pdfOf(opening), '[3 0 R /Fit]'))).ids).toEqual([]);
  });

  test.each(['rc4-40', 'rc4-128', 'aes-128', 'aes-256-r5', 'aes-256-r6'])(
    'in a file encrypted by %s',
    async (name) => {
      const bytes = readFileSync(new URL(`../../fixtures/documents/${name}.pdf`, import.meta.url));
      const { findings, incomplete } = await looked(bytes);
      expect(findings).toEqual([
        expect.objectContaining({ id: 'pdf.open-action-script', evidence: 'app.alert("hello")' }),
        expect.objectContaining({ id: 'pdf.embedded-script', evidence: 'a.bat (10 bytes)' }),
      ]);
      expect(incomplete).toEqual([]);
    },
  );

  test('even where it needs a password, which is said', async () => {
    const bytes = readFileSync(new URL('../../fixtures/documents/aes-256-password.pdf', import.meta.url));
    const { ids, incomplete } = await looked(bytes);
    expect(ids).toContain('pdf.open-action-script');
    expect(incomplete).toEqual([expect.stringMatching(/password/)]);
  });
});

describe('what acts', () => {
  test.each([
    ['pdf.launch-action', '<< /S /Launch /Win << /F (cmd.exe) /P (/c echo) >> >>'],
    ['pdf.launch-action', '<< /S /Launch /F << /F (a.exe) >> >>'],
    ['pdf.remote-go-to', '<< /S /GoToE /F (\\\\\\\\host\\\\share\\\\a.pdf) /D [0 /Fit] >>'],
    ['pdf.remote-go-to', '<< /S /GoToR /F << /FS /URL /F (http://host.invalid/a.pdf) >> >>'],
    ['pdf.link-runs', '<< /S /URI /URI (file:///C:/Windows/System32/cmd.exe) >>'],
    ['pdf.risky-script', '<< /S /JavaScript /JS (eval\\(unescape\\("%61"\\)\\)) >>'],
    ['pdf.risky-script', '<< /S /Rendition /JS (this.exportDataObject\\({}\\)) >>'],
  ])('%s, at a click', async (id, action) => {
    const { ids, score } = await looked(
      pdfOf(pageOf('', { 6: `<< /Subtype /Link /Rect [0 0 1 1] /A ${action} >>` }, '/Annots [6 0 R]')),
    );
    expect(ids).toContain(id);
    expect(score).toBeGreaterThanOrEqual(300);
  });

  test('forms that are sent by themselves', async () => {
    const send = '<< /S /SubmitForm /F << /FS /URL /F (http://host.invalid/) >> >>';
    expect((await looked(pdfOf(pageOf(`/OpenAction ${send}`)))).ids).toEqual(['pdf.open-action-submits']);
    expect((await looked(pdfOf(pageOf('', { 6: `<< /A ${send} >>` })))).score).toBeLessThan(300);
  });

  test('scripts of forms in XFA that use what forms do not need', async () => {
    const form = (code: string) => {
      const xml = `<template><script contentType="application/x-javascript"><![CDATA[${code}]]></script></template>`;
      return pdfOf(pageOf('/AcroForm << /XFA [(template) 6 0 R] >>', { 6: streamOf('', xml) }));
    };
    expect((await looked(form('xfa.host.messageBox("x")'))).ids).toEqual(['pdf.xfa-script']);
    expect((await looked(form('eval(x)'))).ids).toEqual(['pdf.xfa-script', 'pdf.risky-script']);
  });

  test('attachments by content and by name', async () => {
    const attached = (name: string, content: string | Buffer) =>
      pdfOf(
        pageOf('', { 6: `<< /Type /Filespec /F (${name}) /EF << /F 7 0 R >> >>`, 7: streamOf('', content) }),
      );
    expect((await looked(attached('a.pdf', program))).ids).toEqual(['pdf.embedded-program']);
    expect((await looked(attached('a.js', 'x'))).ids).toEqual(['pdf.embedded-script']);
    expect((await looked(attached('invoice.xml', '<a/>'))).ids).toEqual(['pdf.attachment']);
  });
});

describe('no alarm', () => {
  test.each([
    ['a page that is chosen', pdfOf(pageOf('/OpenAction [3 0 R /Fit]'))],
    ['a page that is gone to', pdfOf(pageOf('/OpenAction << /S /GoTo /D [3 0 R /Fit] >>'))],
    [
      'a link',
      pdfOf(
        pageOf(
          '',
          { 6: '<< /Subtype /Link /A << /S /URI /URI (https://example.com/) >> >>' },
          '/Annots [6 0 R]',
        ),
      ),
    ],
    [
      "fields that Acrobat's functions format",
      pdfOf(pageOf('', { 6: `<< /FT /Tx /T (a) /AA << /F ${format} /K ${format} >> >>` })),
    ],
    ['the words in a text', pdfOf(pageOf('', { 6: '(/OpenAction << /S /JavaScript /JS (eval) >>)' }))],
    [
      'the words in contents',
      pdfOf(pageOf('', { 6: streamOf('', '7 0 obj << /S /Launch /JS (x) >> endobj', false) })),
    ],
    [
      'the words in a comment',
      pdfOf(pageOf('', { 6: '% /S /Launch /OpenAction << /S /JavaScript >>\n(x)' })),
    ],
    [
      'a document beside this one',
      pdfOf(pageOf('', { 6: '<< /A << /S /GoToR /F (chapter2.pdf) /D [0 /Fit] >> >>' })),
    ],
  ])('%s', async (_, bytes) => {
    expect(await looked(bytes)).toMatchObject({ ids: [], incomplete: [] });
  });

  test('a script at a click is a note, however many there are', async () => {
    const fields = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [10 + index, `<< /FT /Btn /T (a) /A ${script} >>`]),
    );
    const { ids, score } = await looked(pdfOf(pageOf('', fields)));
    expect(ids).toEqual(['pdf.script']);
    expect(score).toBeLessThan(300);
  });

  test("a function by the name of Acrobat's, with more beside it", async () => {
    const more = '<< /S /JavaScript /JS (AFNumber_Format\\(2\\); app["la"+"unchURL"]\\("x"\\);) >>';
    expect((await looked(pdfOf(pageOf(`/OpenAction ${more}`)))).ids).toEqual(['pdf.open-action-script']);
  });
});

describe('what is missing is said', () => {
  test('where the file ends early', async () => {
    const whole = pdfOf(pageOf('', { 6: streamOf('', 'x'.repeat(500), false) }, '/Contents 6 0 R'));
    const at = whole.indexOf('6 0 obj');
    expect((await looked(whole.subarray(0, at))).incomplete).toEqual(['The object 6 is missing.']);
    expect((await looked(whole.subarray(0, 9))).incomplete).not.toEqual([]);
  });

  test('where an object stream is damaged', async () => {
    const bytes = packedPdfOf(opening);
    bytes.fill(0x55, bytes.indexOf('stream\n') + 9, bytes.indexOf('endstream') - 2);
    expect((await looked(bytes)).incomplete).not.toEqual([]);
  });

  test('where arrays are nested deeper than anybody needs', async () => {
    const { incomplete } = await looked(pdfOf(pageOf('', { 6: '['.repeat(100_000) })));
    expect(incomplete).toEqual([expect.stringMatching(/too deeply/)]);
  });
});
