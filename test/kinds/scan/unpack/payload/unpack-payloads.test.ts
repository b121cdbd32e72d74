import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FileTooLarge } from '../../../../../src/kinds/scan/analysis/stage.ts';
import { payloadUnpacker } from '../../../../../src/kinds/scan/unpack/payload/unpack-payloads.ts';
import { payloadUnpackers } from '../../../../../src/kinds/scan/unpack/payload-unpackers.ts';
import type { ChildDetails, ChildSink } from '../../../../../src/kinds/scan/unpack/unpacker.ts';
import { fileOf, utf16 } from '../../stages/file-of.ts';
import { MemorySink } from '../../support/memory-sink.ts';

const program = Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 89) % 256));
program.write('MZ');
program.writeUInt32LE(128, 60);
program.write('PE\0\0', 128);
const base64 = program.toString('base64');

async function childrenOf(name: string, content: string | Uint8Array) {
  const children: { name: string; more: ChildDetails | undefined; bytes: Buffer; whole: boolean }[] = [];
  const sink: ChildSink = {
    open(child, more) {
      const kept = { name: child, more, bytes: Buffer.alloc(0), whole: false };
      children.push(kept);
      return {
        write: (bytes) => {
          kept.bytes = Buffer.concat([kept.bytes, bytes]);
        },
        end: () => {
          kept.whole = true;
        },
      };
    },
  };
  const file = await fileOf(name, content);
  for (const unpacker of payloadUnpackers) if (unpacker.opens(file)) await unpacker.unpack(file, sink, []);
  return children;
}

const lines = (text: string, length: number) => text.replaceAll(new RegExp(`.{${length}}`, 'g'), '$&\r\n');

test.each<[string, string]>([
  ['a.html', `<script>var b=atob("${base64}");</script>`],
  ['a.html', `<a href="data:application/octet-stream;base64,${base64}">a</a>`],
  ['a.js', `var b = "${base64.slice(0, 300)}" +\n  '${base64.slice(300)}';`],
  [
    'a.js',
    `var b = ["${base64.slice(0, 100)}", "${base64.slice(100, 500)}", "${base64.slice(500)}"].join("");`,
  ],
  ['a.js', `var b = "${[...base64].reverse().join('')}".split("").reverse().join("");`],
  ['a.js', `var b = [${[...program].join(', ')}];`],
  ['a.js', `var b = [${[...program].map((byte) => `0x${byte.toString(16)}`).join(',')}];`],
  ['a.js', `var b = "${[...program].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}";`],
  [
    'a.js',
    `var b = unescape("${[...program].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}");`,
  ],
  ['a.ps1', `$b = '${[...program].map((byte) => byte.toString(16).padStart(2, '0')).join('-')}'.Split('-')`],
  ['a.txt', lines(base64, 76)],
  ['a.txt', program.toString('hex').toUpperCase()],
  ['a.svg', `<svg><image href="data:image/png;base64,${base64}"/></svg>`],
  ['a.php', `<?php $b = base64_decode('${base64.replaceAll('+', '-').replaceAll('/', '_')}');`],
])('%s: %s', async (name, content) => {
  for (const written of [Buffer.from(content), utf16(content)]) {
    const children = await childrenOf(name, written);
    expect(children.map(({ bytes }) => bytes.subarray(0, 600).equals(program))).toEqual([true]);
    expect(children[0]).toMatchObject({
      whole: true,
      more: { note: expect.stringMatching(/as (?:reversed )?[a-z0-9]/) },
    });
  }
});

test('the place of a payload is the one of its first character', async () => {
  const content = `<p>${'x'.repeat(30)}</p><script>atob("${base64}")</script>`;
  expect((await childrenOf('a.html', content))[0]?.more?.offset).toBe(content.indexOf(base64));
  expect((await childrenOf('a.html', utf16(content)))[0]?.more?.offset).toBe(2 + 2 * content.indexOf(base64));
});

test('text that is encoded is a child as well, since stages find what it says', async () => {
  const said = 'The quick brown fox jumps over the lazy dog, and back again.';
  const content = `<script>document.write(atob("${Buffer.from(said).toString('base64')}"))</script>`;
  expect((await childrenOf('a.html', content)).map(({ bytes }) => bytes.toString())).toEqual([said]);
  const page = `<iframe src="data:text/html,${encodeURIComponent(`<script>${said}</script>`)}"></iframe>`;
  expect((await childrenOf('a.html', page)).map(({ bytes }) => bytes.toString())).toContain(
    `<script>${said}</script>`,
  );
});

