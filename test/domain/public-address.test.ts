import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPrivate } from '../../src/api/accept/private-address.ts';
import { isPublicAddress } from '../../src/domain/public-address.ts';

type Four = [number, number, number, number];
const byte = fc.nat(255);
const inside = (...first: number[]) =>
  fc.tuple(byte, byte, byte, byte).map((any) => [...first, ...any.slice(first.length)] as Four);

/** IPv4 addresses of this machine, of private networks, and of what is reserved. */
const privateFour = fc.oneof(
  inside(127),
  inside(10),
  inside(192, 168),
  inside(169, 254),
  inside(0),
  fc.integer({ min: 16, max: 31 }).chain((second) => inside(172, second)),
  fc.integer({ min: 64, max: 127 }).chain((second) => inside(100, second)),
  fc.integer({ min: 224, max: 255 }).chain((first) => inside(first)),
);
const publicFour = inside().filter(
  ([a, b]) => ![0, 10, 100, 127, 169, 172, 192, 198, 203].includes(a) && a < 224 && b >= 0,
);

const hex = (value: number) => value.toString(16);
const groups = ([a, b, c, d]: Four) => `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
const dotted = (four: Four) => four.join('.');
const number = ([a, b, c, d]: Four) => ((a * 256 + b) * 256 + c) * 256 + d;
const inverted = (four: Four) => four.map((part) => 255 - part) as Four;

/** How a URL may write an IPv4 address. */
const spellings: Record<string, (four: Four) => string> = {
  dotted,
  'one number': (four) => String(number(four)),
  'one hexadecimal number': (four) => `0x${hex(number(four))}`,
  octal: (four) => four.map((part) => `0${part.toString(8)}`).join('.'),
  'three parts': ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  'with a dot at its end': (four) => `${dotted(four)}.`,
};

/** How an IPv6 address may carry an IPv4 address. */
const carriers: Record<string, (four: Four) => string> = {
  compatible: (four) => `::${dotted(four)}`,
  'compatible in hexadecimal': (four) => `::${groups(four)}`,
  'compatible at full length': (four) => `0000:0:0:0:0:0:${groups(four)}`,
  mapped: (four) => `::ffff:${dotted(four)}`,
  'mapped in capitals': (four) => `0:0:0:0:0:FFFF:${groups(four).toUpperCase()}`,
  translated: (four) => `::ffff:0:${dotted(four)}`,
  NAT64: (four) => `64:ff9b::${dotted(four)}`,
  'NAT64 of a network': (four) => `64:ff9b:1:${groups(four)}::`,
  'NAT64 of a network, at its end': (four) => `64:ff9b:1:ffff::${groups(four)}`,
  '6to4': (four) => `2002:${groups(four)}::1`,
  'a Teredo server': (four) => `2001:0:${groups(four)}:8000:63bf:80ff:fffe`,
  'a Teredo client': (four) => `2001::4136:e378:8000:63bf:${groups(inverted(four))}`,
  'ISATAP on a link': (four) => `fe80::5efe:${dotted(four)}`,
  'ISATAP behind a prefix': (four) => `2606:2800:220:1:0:5efe:${groups(four)}`,
  'ISATAP, said to be unique': (four) => `2606:2800:220:1:200:5efe:${groups(four)}`,
  'a zone behind a lower prefix': (four) => `1::${groups(four)}`,
};

test('no spelling of a private IPv4 address passes for a public one', () => {
  fc.assert(
    fc.property(privateFour, fc.constantFrom(...Object.keys(spellings)), (four, spelling) => {
      expect(isPrivate(new URL(`http://${spellings[spelling]?.(four)}/`).hostname)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('nor does any IPv6 address that carries one', () => {
  fc.assert(
    fc.property(privateFour, fc.constantFrom(...Object.keys(carriers)), (four, carrier) => {
      const address = carriers[carrier]?.(four) ?? '';
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
      expect(isPrivate(new URL(`http://[${address}]/`).hostname)).toBe(true);
    }),
    { numRuns: 4000 },
  );
});

test('public addresses are, however they are spelled', () => {
  fc.assert(
    fc.property(publicFour, fc.constantFrom(...Object.keys(spellings)), (four, spelling) => {
      expect(isPrivate(new URL(`http://${spellings[spelling]?.(four)}/`).hostname)).toBe(false);
    }),
  );
  for (const address of ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', '2a00:1450:4001:82b::200e', '2400::1'])
    expect([address, isPublicAddress(address)]).toEqual([address, true]);
});

test('a name is no address, and may be told until DNS has said where it leads', () => {
  expect(isPublicAddress('example.org')).toBe(false);
  expect(isPrivate('example.org')).toBe(false);
  expect(isPrivate('localhost')).toBe(true);
});
