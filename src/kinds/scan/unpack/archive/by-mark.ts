import type { ScannedFile } from '../../analysis/stage.ts';
import { bufferOf } from '../search.ts';
import type { Input } from './run.ts';

const marked = (at: number, mark: string) => ({ at, mark: Buffer.from(mark, 'latin1') });

/** Containers that have no type of their own here, by 7-Zip's names of them. Disks begin with what their name is. */
const opened: readonly (readonly [string, { at: number; mark: Buffer }])[] = [
  ['wim', marked(0, 'MSWIM\0\0\0')],
  ['vhdx', marked(0, 'vhdxfile')],
  ['vhd', marked(0, 'conectix')],
  ['vhd', marked(-512, 'conectix')],
  ['vmdk', marked(0, 'KDMV')],
  ['vdi', marked(64, '\x7f\x10\xda\xbe')],
  ['qcow', marked(0, 'QFI\xfb')],
  ['dmg', marked(-512, 'koly\0\0\0\x04')],
  ['squashfs', marked(0, 'hsqs')],
  ['squashfs', marked(0, 'sqsh')],
  ['cramfs', marked(16, 'Compressed ROMFS')],
  ['chm', marked(0, 'ITSF\x03\0\0\0')],
  ['hxs', marked(0, 'ITOLITLS')],
  ['mslz', marked(0, 'SZDD\x88\xf0\x27\x33')],
  ['ppmd', marked(0, '\x8f\xaf\xac\x84')],
  ['sparse', marked(0, ':\xff&\xed\x01\0')],
  ['gpt', marked(512, 'EFI PART\0\0\x01\0')],
  ['apfs', marked(32, 'NXSB')],
  ['hfs', marked(1024, 'H+\0\x04')],
  ['hfs', marked(1024, 'HX\0\x05')],
  ['ntfs', marked(3, 'NTFS    \0')],
  ['fat', marked(54, 'FAT1')],
  ['fat', marked(82, 'FAT32')],
  ['ext', marked(1080, '\x53\xef')],
];

/** Archives that nothing here opens; to say nothing of them would be to call them clean. */
const notOpened: readonly (readonly [string, { at: number; mark: Buffer }])[] = [
  ['ACE', marked(7, '**ACE**')],
  ['ALZip', marked(0, 'ALZ\x01')],
  ['EGG', marked(0, 'EGGA')],
  ['LZ4', marked(0, '\x04\x22\x4d\x18')],
  ['LZ4', marked(0, '\x02\x21\x4c\x18')],
  ['lzop', marked(0, '\x89LZO\0\r\n\x1a\n')],
  ['lrzip', marked(0, 'LRZI')],
  ['ZOO', marked(20, '\xdc\xa7\xc4\xfd')],
  ['ZPAQ', marked(0, '7kSt')],
  ['ZPAQ', marked(0, 'zPQ')],
  ['StuffIt', marked(0, 'SIT!')],
  ['StuffIt', marked(0, 'StuffIt (c)')],
  ['UHARC', marked(0, 'UHA')],
  ['BinHex', marked(0, '(This file must be converted with BinHex')],
  ['StuffIt', marked(0, 'StuffIt!')],
  ['StuffIt', marked(0, 'StuffIt?')],
  ['snappy', marked(0, '\xff\x06\0\0sNaPpY')],
  ['snzip', marked(0, 'SNZ\x01')],
  ['FreeArc', marked(0, 'ArC\x01')],
  ['bzip3', marked(0, 'BZ3v1')],
  ['bzip', marked(0, 'BZ0')],
  ['LZFSE', marked(0, 'bvx1')],
  ['LZFSE', marked(0, 'bvx2')],
  ['LZFSE', marked(0, 'bvxn')],
  ['LZFSE', marked(0, 'bvx-')],
  ['rzip', marked(0, 'RZIP')],
  ['KGB Archiver', marked(0, 'KGB_arch')],
  ['PAQ', marked(0, 'paq8')],
  ['PEA', marked(0, '\xea\x01\0')],
  ['DAR', marked(0, '\0\0\0\x7b')],
  ['COMPRESS.EXE', marked(0, 'SZ\x0a\x04')],
  ['COMPRESS.EXE', marked(0, 'SZ \x88\xf0\x27\x33\xd1')],
  ['COMPRESS.EXE', marked(0, 'KWAJ\x88\xf0\x27\xd1')],
  ['InstallShield', marked(0, 'ISc(')],
  ['InstallShield', marked(0, '\x13\x5d\x65\x8c')],
  ['SQX', marked(7, '-sqx-')],
  ['JAR by ARJ', marked(14, '\x1aJar\x1b')],
  ['DGCA', marked(0, 'DGCA')],
  ['GCA', marked(0, 'GCAX')],
  ['Yz', marked(0, 'yz01')],
  ['PowerISO', marked(0, 'DAA\0')],
  ['compressed ISO', marked(0, 'IsZ!')],
  ['compressed ISO', marked(0, 'CISO')],
  ['Nero image', marked(-12, 'NER5')],
  ['Parallels disk', marked(0, 'WithoutFreeSpace')],
  ['Parallels disk', marked(0, 'WithouFreSpacExt')],
  ['exFAT disk', marked(3, 'EXFAT   ')],
  ['ReFS disk', marked(3, 'ReFS\0')],
  ['BitLocker disk', marked(3, '-FVE-FS-')],
  ['LUKS disk', marked(0, 'LUKS\xba\xbe')],
  ['XFS disk', marked(0, 'XFSB')],
  ['Btrfs disk', marked(0x10040, '_BHRfS_M')],
  ['F2FS disk', marked(1024, '\x10\x20\xf5\xf2')],
  ['EROFS disk', marked(1024, '\xe2\xe1\xf5\xe0')],
  ['romfs', marked(0, '-rom1fs-')],
  ['UBI', marked(0, 'UBI#')],
  ['EnCase image', marked(0, 'EVF\x09\r\n\xff\0')],
  ['EnCase image', marked(0, 'EVF2\r\n\x81\0')],
  ['AES Crypt', marked(0, 'AES\x02')],
  ['Outlook folders', marked(0, '!BDN')],
  ['Outlook Express folders', marked(0, '\xcf\xad\x12\xfe')],
  ['AppleSingle', marked(0, '\0\x05\x16\0')],
  ['Microsoft backup', marked(0, 'TAPE\0')],
];

