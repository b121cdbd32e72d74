import { describe, expect, test } from '@jest/globals';
import { stageScore } from '../../../../../src/kinds/scan/analysis/findings.ts';
import type { FileType } from '../../../../../src/kinds/scan/analysis/stage.ts';
import { officeFindings } from '../../../../../src/kinds/scan/stages/office/findings.ts';
import { officeStage } from '../../../../../src/kinds/scan/stages/office/stage.ts';
import { compoundOf, ole10Native, olePackage, program, vbaStreams } from '../../support/compound.ts';
import { docxOf, relationshipsOf } from '../../support/documents.ts';
import { fileAt, fileOf } from '../../support/memory-file.ts';
import { zipOf } from '../../support/zip.ts';

async function looked(type: FileType, bytes: Uint8Array | string) {
  const { findings, incomplete = [], facts } = await officeStage.look(fileOf(type, bytes));
  const score = stageScore(findings.map(({ id }) => ({ score: officeFindings[id]?.score ?? Number.NaN })));
  return { ids: findings.map(({ id }) => id), findings, incomplete, score, facts };
}

const autoShell = { Module1: 'Sub AutoOpen()\r\n Shell "cmd /c echo x"\r\nEnd Sub\r\n' };
const harmless = { Module1: 'Sub FormatTable()\r\n Selection.Font.Bold = True\r\nEnd Sub\r\n' };

describe('labelled files', () => {
  const suspicious: [FileType, string, string][] = [
    ['doc', 'calc_embedded.doc', 'office.embedded-program'],
    ['doc', 'test_pe_object.doc', 'office.embedded-program'],
    ['ooxml', 'dde-test.docx', 'office.dde-field'],
    ['ooxml', 'dde-test.xlsx', 'office.dde-link'],
    ['xls', 'excel4_macro.xls', 'office.excel4-auto-open'],
    ['ooxml', 'external_ole.docx', 'office.remote-object'],
    ['ooxml', 'external_ole.xlsx', 'office.remote-object'],
  ];
  const at = (name: string) => new URL(`../../labelled/files/${name}`, import.meta.url);
  const fileScore = async (type: FileType, name: string) => {
    const report = await officeStage.look(fileAt(type, at(name)));
    const scores = report.findings.map(({ id }) => ({ score: officeFindings[id]?.score ?? Number.NaN }));
    return {
      ids: report.findings.map(({ id }) => id),
      score: stageScore(scores),
      incomplete: report.incomplete,
    };
  };

  test.each(suspicious)('%s %s has its reason', async (type, name, id) => {
    expect((await fileScore(type, name)).ids).toContain(id);
  });

  test.each<[FileType, string, RegExp]>([
    ['ppt', 'encrypted.ppt', /encrypted/],
    ['ooxml', 'encrypted.xlsx', /encrypted/],
    ['doc', 'test_password.doc', /encrypted/],
  ])('%s %s is incomplete', async (type, name, reason) => {
    const { score, incomplete } = await fileScore(type, name);
    expect(score).toBeLessThan(300);
    expect(incomplete).toEqual([expect.stringMatching(reason)]);
  });

  test.each<[FileType, string]>([
    ['doc', 'embedded-text.doc'],
    ['ooxml', 'embedded-text.pptx'],
    ['doc', 'harmless-clean.doc'],
    ['ooxml', 'test.docx'],
    ['ooxml', 'sample.xlsx'],
    ['odf', 'sample.odt'],
    ['rtf', 'sample.rtf'],
    ['msi', 'test.msi'],
    ['doc', 'test_classic.doc'],
  ])('%s %s is no alarm', async (type, name) => {
    const { score, incomplete } = await fileScore(type, name);
    expect(score).toBeLessThan(300);
    expect(incomplete).toEqual([]);
  });
});

