import type { FindingCatalogue } from '../../analysis/findings.ts';

/** Of our rules; the rules say the same in their metadata. An operator's rules bring their own. */
export const yaraFindings: FindingCatalogue = {
  'yara.eicar-test-file': {
    title: 'It is the EICAR test file',
    score: 1000,
    why: 'Harmless, and agreed upon to be called malicious by everyone: 68 bytes, and nothing but blanks behind them.',
  },
  'yara.php-runs-request': {
    title: 'PHP that executes what a request says',
    score: 600,
    why: 'A web shell in one line, wherever it is hidden: also in the comment of a picture.',
    attack: 'T1505.003',
  },
  'yara.php-runs-decoded': {
    title: 'PHP that decodes itself and executes the result',
    score: 500,
    why: 'Web shells and stolen code look so; what it does is not readable.',
    attack: 'T1027',
  },
  'yara.asp-runs-request': {
    title: 'A server page that executes what a request says',
    score: 600,
    why: 'A web shell in one line, in ASP or JSP.',
    attack: 'T1505.003',
  },
  'yara.program-in-picture': {
    title: 'A program for Windows is in a picture, a sound or a document',
    score: 500,
    why: 'None of them has a use for the words that every such program begins with.',
    attack: 'T1027.009',
  },
  'yara.program-in-base64': {
    title: 'A program for Windows is encoded in it',
    score: 400,
    why: 'In base64 or hexadecimal, and not as the attachment of a mail.',
    attack: 'T1027.009',
  },
  'yara.program-xored': {
    title: 'A program for Windows is hidden in it behind a key of one byte',
    score: 400,
    why: 'A key of one byte only hides from those who look for words.',
    attack: 'T1027.013',
  },
  'yara.shellcode-block-api': {
    title: 'Machine code that looks for functions of Windows by hashes of their names',
    score: 700,
    why: 'The first bytes of stagers that attackers and testers use; nothing else begins so.',
    attack: 'T1055',
  },
  'yara.credential-dumper': {
    title: 'A program that reads passwords out of the memory of Windows',
    score: 800,
    why: 'By words of its own, two of three, and only in a program.',
    attack: 'T1003.001',
  },
  'yara.coin-miner': {
    title: 'A program or script that mines coins for an address',
    score: 400,
    why: 'An address of a pool together with the name of a miner or its options.',
    attack: 'T1496',
  },
  'yara.encoded-powershell': {
    title: 'A command line gives PowerShell an encoded command',
    score: 400,
    why: 'In any file, also in programs and documents; what is encoded is text of two bytes a character.',
    attack: 'T1027.010',
  },
  'yara.powershell-cradle': {
    title: 'A command line makes PowerShell fetch something and run it',
    score: 400,
    why: 'In programs, compound documents, shortcuts and small files: texts about it are longer.',
    attack: 'T1059.001',
  },
};