export type ByMark = { format: string } | { cannotOpen: string } | undefined;

export function containerByMark(file: Pick<ScannedFile, 'name'> & Input): ByMark {
  const has = ({ at, mark }: { at: number; mark: Buffer }) => {
    const from = at < 0 ? file.size + at : at;
    return from >= 0 && bufferOf(file.read(from, from + mark.length)).equals(mark);
  };
  const format = opened.find(([, mark]) => has(mark))?.[0];
  if (format) return { format };
  const cannotOpen = notOpened.find(([, mark]) => has(mark))?.[0];
  if (cannotOpen) return { cannotOpen };
  if (isLzma(file)) return { format: 'lzma' };
  return hasPartitions(file) ? { format: 'mbr' } : undefined;
}

/** It has no mark: its name must say so and its header make sense, or the header be as packers write it. */
function isLzma(file: Pick<ScannedFile, 'name'> & Input): boolean {
  const head = bufferOf(file.read(0, 14));
  if (head.length < 14 || (head[0] as number) >= 225) return false;
  const dictionary = head.readUInt32LE(1);
  if (/\.(?:lzma|tlz)$/i.test(file.name) && dictionary >= 4096) return true;
  const size = head.readBigUInt64LE(5);
  const isSize = size === 0xffff_ffff_ffff_ffffn || (size > 0n && size < 2n ** 38n);
  // The first byte of what is coded is always 0.
  return head[0] === 0x5d && isPowerOfTwo(dictionary) && isSize && head[13] === 0;
}

/** Or half more, as packers choose it. */
function isPowerOfTwo(size: number): boolean {
  if (size < 4096) return false;
  return [1, 1.5].some((factor) => Number.isInteger(Math.log2(size / factor)));
}

/** A partition table, with partitions that lie within the file. */
function hasPartitions(file: Input): boolean {
  const sector = bufferOf(file.read(0, 512));
  if (sector.length < 512 || sector.readUInt16BE(510) !== 0x55aa) return false;
  const partitions = [446, 462, 478, 494].map((at) => sector.subarray(at, at + 16));
  const used = partitions.filter((partition) => partition[4] !== 0);
  const makesSense = (partition: Buffer) =>
    ((partition[0] as number) & 0x7f) === 0 &&
    partition.readUInt32LE(8) > 0 &&
    partition.readUInt32LE(8) * 512 < file.size;
  return used.length > 0 && used.every(makesSense);
}