describe('macros', () => {
  test('in a compound file and in a part of any name', async () => {
    const binary = compoundOf(vbaStreams(autoShell));
    const inWord = compoundOf(vbaStreams(autoShell, 'Macros/'));
    expect((await looked('doc', inWord)).ids).toEqual(['office.macro', 'office.auto-exec-macro']);
    const hidden = docxOf('', { 'word/theme/picture.dat': binary });
    expect((await looked('ooxml', hidden)).ids).toEqual(['office.macro', 'office.auto-exec-macro']);
  });

  test('that nothing runs are a note', async () => {
    const { ids, score } = await looked(
      'ooxml',
      docxOf('', { 'word/vbaProject.bin': compoundOf(vbaStreams(harmless)) }),
    );
    expect(ids).toEqual(['office.macro']);
    expect(score).toBeLessThan(300);
  });

  test('that the ribbon runs when it is loaded', async () => {
    const code = { Module1: 'Sub Ready(ribbon)\r\n Shell "x"\r\nEnd Sub\r\n' };
    const parts = {
      'customUI/customUI.xml': '<customUI onLoad="Ready"/>',
      'word/vbaProject.bin': compoundOf(vbaStreams(code)),
    };
    expect((await looked('ooxml', docxOf('', parts))).ids).toContain('office.auto-exec-macro');
  });

  test('whose compiled code names more than the source', async () => {
    const streams = vbaStreams(harmless);
    const names = Buffer.from('\xccaAutoOpen\0Shell\0', 'latin1');
    const { ids, score } = await looked('ole', compoundOf({ ...streams, 'VBA/_VBA_PROJECT': names }));
    expect(ids).toContain('office.vba-stomping');
    expect(score).toBeLessThan(300);
  });
});

const field = (...pieces: string[]) =>
  pieces.map((piece) => `<w:r><w:instrText>${piece}</w:instrText></w:r>`).join('');
const character = (type: string) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;

describe('fields', () => {
  test.each([
    [
      'split over runs',
      `${character('begin')}${field('DD', 'EAU', 'TO c:\\\\cmd.exe &quot;/k x&quot;')}${character('end')}`,
    ],
    ['simple', `<w:fldSimple w:instr='DDE "cmd" "/c x"'/>`],
    ['never ended', `${character('begin')}${field('DDEAUTO cmd x')}`],
    [
      'by numbers of characters',
      `${character('begin')}${character('begin')}${field('QUOTE 68 68 69 65 85 84 79')}${character('end')}${field(' cmd x')}${character('end')}`,
    ],
    [
      'by a name that is set before',
      `${character('begin')}${field('SET a "DDE"')}${character('end')}${character('begin')}${character('begin')}${field('REF a')}${character('end')}${field(' cmd x')}${character('end')}`,
    ],
  ])('that start programs, %s', async (_, body) => {
    expect((await looked('ooxml', docxOf(`<w:p>${body}</w:p>`))).ids).toEqual(['office.dde-field']);
  });

  test('in UTF-16, and in Word 2003 XML', async () => {
    const body = `${character('begin')}${field('DDE cmd x')}${character('end')}`;
    const wide = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`<w:document>${body}</w:document>`, 'utf16le'),
    ]);
    expect((await looked('ooxml', zipOf([{ name: 'word/document.xml', bytes: wide }]))).ids).toEqual([
      'office.dde-field',
    ]);
    const flat = `<?mso-application progid="Word.Document"?><w:wordDocument>${body}</w:wordDocument>`;
    expect((await looked('xml', flat)).ids).toEqual(['office.dde-field']);
  });

  test('ordinary ones, and text that talks of DDE', async () => {
    const body = `${character('begin')}${field('PAGE')}${character('end')}<w:t>DDEAUTO cmd x</w:t><w:instrText>DDEAUTO x y</w:instrText>`;
    expect((await looked('ooxml', docxOf(body))).ids).toEqual([]);
  });

  test('in a binary document, of one byte or two a character', async () => {
    for (const text of [
      Buffer.from('\x13 DDEAUTO cmd "x" \x14\x15'),
      Buffer.from('\x13 DDEAUTO cmd "x" \x14\x15', 'utf16le'),
    ]) {
      const stream = Buffer.concat([
        Buffer.from('eca5c100', 'hex'),
        Buffer.alloc(508),
        text,
        Buffer.alloc(4096),
      ]);
      expect((await looked('doc', compoundOf({ WordDocument: stream }))).ids).toEqual(['office.dde-field']);
    }
  });
});

