import type { StageFinding } from '../../../analysis/findings.ts';
import { finding, type Match, type Views } from '../views.ts';

/** All patterns of a shape must be there; the first is where it is. */
const shapes: readonly (readonly [id: string, ...patterns: RegExp[]])[] = [
  ['scripts.reverse-shell', /\b(?:ba|z|k)?sh\s+-i\b[^\r\n]{0,60}(?:>&|<>|0>|&>)\s*\/dev\/(?:tcp|udp)\//],
  [
    'scripts.reverse-shell',
    /\bexec\s+\d+<>\s*\/dev\/(?:tcp|udp)\/|\/dev\/(?:tcp|udp)\/[\w.$-]{1,100}\/[\w$]{1,20}\s+0<&/,
  ],
  [
    'scripts.reverse-shell',
    /\b(?:nc|ncat|netcat)\b[^\r\n]{0,100}\s(?:-e|-c|--exec)\s*["']?\/?(?:bin\/)?(?:ba)?sh\b/,
  ],
  [
    'scripts.reverse-shell',
    /\bmkfifo\b/,
    /\|\s*(?:\/bin\/)?(?:ba)?sh\s+-i\b/,
    /\b(?:nc|ncat|netcat|openssl|telnet)\b/,
  ],
  [
    'scripts.reverse-shell',
    /\bdup2\s*\(\s*\w+\.fileno\b/,
    /\bsocket\b/,
    /\bconnect\b/,
    /\bpty\.spawn|\bsubprocess\b|\bexecl?v?p?e?\b/,
  ],
  [
    'scripts.decode-and-run',
    /\bbase64\s+(?:-d|-D|--decode)\b[^\r\n]{0,200}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/,
  ],
  ['scripts.decode-and-run', /\beval\s+["']?\$\([^\r\n)]{0,400}\bbase64\s+(?:-d|-D|--decode)/],
  [
    'scripts.decode-and-run',
    /\b(?:exec|eval)\s*\(\s*(?:compile\s*\(\s*)?(?:\w+\.)?(?:b64decode|decompress|loads|fromhex|unhexlify)\s*\(|\bexec\s*\(\s*__import__\s*\(\s*['"](?:base64|zlib|marshal|codecs)['"]/,
  ],
  ['scripts.piped-to-shell', /\b(?:curl|wget)\s[^\r\n|]{0,300}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/],
];

/** What scripts for shells of Unix, and Python, do that ordinary ones do not; installers pipe to a shell: a note. */
export function unixFindings(views: Views): StageFinding[] {
  const found = new Map<string, StageFinding>();
  for (const [id, first, ...others] of shapes) {
    if (found.has(id) || !views.has(first as RegExp, ...others)) continue;
    found.set(id, finding(id, views.find(first as RegExp) as Match));
  }
  return [...found.values()];
}
