import { causes } from './causes.ts';
import type { Span } from './spans.ts';

/**
 * The one place where the words of libraries, servers and the system become ours. Theirs name paths, hosts, ports and
 * processes, which are nothing to the users who read why a job failed; the log keeps them.
 */

type Words = readonly (readonly [RegExp, string])[];

/** What libvips and its decoders say of pictures. */
const ofPictures: Words = [
  [
    /bad seek|truncat|premature|unexpected end|end of (?:file|stream|input)|not enough (?:data|image)|unable to (?:load|read)|read (?:error|failed)|too short|no more data/i,
    'it is cut off, or a part of it is missing',
  ],
  [
    /huffman|corrupt|marker|\bDCT\b|crc|checksum|filter|distance|block type|inflate|zlib|incorrect (?:data|header)|LZW|bitstream|decod/i,
    'its picture data is not as it was written',
  ],
];

/** What FFmpeg says of videos. */
const ofVideos: Words = [
  [/invalid data found/i, 'what is in it is not as its format says'],
  [/end of file/i, 'it ends before its picture begins'],
  [/not (?:found|supported|implemented)|patches welcome/i, 'it is of a kind that is not supported'],
];

const ofSystem: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ETIMEDOUT: 'there was no answer in time',
  TimeoutError: 'there was no answer in time',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOMEM: 'there is no memory left',
  EACCES: 'the right to it is missing',
  EPERM: 'the right to it is missing',
  ENOENT: 'it is not there',
  EIO: 'the disk does not work',
};

/** Classes of SQLSTATE (PostgreSQL's documentation, appendix A). */
const ofPostgres: Readonly<Record<string, string>> = {
  '08': 'the connection broke off',
  '22': 'a value is not one that it can keep',
  '23': 'a rule of its tables forbids it',
  '25': 'it takes no writes at the moment',
  '40': 'others wrote at the same time',
  '42': 'its tables are not those of this version, or a right is missing',
  '53': 'it has no room or no connection left',
  '57': 'it was stopped or gave up',
};

/** Result codes of SQLite by their first word. */
const ofSqlite: Readonly<Record<string, string>> = {
  FULL: 'the disk is full',
  BUSY: 'another process holds its lock',
  LOCKED: 'another process holds its lock',
  READONLY: 'it takes no writes at the moment',
  PERM: 'the right to it is missing',
  CANTOPEN: 'its file cannot be opened',
  IOERR: 'the disk does not work',
  CORRUPT: 'its file is damaged',
  NOTADB: 'its file is not a database',
  CONSTRAINT: 'a rule of its tables forbids it',
};

/** Words of Node and OpenSSL about a certificate. */
const ofTls = /^CERT_|^ERR_TLS|^ERR_SSL|^EPROTO|^DEPTH_ZERO|^UNABLE_TO_/i;

/** Why a picture could not be decoded, to follow `is damaged:`. */
export function pictureFault(said: string): string {
  return wordsFor(ofPictures, said) ?? 'its picture cannot be read to the end';
}

/** Why a video could not be opened. */
export function videoFault(said: string): string {
  return wordsFor(ofVideos, said) ?? 'nothing in it can be read';
}

function wordsFor(words: Words, said: string): string | undefined {
  return words.find(([pattern]) => pattern.test(said))?.[1];
}

