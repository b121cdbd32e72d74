import type { FindingCatalogue } from '../../analysis/findings.ts';
import { formatFindings } from './formats/findings.ts';
import { shortcutFindings } from './shortcut/findings.ts';

export const scriptFindings = {
  ...shortcutFindings,
  ...formatFindings,
  'scripts.download-and-run': {
    title: 'The script fetches something and runs it',
    score: 600,
    why: 'Both together are a downloader; either alone is ordinary.',
    attack: 'T1105',
  },
  'scripts.download-and-write': {
    title: 'The script fetches something and writes it to the disk as bytes',
    score: 400,
    why: 'A script host is an odd tool to fetch files with; what is written is run by someone else.',
    attack: 'T1105',
  },
  'scripts.hidden-download': {
    title: 'A command line makes PowerShell fetch something and run it',
    score: 500,
    why: 'The usual way from a document, a shortcut or a script to the next step of an attack.',
    attack: 'T1059.001',
  },
  'scripts.shell-run': {
    title: 'The script runs a command through Windows Script Host',
    score: 400,
    why: 'A shell object and a command that is not a plain program of Windows: scripts that arrive as files do little else.',
    attack: 'T1059.005',
  },
  'scripts.plain-run': {
    title: 'The script starts a plain program of Windows',
    score: 100,
    why: 'It names the program, such as the editor, and nothing else is run.',
  },
  'scripts.wmi-process': {
    title: 'The script starts a process through WMI',
    score: 400,
    why: 'A way around what watches the children of script hosts.',
    attack: 'T1047',
  },
  'scripts.hidden-code': {
    title: 'The script hides the names of system objects and executes text',
    score: 350,
    why: 'The names are readable only once pieces, numbers or escapes are put together.',
    attack: 'T1027',
  },
  'scripts.encoded-script': {
    title: 'The script is encoded with the Script Encoder of Microsoft',
    score: 400,
    why: 'Nobody reads it, its host does; the encoder has been out of ordinary use for twenty years.',
    attack: 'T1027',
  },
  'scripts.split-words': {
    title: 'The script spells its words with marks or pieces of variables',
    score: 350,
    why: 'It serves nothing but hiding: many of them, not one.',
    attack: 'T1027.010',
  },
  'scripts.encoded-command': {
    title: 'PowerShell is given an encoded command',
    score: 400,
    why: 'A command line that people cannot read, in a file that others sent.',
    attack: 'T1027.010',
  },
  'scripts.decode-and-run': {
    title: 'The script decodes something and runs it',
    score: 400,
    why: 'What it runs is not what is readable in it.',
    attack: 'T1140',
  },
  'scripts.hidden-call': {
    title: 'The script calls a function whose name it hides, with what a request says',
    score: 500,
    why: 'A web shell: the name of the function is put together or decoded, so that nobody finds it.',
    attack: 'T1505.003',
  },
  'scripts.furtive-install': {
    title: 'The script fetches a program and starts it out of sight',
    score: 400,
    why: 'A hidden window, a temporary folder or a bare address, where an installer has none.',
    attack: 'T1105',
  },
  'scripts.download-and-install': {
    title: 'The script fetches a file and starts something',
    score: 150,
    why: 'Installers of administrators do so: a note.',
  },
  'scripts.amsi-bypass': {
    title: 'The script disables the antimalware interface of Windows',
    score: 600,
    why: 'Its parts are named together with what changes them, or are hidden.',
    attack: 'T1562.001',
  },
  'scripts.reverse-shell': {
    title: 'The script connects a shell to somewhere else',
    score: 600,
    why: 'A socket and a shell that reads from it: remote control.',
    attack: 'T1059',
  },
  'scripts.code-in-memory': {
    title: 'The script places machine code in memory and runs it',
    score: 600,
    why: 'Memory is reserved, filled and started as a thread: no script needs that.',
    attack: 'T1055',
  },
  'scripts.attack-tool': {
    title: 'The script calls a known tool of attackers',
    score: 600,
    why: 'By its name; testers use it as well, and know why.',
    attack: 'T1588.002',
  },
  'scripts.lolbin-download': {
    title: 'A program of Windows that is not for downloads is made to fetch a file',
    score: 400,
    why: 'A way around what watches browsers and PowerShell.',
    attack: 'T1105',
  },
  'scripts.lolbin-decode': {
    title: 'The certificate tool is made to decode a file',
    score: 350,
    why: 'What it decodes in attacks is a program that passed as text.',
    attack: 'T1140',
  },
  'scripts.lolbin-script': {
    title: 'A program of Windows is made to run a script from elsewhere',
    score: 500,
    why: 'Trusted programs that execute what an address or an argument holds.',
    attack: 'T1218',
  },
  'scripts.hidden-command': {
    title: 'A command is started through a program that hides it',
    score: 400,
    why: 'A detour that only serves to break the chain of parents, or to show no window.',
    attack: 'T1202',
  },
  'scripts.shadow-copies': {
    title: 'The script deletes the backups of Windows, or stops its recovery',
    score: 500,
    why: 'The first thing that ransomware does.',
    attack: 'T1490',
  },
  'scripts.defender-off': {
    title: 'The script turns the virus scanner of Windows off, or makes it look away',
    score: 400,
    why: 'Whoever needs that knows; a file that does it by itself is no friend.',
    attack: 'T1562.001',
  },
  'scripts.persistence': {
    title: 'The script has something started at every logon',
    score: 350,
    why: 'From a folder for temporary files, through a script host, or by a script.',
    attack: 'T1547.001',
  },
  'scripts.piped-to-shell': {
    title: 'The script pipes something it fetches to a shell',
    score: 100,
    why: 'How many projects are installed: a note.',
  },
} as const satisfies FindingCatalogue;
