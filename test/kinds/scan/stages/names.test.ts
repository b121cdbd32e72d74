import { expect, test } from '@jest/globals';
import { nameFindings } from '../../../../src/kinds/scan/stages/names/name-findings.ts';
import { names } from '../../../../src/kinds/scan/stages/names/stage.ts';
import { fileOf } from '../support/memory-file.ts';

const own = async (name: string) => {
  const { findings } = await names.look(fileOf('data', '', name));
  return findings.map(({ id }) => id);
};
const within = (...entries: (string | { name: string; link?: string })[]) =>
  nameFindings(entries.map((entry) => (typeof entry === 'string' ? { name: entry } : entry))).map(
    ({ id }) => id,
  );

test.each([
  ['photo_\u202egpj.exe', 'names.direction-override'],
  ['photo\u202egnp.txt', 'names.direction-override'],
  ['\u2067fdp.exe', 'names.direction-override'],
  ['invoice.pdf.exe', 'names.double-extension'],
  ['invoice.pdf                                  .exe', 'names.double-extension'],
  ['Invoice.PDF\u2003\u00a0.Scr', 'names.double-extension'],
  ['scan.jpg\u200b.lnk', 'names.double-extension'],
  ['letter.docx.js', 'names.double-extension'],
  ['photo                .exe', 'names.padded-extension'],
  ['run.exe ', 'names.trailing-program'],
  ['run.cmd...', 'names.trailing-program'],
  ['a\x1b[31m.txt', 'names.terminal-escape'],
  ['photo.jpg\0.exe', 'names.terminal-escape'],
])('%j is strange', async (name, id) => {
  expect(await own(name)).toContain(id);
});

test.each([
  'report.pdf',
  'setup.exe',
  'jquery.min.js',
  'logo.png.js',
  'LICENSE.txt.js',
  'archive.tar.gz',
  'tool.zip.exe',
  'v1.2.3.exe',
  'example.com',
  'Dr. Müller – Lebenslauf.docx',
  'حساب.pdf',
  'חשבונית מס\u200f 12.pdf',
  'счёт.doc',
  '請求書.xlsx',
  'चालान.pdf',
  '👨‍👩‍👧 family.jpg',
  'Icon\r',
  '.gitignore',
  '...and justice for all.mp3',
])('%j is an ordinary name, by itself and in an archive', async (name) => {
  expect(await own(name)).toEqual([]);
  expect(within(name, `folder/${name}`)).toEqual([]);
});

test.each([
  '../up.txt',
  'a/../../b',
  '..\\..\\w.txt',
  'a/.. /../../b',
  'C:..\\..\\x',
  'doc.pdf:..\\..\\..\\Startup\\x.lnk',
])('%j leads out of its folder', (name) => {
  expect(within('ok.txt', name)).toContain('names.traversal');
});

test('paths that stay within are clean', () => {
  expect(within('a/../b', './a', 'a/b/../../c', 'a..b/c..', 'x/...')).not.toContain('names.traversal');
});

test.each(['/etc/cron.d/x', 'C:\\Windows\\x.dll', 'c:x.txt', '\\\\server\\share\\x'])(
  '%j is absolute',
  (name) => {
    expect(within(name)).toEqual(['names.absolute']);
  },
);

test('backups have absolute names, and old packers backslashes', () => {
  expect(nameFindings([{ name: '/usr/bin/x' }], 'cpio').map(({ id }) => id)).toEqual([
    'names.absolute-in-backup',
  ]);
  expect(within('folder\\a.txt')).toEqual(['names.backslash']);
});

test('links of ordinary packages are clean or a note, those to secrets are not', () => {
  expect(within({ name: 'usr/lib/a.so', link: 'a.so.1' }, { name: 'a/b', link: '../c' })).toEqual([]);
  for (const link of ['/usr/bin/vim', '/proc/self/fd/1', '../../../usr/bin'])
    expect(within({ name: 'etc/alternatives/vi', link })).toEqual(['names.link-absolute']);
  expect(within({ name: 'x', link: '/etc/passwd' })).toEqual(['names.link-out']);
  expect(within({ name: 'a/x', link: '../../../../home' })).toEqual(['names.link-out']);
  expect(nameFindings([{ name: 'x', link: '/usr/bin' }], 'zip').map(({ id }) => id)).toEqual([
    'names.link-out',
  ]);
});

test('a file through a link that leads out', () => {
  expect(within({ name: 'd', link: '/var/www' }, 'd/shell.php')).toContain('names.through-link');
  expect(within({ name: 'd', link: 'e' }, 'd/x')).toEqual([]);
});

test('a file and a folder of one name but for a blank (CVE-2023-38831)', () => {
  expect(within('a.pdf ', 'a.pdf /a.pdf .cmd')).toContain('names.file-and-folder');
  expect(within('a.pdf', 'a.pdf /a.pdf .cmd')).toContain('names.file-and-folder');
  expect(within('a', 'A/b', 'c.txt', 'c/d')).toEqual([]);
});

test('each kind is reported once, with the first names', () => {
  const many = Array.from({ length: 600 }, (_, n) => ({ name: `../${n}` }));
  expect(nameFindings(many)).toEqual([{ id: 'names.traversal', evidence: '../0, ../1, ../2 and 597 more' }]);
});
