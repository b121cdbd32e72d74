import type { NameFindingId } from './findings.ts';

/** What Windows runs at a double click. */
const programs =
  'exe|scr|com|pif|bat|cmd|cpl|msi|msp|vbs|vbe|jse|wsf|wsh|hta|lnk|ps1|psm1|sct|chm|dll|gadget|appref-ms|url';
/** Their names stand behind others for good reasons, too: `logo.png.js` is what a bundler writes. */
const scripts = 'js|jar|py|sh|php|iso|img|vhd';
const documents =
  'pdf|docx?|docm|dotx?|rtf|odt|xlsx?|xlsm|xlsb|ods|pptx?|ppsx?|odp|jpe?g|tiff?|heic|mp3|mp4|avi|mkv|mov';
const otherContents = 'txt|csv|png|gif|bmp|webp|svg|wav|html?|xml|eml|msg|epub';
/** Blanks of every width, and letters that are drawn as nothing. */
const blanks =
  '[\\s\\u00a0\\u00ad\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200d\\u2060\\u2800\\u3164\\uffa0]';

const end = '[\\s\\u00a0.]*$';
const isProgram = new RegExp(`\\.(?:${programs}|${scripts})${end}`, 'iu');
const runsAtOnce = new RegExp(`\\.(?:${programs})${end}`, 'iu');
const doubled = new RegExp(
  `\\.(?:(?:${documents}|${otherContents})${blanks}*\\.(?:${programs})|(?:${documents})${blanks}*\\.(?:${scripts}))${end}`,
  'iu',
);
const padded = new RegExp(`${blanks}{8}\\.?(?:${programs}|${scripts})${end}`, 'iu');
/** Marks that only show the direction of a part are used in right-to-left scripts; these two override it. */
const overrides = /[\u202d\u202e]/u;
const turns = /[\u202a-\u202e\u2066-\u2069]/u;

/**
 * What is wrong with a name by itself.
 * @param name the last part of a path
 */
export function ownNameFindings(name: string): NameFindingId[] {
  const found: NameFindingId[] = [];
  const last = name.slice(-1024);
  if (overrides.test(last) || (turns.test(last) && runsAtOnce.test(last)))
    found.push('names.direction-override');
  if (doubled.test(last)) found.push('names.double-extension');
  else if (padded.test(last)) found.push('names.padded-extension');
  if (/[\s\u00a0.]$/u.test(last) && last !== 'Icon\r')
    found.push(isProgram.test(last) ? 'names.trailing-program' : 'names.trailing');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  if (/[\x00\x1b]|\x9b\d/.test(last)) found.push('names.terminal-escape');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  else if (/[\x00-\x1f\x7f-\x9f]/.test(last) && last !== 'Icon\r') found.push('names.control');
  return found;
}