describe('relationships', () => {
  const settings = 'word/_rels/settings.xml.rels';
  test.each([
    ['attachedTemplate', 'http://host.invalid/t.dotm', 'office.remote-template'],
    ['attachedTemplate', '\\\\host\\share\\t.dotm', 'office.remote-template'],
    ['attachedTemplate', 'file://host/share/t.dotm', 'office.remote-template'],
    ['attachedTemplate', 'file:///\\\\host\\share\\t.dotm', 'office.remote-template'],
    ['attachedTemplate', 'file:////host/share/t.dotm', 'office.remote-template'],
    ['attachedTemplate', 'HTTPS://host.invalid/t.dotm', 'office.remote-template'],
    [
      'oleObject',
      'mhtml:http://host.invalid/x.html!x-usc:http://host.invalid/x.html',
      'office.remote-object',
    ],
    ['oleObject', 'https://host.invalid/x.html!', 'office.remote-object'],
    ['frame', 'http://host.invalid/f.html', 'office.remote-part'],
    ['subDocument', '//host/share/f.docx', 'office.remote-part'],
    ['hyperlink', 'ms-msdt:/id PCWDiagnostic', 'office.link-runs'],
  ])('%s to %s', async (type, target, id) => {
    for (const quote of ['"', "'"]) {
      expect(
        (await looked('ooxml', docxOf('', { [settings]: relationshipsOf(type, target, quote) }))).ids,
      ).toEqual([id]);
    }
  });

  test.each([
    ['attachedTemplate', 'file:///C:\\Users\\me\\AppData\\Normal.dotm'],
    ['attachedTemplate', 'file:///C:/Templates/Normal.dotm'],
    ['attachedTemplate', 'C:\\Templates\\Normal.dotm'],
    ['attachedTemplate', 'Normal.dotm'],
    ['hyperlink', 'https://example.com/'],
    ['hyperlink', 'mailto:me@example.com'],
    ['hyperlink', 'file://host/share/report.docx'],
    ['image', 'https://example.com/logo.png'],
  ])('%s to %s is no alarm', async (type, target) => {
    expect((await looked('ooxml', docxOf('', { [settings]: relationshipsOf(type, target) }))).score).toBe(0);
  });
});

const record = (id: number, content: Buffer | number[]) => {
  const bytes = Buffer.from(content as number[]);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id);
  head.writeUInt16LE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
};
const begin = (type: number) => record(0x809, [0, 6, type, 0]);
const sheet = (name: string, { macro = false, hidden = 0 }) =>
  record(
    0x85,
    Buffer.concat([Buffer.from([0, 0, 0, 0, hidden, macro ? 1 : 0, name.length, 0]), Buffer.from(name)]),
  );
const builtInName = (number: number) =>
  record(0x18, [0x20, 0, 0, 1, ...Array<number>(10).fill(0), 0, number]);
const end = record(0x0a, []);
const book = (...records: Buffer[]) => compoundOf({ Workbook: Buffer.concat([begin(5), ...records, end]) });

