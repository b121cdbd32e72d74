import type { StageFinding } from './findings.ts';

/** The stages in the order in which results list them. */
export const stageNames = [
  'hashes',
  'type',
  'names',
  'unpack',
  'trailing',
  'office',
  'pdf',
  'scripts',
  'yara',
  'clamav',
  'programs',
  'facts',
] as const;
export type StageName = (typeof stageNames)[number];

/** Containers that are nothing else: the unpack stage opens them. */
export const archiveTypes = [
  'zip',
  'tar',
  'gzip',
  'bzip2',
  'xz',
  'zstd',
  '7z',
  'rar',
  'cab',
  'iso',
  'rpm',
  'deb',
  'ar',
  'cpio',
  'xar',
  'arj',
  'lzh',
  'lzip',
  'z',
] as const;

/** Pictures, sound, films and fonts. */
export const mediaFileTypes = [
  'jpeg',
  'png',
  'gif',
  'bmp',
  'tiff',
  'webp',
  'avif',
  'heic',
  'ico',
  'psd',
  'mp4',
  'matroska',
  'avi',
  'mp3',
  'flac',
  'wav',
  'ogg',
  'swf',
  'font',
] as const;

/**
 * What a file is by its content. A stage says which of them it looks at, `docs/findings.md` lists them.
 * `text` is text of no script known to us, `data` everything else.
 */
export const fileTypes = [
  'empty',
  ...archiveTypes,
  // Containers that are documents, too. `ooxml` and `odf` are ZIPs, `ole` is a compound file of no kind known to us.
  ...([
    'ooxml',
    'odf',
    'epub',
    'jar',
    'apk',
    'ole',
    'doc',
    'xls',
    'ppt',
    'msi',
    'msg',
    'onenote',
    'rtf',
    'pdf',
    'eml',
  ] as const),
  // Programs.
  ...(['pe', 'elf', 'macho', 'class', 'dex', 'wasm'] as const),
  // What a host executes, or a browser.
  ...([
    'js',
    'vbs',
    'wsf',
    'hta',
    'sct',
    'powershell',
    'batch',
    'shell',
    'php',
    'python',
    'lnk',
    'url',
    'iqy',
    'html',
    'svg',
    'xml',
    'csv',
  ] as const),
  'text',
  ...mediaFileTypes,
  'sqlite',
  'data',
] as const;
export type FileType = (typeof fileTypes)[number];

/** A file as a stage sees it. Everything in it may be hostile. */
export interface ScannedFile {
  /** Its name within what holds it, as it stands there; never a path to be opened. */
  name: string;
  /** What the client, or the mail that carries it, says its type is; a media type. */
  declaredType?: string | undefined;
  type: FileType;
  /** The media type that belongs to `type`, or a closer one. */
  mediaType: string;
  size: number;
  /** Bytes `from` to `to`, fewer at the end of the file. Not a copy; not to be changed. */
  read(from: number, to: number): Uint8Array;
  /**
   * Fills memory that is there, which takes a fraction of the time of new memory.
   * @returns what was filled, less than all of it at the end of the file
   */
  readInto(target: Uint8Array, from: number): Uint8Array;
  /**
   * All of it.
   * @throws FileTooLarge beyond what a stage may have in memory
   */
  bytes(): Uint8Array;
}

/** A stage wanted all bytes of a file that is larger than memory allows; its category is `incomplete` then. */
export class FileTooLarge extends Error {
  readonly limit: number;
  constructor(size: number, limit: number) {
    super(`It has ${size} bytes; this stage reads files up to ${limit}.`);
    this.limit = limit;
  }
}

/** What a stage has to say of one file. */
export interface StageReport {
  findings: StageFinding[];
  /** What of the file was not looked at, and why; one sentence each. Any makes the stage `incomplete`. */
  incomplete?: string[];
  /** What may interest people and is no alarm; plain JSON. */
  facts?: Record<string, unknown>;
}

/** A look at one file. It runs in a child process that is killed when it takes too long. */
export interface Stage {
  name: StageName;
  /** Changes whenever the same file may get another answer; results and the rescan cache tell it. */
  version: string;
  looksAt(file: Pick<ScannedFile, 'type' | 'name'>): boolean;
  look(file: ScannedFile): StageReport | Promise<StageReport>;
}
