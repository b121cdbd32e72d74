import { bufferOf, latin1, utf16, viewOf } from '../../../documents/bytes.ts';
import type { CompoundEntry, CompoundFile } from '../../../documents/compound-file.ts';
import { decompressVba } from './decompress.ts';

export interface VbaModule {
  name: string;
  path: string;
  offset: number | undefined;
  source: string;
  /** What stands before the source: the code as it was compiled. */
  compiled: Uint8Array;
  /** The source can't be read, or only in part. */
  damaged: boolean;
}

export interface VbaProject {
  path: string;
  modules: VbaModule[];
  /** `_VBA_PROJECT`, which holds the names that the compiled code uses. */
  names: Uint8Array;
}

const MOST_PROJECTS = 16;
const MOST_MODULES = 500;
const LONGEST_SOURCE = 4 * 1024 ** 2;
const MOST_OF_A_STREAM = 16 * 1024 ** 2;

/** The VBA projects of a compound file: a Word or Excel file has one, a `vbaProject.bin` is one. */
export function readVbaProjects(file: CompoundFile): VbaProject[] {
  return file
    .streams()
    .filter(({ path }) => /(?:^|\/)VBA\/dir$/i.test(path))
    .slice(0, MOST_PROJECTS)
    .map((directory) => readProject(file, directory));
}

function readProject(file: CompoundFile, directory: CompoundEntry): VbaProject {
  const path = directory.path.slice(0, -'/dir'.length);
  const listed = listedModules(decompressVba(file.read(directory, MOST_OF_A_STREAM), LONGEST_SOURCE).bytes);
  const streams = file
    .streams()
    .filter((stream) => stream.path.toLowerCase().startsWith(`${path.toLowerCase()}/`));
  const modules: VbaModule[] = [];
  let names: Uint8Array = new Uint8Array();
  for (const stream of streams.slice(0, MOST_MODULES)) {
    if (/^_VBA_PROJECT$/i.test(stream.name)) names = file.read(stream, MOST_OF_A_STREAM);
    if (/^(?:dir|_VBA_PROJECT|__SRP_\w+)$/i.test(stream.name)) continue;
    const content = file.read(stream, MOST_OF_A_STREAM);
    const module = listed.modules.find(({ streamNames }) => streamNames.includes(stream.name.toLowerCase()));
    modules.push(readModule(stream, content, module?.offset, listed.codePage, file.offsetOf(stream)));
  }
  return { path, modules, names };
}

function readModule(
  stream: CompoundEntry,
  content: Uint8Array,
  stated: number | undefined,
  codePage: number,
  offset: number | undefined,
): VbaModule {
  const { name, path } = stream;
  for (const begin of [stated, sourceByShape(content)]) {
    if (begin === undefined || content[begin] !== 1) continue;
    const { bytes, damaged } = decompressVba(content.subarray(begin), LONGEST_SOURCE);
    if (bytes.length === 0) continue;
    // Zeros fill a stream up, and are no source.
    const source = decode(bytes, codePage).replaceAll('\0', '').trimEnd();
    return { name, path, offset, source, compiled: content.subarray(0, begin), damaged };
  }
  // A module that is not listed and holds no source is no module.
  return { name, path, offset, source: '', compiled: content, damaged: stated !== undefined };
}

/** Every module's source begins with `Attribute`, of which the first eight letters are never compressed. */
function sourceByShape(content: Uint8Array): number | undefined {
  const found = bufferOf(content).indexOf(Buffer.from('\0Attribut', 'latin1'));
  return found >= 3 ? found - 3 : undefined;
}

interface ListedModule {
  streamNames: string[];
  offset: number;
}

/** The records of the stream `dir` (MS-OVBA 2.3.4.2), of which four kinds are wanted. */
function listedModules(bytes: Uint8Array): { codePage: number; modules: ListedModule[] } {
  const view = viewOf(bytes);
  const modules: ListedModule[] = [];
  let codePage = 1252;
  for (let at = 0; at + 6 <= bytes.length; ) {
    const id = view.getUint16(at, true);
    const size = view.getUint32(at + 2, true);
    const content = bytes.subarray(at + 6, at + 6 + size);
    const last = modules.at(-1);
    if (id === 0x03 && content.length >= 2) codePage = viewOf(content).getUint16(0, true);
    else if (id === 0x1a && modules.length < MOST_MODULES) {
      modules.push({ streamNames: [decode(content, codePage).toLowerCase()], offset: 0 });
    } else if (id === 0x32) last?.streamNames.push(utf16(content).toLowerCase());
    else if (id === 0x31 && last && content.length >= 4) last.offset = viewOf(content).getUint32(0, true);
    // The version says four bytes and has six.
    at += 6 + (id === 0x09 ? 6 : size);
  }
  return { codePage, modules };
}

function decode(bytes: Uint8Array, codePage: number): string {
  const known: Record<number, string> = {
    932: 'shift_jis',
    936: 'gbk',
    949: 'euc-kr',
    950: 'big5',
    10000: 'macintosh',
    65001: 'utf-8',
  };
  try {
    return new TextDecoder(known[codePage] ?? `windows-${codePage}`).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}