describe('workbooks', () => {
  test('macro sheets by themselves are a note, hidden or run ones are not', async () => {
    expect((await looked('xls', book(sheet('Macro1', { macro: true })))).ids).toEqual([
      'office.excel4-sheet',
    ]);
    expect((await looked('xls', book(sheet('Macro1', { macro: true, hidden: 2 })))).ids).toContain(
      'office.excel4-hidden',
    );
    const automatic = book(sheet('Macro1', { macro: true }), builtInName(1));
    expect((await looked('xls', automatic)).ids).toContain('office.excel4-auto-open');
    const exec = Buffer.concat([Buffer.alloc(20), Buffer.from([4, 0, 0x42, 1, 110, 0])]);
    const calls = compoundOf({
      Workbook: Buffer.concat([
        begin(5),
        sheet('M', { macro: true }),
        end,
        begin(0x40),
        record(6, exec),
        end,
      ]),
    });
    expect((await looked('xls', calls)).ids).toContain('office.excel4-executes');
    // The same names without a macro sheet run nothing.
    expect((await looked('xls', book(sheet('Sheet1', {}), builtInName(1)))).ids).toEqual([]);
  });

  test('links by DDE, and encryption', async () => {
    const target = 'cmd\x03/c calc';
    const link = record(
      0x1ae,
      Buffer.concat([Buffer.from([1, 0, target.length, 0, 0]), Buffer.from(target)]),
    );
    const { findings } = await looked('xls', book(link));
    expect(findings).toEqual([expect.objectContaining({ id: 'office.dde-link', evidence: 'cmd|/c calc' })]);
    expect((await looked('xls', book(record(0x2f, [1, 0])))).incomplete).toEqual([
      expect.stringMatching(/encrypted/),
    ]);
  });

  test('of the new format', async () => {
    const dde = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>';
    const formula = `<worksheet><c><f>cmd|'/c calc'!A0</f></c></worksheet>`;
    const ordinary = '<worksheet><c><f>IF(A1|B1,"a|b!","x")</f></c><c><f>SUM(B1:B2)</f></c></worksheet>';
    const of = (name: string, bytes: string) => looked('ooxml', zipOf([{ name, bytes }]));
    expect((await of('xl/externalLinks/externalLink1.xml', dde)).ids).toEqual(['office.dde-link']);
    expect((await of('xl/worksheets/sheet1.xml', formula)).ids).toEqual(['office.dde-link']);
    expect((await of('xl/worksheets/sheet1.xml', ordinary)).ids).toEqual([]);
    const macros = await looked(
      'ooxml',
      zipOf([
        {
          name: 'xl/workbook.xml',
          bytes: '<workbook><definedName name="_xlnm.Auto_Open">M!A1</definedName></workbook>',
        },
        {
          name: 'xl/macrosheets/sheet1.xml',
          bytes: '<xm:macrosheet><c><f>EXEC("calc")</f></c></xm:macrosheet>',
        },
      ]),
    );
    expect(macros.ids).toEqual([
      'office.excel4-package',
      'office.excel4-auto-open',
      'office.excel4-executes',
    ]);
  });
});

describe('objects', () => {
  test('packages by what they hold, or are named', async () => {
    const of = (name: string, content: Uint8Array | string) =>
      looked('doc', compoundOf({ 'ObjectPool/_1/\x01Ole10Native': ole10Native(name, content) }));
    expect((await of('report.txt', program)).ids).toEqual(['office.embedded-program']);
    expect((await of('setup.exe', 'nothing')).ids).toEqual(['office.embedded-program']);
    expect((await of('invoice.pdf.js', 'var a;')).ids).toEqual(['office.embedded-script']);
    expect((await of('invoice.lnk', 'x')).ids).toEqual(['office.embedded-shortcut']);
    expect((await of('notes.txt', 'hello')).ids).toEqual(['office.embedded-file']);
  });

  test('programs in a stream as they are', async () => {
    const stream = Buffer.concat([Buffer.alloc(100), program]);
    expect((await looked('ole', compoundOf({ 'a/Contents': stream }))).ids).toEqual([
      'office.embedded-program',
    ]);
    expect((await looked('ole', compoundOf({ 'a/Contents': 'MZ is how programs begin' }))).ids).toEqual([]);
  });

  test('monikers that point to another machine', async () => {
    const moniker = Buffer.concat([
      Buffer.from('0100000200000000e0c9ea79f9bace118c8200aa004ba90b', 'hex'),
      Buffer.from('http://host.invalid/a.hta', 'utf16le'),
    ]);
    expect((await looked('doc', compoundOf({ 'o/\x01Ole': moniker }))).ids).toEqual([
      'office.remote-moniker',
    ]);
  });

  test('an installer tells its own code, and that is no alarm', async () => {
    const encode = (name: string) => {
      const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';
      const numbers = Array.from(name, (letter) => letters.indexOf(letter));
      let encoded = '';
      for (let at = 0; at < numbers.length; at += 2) {
        const [first = 0, second] = [numbers[at], numbers[at + 1]];
        encoded += String.fromCharCode(
          second === undefined ? 0x4800 + first : 0x3800 + first + (second << 6),
        );
      }
      return `\u4840${encoded}`;
    };
    const strings = ['RunIt', 'Script', 'cmd /c echo'];
    const pool = Buffer.alloc(4 + 4 * strings.length);
    for (const [index, text] of strings.entries()) {
      pool.writeUInt16LE(text.length, 4 + 4 * index);
      pool.writeUInt16LE(1, 6 + 4 * index);
    }
    const table = Buffer.from([1, 0, 0x32, 0x80, 2, 0, 3, 0]);
    const installer = compoundOf(
      {
        [encode('_StringPool')]: pool,
        [encode('_StringData')]: strings.join(''),
        [encode('CustomAction')]: table,
      },
      { rootClsid: '84100c0000000000c000000000000046' },
    );
    const { ids, score, facts } = await looked('msi', installer);
    expect(ids).toEqual(['office.msi-custom-action']);
    expect(score).toBeLessThan(300);
    expect(facts).toEqual({
      customActions: [{ action: 'RunIt', kind: 'program', source: 'Script', target: 'cmd /c echo' }],
    });
  });
});