test('hashes, keys, names and words are no payloads', async () => {
  const content = [
    'sha512-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a089f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx9mJ1mGzqkQ2c0mJ1mGzqkQ2c0mJ1mGzqkQ2c0mJ1m someone@example',
    '/usr/lib/node_modules/some/very/long/path/that/goes/on/and/on/until/it/is/longer/than/that.js',
    'a-class-name-that-is-very-long-and-has-many-words-in-it-as-some-frameworks-like-to-have-them',
    '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41',
  ].join('\n');
  expect(await childrenOf('a.txt', content)).toEqual([]);
});

test('whatever is around it, a program in base64 is found', async () => {
  const word = fc.string({ unit: fc.constantFrom(...'abc XY=+/"\',;()<>\n'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(word, word, async (before, after) => {
      const children = await childrenOf('a.txt', `${before}\n(${base64})${after}`);
      expect(children.some(({ bytes }) => bytes.includes(program))).toBe(true);
    }),
  );
});

test.each<[string, string]>([
  ['a.txt', lines(base64, 76)],
  ['a.crt', `-----BEGIN CERTIFICATE-----\n${lines(base64, 64)}\n-----END CERTIFICATE-----\n`],
  ['a.json', JSON.stringify({ a: base64 })],
  ['a.csv', `a,b\n1,2\n3,${base64}\n`],
])('a program that is encoded in %s is a finding', async (name, content) => {
  const sink = new MemorySink();
  const { findings } = await payloadUnpacker.unpack(await fileOf(name, content), sink, []);
  expect(findings).toEqual([
    { id: 'payload.program-encoded', offset: content.indexOf('TV'), evidence: 'pe, as base64' },
  ]);
  expect(sink.children).toHaveLength(1);
  // What is found by the time that a limit is reached is told.
  const full = new MemorySink({ children: 0 });
  expect((await payloadUnpacker.unpack(await fileOf(name, content), full, [])).findings).toHaveLength(1);
});

test('a picture or a key that is encoded is no finding', async () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), program.subarray(200)]);
  const content = `{"a": "${png.toString('base64')}", "b": "${program.subarray(200).toString('base64')}"}`;
  const report = await payloadUnpacker.unpack(await fileOf('a.json', content), new MemorySink(), []);
  expect(report).toEqual({ findings: [], incomplete: [] });
});

test('of a text that is larger than memory allows the beginning is searched', async () => {
  const file = await fileOf('a.txt', `${base64}\n${'words '.repeat(1000)}`);
  const bytes = () => {
    throw new FileTooLarge(file.size, 2000);
  };
  const sink = new MemorySink();
  const report = await payloadUnpacker.unpack({ ...file, bytes }, sink, []);
  expect(report.incomplete).toEqual([
    `Of ${file.size} bytes of text, the first 2000 were searched for files.`,
  ]);
  expect(sink.children).toHaveLength(1);
});

test('a uuencoded file is a child, and what is encoded otherwise is incomplete', async () => {
  const sink = new MemorySink();
  const text = 'Look at this.\nbegin 644 cat.txt\n#0V%T\n`\nend\n';
  const report = await payloadUnpacker.unpack(await fileOf('a.txt', text), sink, []);
  expect(report).toEqual({ findings: [], incomplete: [] });
  expect(sink.children).toMatchObject([{ name: 'cat.txt', ended: true }]);
  expect(sink.text('cat.txt')).toBe('Cat');
  for (const encoded of [
    '(This file must be converted with BinHex 4.0)\n:$f*TEQKPH#jdH\n',
    '=ybegin line=128 size=3 name=cat.txt\nabc\n=yend size=3\n',
  ]) {
    const { incomplete } = await payloadUnpacker.unpack(await fileOf('a.txt', encoded), sink, []);
    expect(incomplete).toEqual([expect.stringMatching(/^It holds a file that is encoded by /)]);
  }
  const prose = 'We begin 644 things, <~ and =ybegin is a word.\n';
  expect((await payloadUnpacker.unpack(await fileOf('a.txt', prose), sink, [])).incomplete).toEqual([]);
});
