import type { FindingCatalogue } from '../../../analysis/findings.ts';

export const shortcutFindings = {
  'scripts.lnk-command': {
    title: 'The shortcut runs a command through a program of Windows',
    score: 400,
    why: 'Its arguments fetch, hide, decode or start something; shortcuts of installers do not.',
    attack: 'T1204.002',
  },
  'scripts.lnk-encoded-command': {
    title: 'The shortcut gives PowerShell an encoded command',
    score: 400,
    why: 'A command line that people cannot read, behind an icon.',
    attack: 'T1204.002',
  },
  'scripts.lnk-download': {
    title: 'The command line of the shortcut fetches something and runs it',
    score: 450,
    why: 'A downloader behind an icon.',
    attack: 'T1105',
  },
  'scripts.lnk-padded': {
    title: 'The arguments of the shortcut are pushed out of sight with blanks',
    score: 450,
    why: 'Windows shows the first 260 characters: blanks of that length only hide what follows.',
    attack: 'T1027.012',
  },
  'scripts.lnk-remote-program': {
    title: 'The shortcut starts a program on a share beyond the own network',
    score: 400,
    why: 'The program comes from the Internet and needs no download that could be looked at.',
    attack: 'T1204.002',
  },
  'scripts.lnk-remote': {
    title: 'The shortcut leads to a share beyond the own network',
    score: 150,
    why: 'Opening it sends the user’s credentials there.',
    attack: 'T1187',
  },
  'scripts.lnk-remote-icon': {
    title: 'The icon of the shortcut is fetched from beyond the own network',
    score: 350,
    why: 'Showing the folder is enough to send the user’s credentials there.',
    attack: 'T1187',
  },
  'scripts.lnk-document-icon': {
    title: 'A shortcut to a command has the icon of a document',
    score: 200,
    why: 'It is meant to be taken for the document.',
    attack: 'T1036',
  },
  'scripts.lnk-minimized': {
    title: 'A shortcut to a command opens no window',
    score: 50,
    why: 'Nobody is to see what it does; only reported of commands that are suspicious by themselves.',
    attack: 'T1564.003',
  },
  'scripts.lnk-appended': {
    title: 'Something follows the end of the shortcut',
    score: 350,
    why: 'Windows writes nothing there: a command line cuts out of it what it runs.',
    attack: 'T1027.009',
  },
  'scripts.url-remote-file': {
    title: 'The Internet shortcut opens a file on a share or on this machine',
    score: 400,
    why: 'It runs what lies there without a download, and sends the user’s credentials.',
    attack: 'T1204.001',
  },
  'scripts.url-script': {
    title: 'The Internet shortcut runs a script or a handler of Windows',
    score: 500,
    why: 'Its address is no page: a script, or a scheme that was used to start programs.',
    attack: 'T1204.001',
  },
  'scripts.url-remote-icon': {
    title: 'The icon or folder of the Internet shortcut lies beyond this machine',
    score: 350,
    why: 'Showing or opening it sends the user’s credentials there, or runs what lies there.',
    attack: 'T1187',
  },
  'scripts.url-program': {
    title: 'The Internet shortcut leads to a program or an archive',
    score: 150,
    why: 'Most lead to pages: a note.',
  },
  'scripts.web-query': {
    title: 'Excel fetches this query from the web when it is opened',
    score: 100,
    why: 'What comes may hold formulas that run programs; a query may as well be ordinary.',
    attack: 'T1204.002',
  },
} as const satisfies FindingCatalogue;