/** An object as RTF carries it, in hexadecimal. */
function objectOf(className: string, data: Buffer): string {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const name = Buffer.from(`${className}\0`);
  return Buffer.concat([
    number(0x501),
    number(2),
    number(name.length),
    name,
    number(0),
    number(0),
    number(data.length),
    data,
  ]).toString('hex');
}

describe('RTF', () => {
  const packaged = objectOf('Package', olePackage('a.exe', program));
  const rtf = (content: string) => looked('rtf', `{\\rtf1 ${content}}`);

  test.each([
    ['plain', packaged],
    ['with blanks and line ends', packaged.replaceAll(/(..)/g, '$1 \r\n\t')],
    ['with digits that are no control word', packaged.replace(/^(.{20})/, '$1\\mmath ')],
  ])('an object that holds a program, %s', async (_, hex) => {
    expect((await rtf(`{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata ${hex}}}`)).ids).toEqual([
      'office.embedded-program',
    ]);
  });

  test.each([
    [
      'with groups that are skipped',
      `${packaged.slice(0, 40)}{\\*\\foo 0102{\\bar 03}}${packaged.slice(40)}`,
    ],
    [
      'with groups that are not',
      `${packaged.slice(0, 40)}{\\*\\foo ${packaged.slice(40, 60)}}${packaged.slice(60)}`,
    ],
    [
      'with a part in binary',
      `${packaged.slice(0, 40)}\\bin10 ${Buffer.from(packaged.slice(40, 60), 'hex').toString('latin1')}${packaged.slice(60)}`,
    ],
  ])('and hides it, %s', async (_, hex) => {
    const { ids } = await rtf(`{\\object\\objemb{\\objdata ${hex}}}`);
    expect(ids).toEqual(['office.rtf-obfuscated-object', 'office.embedded-program']);
  });

  test('equations, and links that are loaded by themselves', async () => {
    const equation = objectOf('eQuATiON.3', Buffer.alloc(16));
    expect((await rtf(`{\\object\\objupdate{\\*\\objdata ${equation}}}`)).ids).toEqual([
      'office.equation-object',
      'office.rtf-auto-update',
    ]);
  });

  test('remote templates, in Unicode as well; local ones are ordinary', async () => {
    expect((await rtf('{\\*\\template http://host.invalid/t.dotm}')).ids).toEqual(['office.remote-template']);
    const wide = Array.from('http://host.invalid/', (letter) => `\\u${letter.charCodeAt(0)}?`).join('');
    expect((await rtf(`{\\*\\template ${wide}}`)).ids).toEqual(['office.remote-template']);
    expect((await rtf('{\\*\\template C:\\\\Templates\\\\Normal.dotm}')).ids).toEqual([]);
  });

  test('fields that start programs', async () => {
    expect((await rtf('{\\field{\\*\\fldinst {\\b DD}{EAUTO cmd x}}{\\fldrslt y}}')).ids).toEqual([
      'office.dde-field',
    ]);
  });

  test('that ends early is incomplete', async () => {
    expect((await looked('rtf', '{\\rtf1 {\\object{\\*\\objdata 0105')).incomplete).toEqual([
      expect.stringMatching(/cut off/),
    ]);
  });
});