/** Why a server or the system did not do what it was asked, as a clause; undefined where the error says nothing known. */
export function faultOf(error: unknown): string | undefined {
  for (const { code, message = '', name } of causes(error)) {
    for (const word of [code, name].filter((text) => typeof text === 'string')) {
      const known =
        ofSystem[word] ??
        (/^[0-9A-Z]{5}$/.test(word) ? ofPostgres[word.slice(0, 2)] : undefined) ??
        ofSqlite[/^SQLITE_([A-Z]+)/.exec(word)?.[1] ?? ''];
      if (known) return known;
      if (word === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another name';
      if (ofTls.test(word)) return 'its certificate is not trusted';
    }
    if (/certificate|self.signed/i.test(message)) return 'its certificate is not trusted';
    if (/time(?:d\s?)?out/i.test(message)) return 'there was no answer in time';
    if (/connection (?:terminated|error|lost)|socket hang up/i.test(message))
      return 'the connection broke off';
  }
  return undefined;
}

const part = String.raw`[^\s/\\"'<>:;,)\]]+`;

/** Codes of the system that a host follows: what begins with the same letters may be a word of a file's name. */
const ofNetwork =
  'E(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|NOTFOUND|HOST(?:UNREACH|DOWN)|NETUNREACH|ADDR(?:INUSE|NOTAVAIL)|PIPE|AI_[A-Z]{5,8})';
/** What says that a name after it is a host's: one without a dot is a word like any other. */
const beforeHost = String.raw`(?:\b(?:connect(?:ion)?(?: to)?|hosts?|servers?|target|${ofNetwork}:?) |\bdns:)`;

/** What no message to a user may name, and what stands there instead. */
const internals: Words = [
  // Frames of a stack.
  [/\n\s+at [^\n]*?:\d+(?::\d+)?\)?/g, ''],
  // Not preceded by a letter, as in `and/or` and `jobs/…`, which are our keys; our API's own paths are no secret.
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi, '(an address)'],
  [new RegExp(String.raw`(?<![\w.~)\]/-])/(?!api/)${part}(?:/${part})+/?(?::\d+)*`, 'g'), '(a path)'],
  [new RegExp(String.raw`\b[A-Za-z]:\\[^\s"'<>]+|\\\\${part}\\[^\s"'<>]+`, 'g'), '(a path)'],
  [new RegExp(String.raw`(?:${part}/)*originals-${part}-\d+(?:/${part})?`, 'g'), '(a path)'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\d+\b/gi, '(a path)'],
  // `getaddrinfo ENOTFOUND db`: as Node writes it, whatever the host is called.
  [
    new RegExp(
      String.raw`(?<=\b(?:connect|getaddrinfo|bind|listen|lookup|query[A-Z][A-Za-z]*) ${ofNetwork} )[\w.-]*\w(?::\d+)?`,
      'g',
    ),
    '(a host)',
  ],
  [new RegExp(String.raw`(?<=${beforeHost})[a-z][\w-]*:\d{2,5}\b(?![.:]?\w)`, 'gi'), '(a host)'],
  [/\[(?=[^\]]*:[^\]]*:)[0-9a-f:.]+\](?::\d+)?/gi, '(a host)'],
  // With `::`, or of eight groups: a time of day has colons, too.
  [
    /(?<![\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]+:){7})(?:[0-9a-f]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?![\w:])/gi,
    '(a host)',
  ],
  [/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\w)(?::\d+)?/g, '(a host)'],
  // With a port: `localhost`, or a name with a dot, unlike `frame:120`.
  [/\b(?:localhost|[a-z0-9][\w-]*(?:\.[\w-]+)*\.[a-z][\w-]*):\d{2,5}\b(?![.:]?\w)/gi, '(a host)'],
  [
    /\b[\w-]+(?:\.[\w-]+)*\.(?:internal|local|localdomain|lan|svc|cluster|intranet|corp|amazonaws\.com)\b(?![-.]?\w)/gi,
    '(a host)',
  ],
  // Not what one can process: `process 12 of 13 frames`.
  [/\bpid[ :=#]{1,3}\d+\b|\bprocess[:=#] ?#?\d+\b/gi, 'a process'],
  [/(?<=\b(?:of|by|for|from|in|with|child|server|worker) )process \d+\b(?! of )/g, 'a process'],
  [/\bProcess \d+\b(?= (?:waits|holds|is|was|has|exited|died)\b)/g, 'A process'],
];

/** Sources that users name themselves, and have to recognize. */
const sources = String.raw`(?:rtsp[stu]?|rtmps?|srt|rtp|mms[ht]?):\/\/[^\s"'<>]+`;

const unforeseen =
  'Something went wrong that we did not foresee. The log of the workers has the details under the id of the job.';

/**
 * The last gate of a message to users, where it is written down: it should be in our words already. Where it is not, it
 * loses what names our machines.
 * @param fileName as the user named the file: it may look like a host or a process, and stays what it is
 */
export function withoutInternals(text: string, fileName = ''): string {
  const usersOwn = new RegExp(fileName ? `${sources}|${asWord(fileName)}` : sources, 'gi');
  let kept = text;
  for (const [pattern, instead] of internals) {
    const own = [...kept.matchAll(usersOwn)].map(({ 0: word, index }): Span => [index, index + word.length]);
    kept = kept.replace(pattern, (found, at: number) =>
      own.some(([start, end]) => start <= at && at + found.length <= end) ? found : instead,
    );
  }
  return kept.replace(/\n\s*\n+/g, '\n').trim() || unforeseen;
}

/** The name where it stands by itself, not as a part of a host or a path. */
function asWord(name: string): string {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return String.raw`(?<=^|[\s"'(])${escaped}(?=$|[\s"')]|[.,:;!?](?:\s|$))`;
}