describe('OpenDocument', () => {
  const odf = (parts: Record<string, string>) =>
    looked(
      'odf',
      zipOf([
        { name: 'mimetype', bytes: 'application/vnd.oasis.opendocument.text', method: 0 },
        { name: 'META-INF/manifest.xml', bytes: '<manifest:manifest/>' },
        ...Object.entries(parts).map(([name, bytes]) => ({ name, bytes })),
      ]),
    );
  const module = '<script:module script:name="M">Sub Main\n Shell(&quot;x&quot;)\nEnd Sub</script:module>';

  test('macros are a note, and an alarm where an event runs them', async () => {
    expect((await odf({ 'Basic/Standard/M.xml': module })).ids).toEqual(['office.macro']);
    const listener =
      '<office:event-listeners><script:event-listener script:event-name="dom:load" xlink:href="vnd.sun.star.script:M"/></office:event-listeners>';
    expect((await odf({ 'Basic/Standard/M.xml': module, 'content.xml': listener })).ids).toEqual([
      'office.macro',
      'office.auto-exec-macro',
    ]);
  });

  test('links by DDE, and encryption', async () => {
    const source =
      '<table:dde-link><office:dde-source office:dde-application="cmd" office:dde-topic="/c x"/></table:dde-link>';
    expect((await odf({ 'content.xml': source })).ids).toEqual(['office.dde-link']);
    expect((await odf({ 'META-INF/manifest.xml': '<manifest:encryption-data/>' })).incomplete).not.toEqual(
      [],
    );
  });
});

describe('OpenDocument in other shapes', () => {
  const ns =
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"';
  const listener = (href: string, event = 'dom:load') =>
    `<office:event-listeners><script:event-listener script:event-name="${event}" xlink:href="${href}"/></office:event-listeners>`;
  const flat = (inner: string) =>
    `<?xml version="1.0"?><!-- ${'x'.repeat(5000)} --><office:document ${ns}>${inner}</office:document>`;
  const macro = (code: string) =>
    `<ooo:library-embedded ooo:name="S"><ooo:module ooo:name="M"><ooo:source-code>${code}</ooo:source-code></ooo:module></ooo:library-embedded>`;

  test('one XML: macros, events, links and objects', async () => {
    const code = 'Sub Main\nShell(&quot;x&quot;)\nEnd Sub';
    const run = listener('vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document');
    expect((await looked('xml', flat(macro(code) + run))).ids).toEqual([
      'office.macro',
      'office.auto-exec-macro',
    ]);
    expect((await looked('xml', flat(macro(code)))).ids).toEqual(['office.macro']);
    expect((await looked('xml', flat('<text:p>Shell("x")</text:p>'))).ids).toEqual([]);
    const object = compoundOf({ '\x01Ole10Native': ole10Native('a.exe', program) });
    const binary = `<office:binary-data>${object.toString('base64')}</office:binary-data>`;
    expect((await looked('xml', flat(binary))).ids).toContain('office.embedded-program');
  });

  test.each([
    'vnd.sun.star.script:../../../program/pydoc.py$tempfilepager?language=Python&amp;location=share',
    'vnd.sun.star.script:a/..%252f..%252fx.py$run?language=Python&amp;location=user',
    'vnd.sun.star.script:LibreLogo|LibreLogo.py$run?language=Python&amp;location=share',
  ])('a script outside its folders: %s', async (href) => {
    const { ids } = await looked('xml', flat(listener(href, 'dom:mouseover')));
    expect(ids).toEqual(['office.script-outside']);
  });

  test('a script that comes with the program is none', async () => {
    const href = 'vnd.sun.star.script:HelloWorld.py$HelloWorldPython?language=Python&amp;location=share';
    expect((await looked('xml', flat(listener(href)))).ids).toEqual([]);
  });

  test.each([['mimetype'], ['META-INF/manifest.xml']])('a ZIP with %s alone', async (name) => {
    const source = '<office:dde-source office:dde-application="cmd" office:dde-topic="/c x"/>';
    const parts = [
      { name, bytes: 'application/vnd.oasis.opendocument.text' },
      { name: 'content.xml', bytes: source },
    ];
    expect((await looked('odf', zipOf(parts))).ids).toEqual(['office.dde-link']);
  });

  test('a document of Word with the entries of an OpenDocument is looked at as both', async () => {
    const rels = relationshipsOf('attachedTemplate', 'https://a.invalid/a.dotm');
    const parts = [
      { name: 'mimetype', bytes: 'application/vnd.oasis.opendocument.text' },
      { name: '[Content_Types].xml', bytes: '<Types/>' },
      { name: 'word/_rels/settings.xml.rels', bytes: rels },
    ];
    expect((await looked('ooxml', zipOf(parts))).ids).toEqual(['office.remote-template']);
  });

  test('an ordinary XML beyond what is read at once is not read', async () => {
    const file = fileOf('xml', `<?xml version="1.0"?><dump>${'<row/>'.repeat(1_000_000)}</dump>`);
    const report = await officeStage.look({ ...file, bytes: () => Buffer.from(flat(macro(''))) });
    expect(report).toEqual({ findings: [], incomplete: [] });
  });
});

test.each([
  ['image', '\\\\a.invalid\\x\\a.png', ['office.remote-share']],
  ['image', 'file:///\\\\198.51.100.1\\x\\a.png', ['office.remote-share']],
  ['externalLinkPath', 'file://a.invalid@80/x/a.xlsx', ['office.remote-share']],
  ['image', '\\\\server\\x\\logo.png', []],
  ['image', 'file:///C:/a.b/logo.png', []],
  ['image', 'https://a.invalid/a.png', []],
  ['hyperlink', '\\\\a.invalid\\x\\a.png', []],
])('%s on %s', async (type, target, expected) => {
  const parts = [
    { name: '[Content_Types].xml', bytes: '<Types/>' },
    { name: 'word/_rels/document.xml.rels', bytes: relationshipsOf(type, target) },
  ];
  expect((await looked('ooxml', zipOf(parts))).ids).toEqual(expected);
});

describe('what can not be read is said', () => {
  test.each([
    ['a cut document', docxOf().subarray(0, 200)],
    ['no ZIP at all', Buffer.from('PK nothing')],
    ['an encrypted part', zipOf([{ name: 'word/document.xml', bytes: 'x', flags: 1 }])],
    [
      'a part that is not what it says',
      zipOf([
        { name: 'word/document.xml', bytes: '\xff\xff\xff', local: {}, central: { method: 8 }, method: 0 },
      ]),
    ],
  ])('%s', async (_, bytes) => {
    expect((await looked('ooxml', bytes)).incomplete).not.toEqual([]);
  });

  test('a part that unpacks to more than is read', async () => {
    const large = zipOf([{ name: 'word/document.xml', bytes: Buffer.alloc(40 * 1024 ** 2, 0x20) }]);
    expect((await looked('ooxml', large)).incomplete).toEqual([expect.stringMatching(/larger than/)]);
  });

  test('a compound file that is none, or cut', async () => {
    expect((await looked('doc', 'nothing')).incomplete).toHaveLength(1);
    const whole = compoundOf({ WordDocument: Buffer.alloc(8000, 1), other: Buffer.alloc(8000, 2) });
    expect((await looked('doc', whole.subarray(0, 5000))).incomplete).not.toEqual([]);
  });
});
