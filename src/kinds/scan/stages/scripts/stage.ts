import type { StageFinding } from '../../analysis/findings.ts';
import type { FileType, ScannedFile, Stage, StageReport } from '../../analysis/stage.ts';
import { readText } from '../../text/read-text.ts';
import { csvFindings } from './formats/csv.ts';
import { htmlFindings } from './formats/html.ts';
import { otherTextFindings } from './formats/other-text.ts';
import { svgFindings } from './formats/svg.ts';
import { lookAtQuery, lookAtUrl } from './formats/url.ts';
import { commandFindings } from './shapes/commands.ts';
import { hidingFindings } from './shapes/hiding.ts';
import { hostFindings } from './shapes/host.ts';
import { phpFindings } from './shapes/php.ts';
import { powershellFindings } from './shapes/powershell.ts';
import { unixFindings } from './shapes/unix.ts';
import { lookAtShortcut } from './shortcut/look-at-lnk.ts';
import { Views } from './views.ts';

/** Of a larger script, this much from its beginning is looked at. */
const MAX_TEXT = 16 * 1024 ** 2;
const MAX_FINDINGS = 50;

type Look = (file: ScannedFile) => StageReport | Promise<StageReport>;

const looks: Partial<Record<FileType, Look>> = {
  js: script,
  vbs: script,
  wsf: script,
  sct: script,
  hta: script,
  powershell: script,
  batch: script,
  shell: script,
  python: script,
  php: script,
  html: async (file) => onText(file, await htmlFindings(textOf(file), file.type)),
  svg: (file) => onText(file, svgFindings(textOf(file))),
  xml: (file) => onText(file, xmlFindings(file)),
  text: (file) => onText(file, otherTextFindings(textOf(file))),
  csv: (file) => ({ findings: csvFindings(file) }),
  url: (file) => lookAtUrl(new Views(textOf(file))),
  iqy: (file) => lookAtQuery(new Views(textOf(file))),
  lnk: lookAtShortcut,
};

export const scriptsStage: Stage = {
  name: 'scripts',
  version: '2',
  looksAt: ({ type }) => looks[type] !== undefined,
  async look(file) {
    const report = await (looks[file.type] as Look)(file);
    return { ...report, findings: report.findings.slice(0, MAX_FINDINGS) };
  },
};

const unix: ReadonlySet<FileType> = new Set(['shell', 'python', 'php']);

async function script(file: ScannedFile): Promise<StageReport> {
  const read = textOf(file);
  const views = new Views(read);
  const { type } = file;
  const found: StageFinding[] = [];
  // A library for browsers has the objects of old Internet Explorer in it.
  const isHosted = type !== 'js';
  if (type === 'php') found.push(...phpFindings(views));
  if (unix.has(type)) found.push(...unixFindings(views));
  else if (type === 'powershell') found.push(...powershellFindings(views));
  else
    found.push(
      ...hostFindings(views, { isHosted }),
      ...powershellFindings(powershellLines(views)).map(placeless),
    );
  found.push(...commandFindings(views), ...hidingFindings(views, type));
  if (type === 'hta' || type === 'sct' || type === 'wsf') found.push(...(await htmlFindings(read, type)));
  return onText(file, strongest(found));
}

/** Without a place, which would be one in the lines that were taken out of the file. */
const placeless = ({ id, evidence }: StageFinding): StageFinding => ({ id, evidence });

/** What other scripts hand to PowerShell: its lines alone, since the names of its commands are words elsewhere. */
function powershellLines(views: Views): Views {
  const lines = views.plain.match(/(?<![\w-])(?:powershell|pwsh)(?:\.exe)?["']?\s[^\r\n]{4,4000}/gi) ?? [];
  return new Views(readText(Buffer.from(lines.slice(0, 200).join('\n'), 'latin1')));
}

/** Style sheets and build files may hold scripts of a host. */
function xmlFindings(file: ScannedFile): StageFinding[] {
  const read = textOf(file);
  const found = otherTextFindings(read);
  if (/<(?:\w+:)?script\b/i.test(read.text)) {
    const views = new Views(read);
    found.push(...hostFindings(views, { isHosted: true }), ...commandFindings(views));
  }
  return found;
}

/** Ways to say the same thing: of those that are there, the first counts. */
const alternatives: readonly (readonly string[])[] = [
  [
    'scripts.download-and-run',
    'scripts.hidden-download',
    'scripts.lolbin-download',
    'scripts.download-and-write',
    'scripts.furtive-install',
    'scripts.download-and-install',
  ],
  ['scripts.encoded-command', 'scripts.decode-and-run', 'scripts.hidden-code'],
];

/** One finding for each id, and one of those that say the same. */
function strongest(found: readonly StageFinding[]): StageFinding[] {
  const byId = new Map<string, StageFinding>();
  for (const one of found) if (!byId.has(one.id)) byId.set(one.id, one);
  for (const group of alternatives) {
    const [, ...others] = group.filter((id) => byId.has(id));
    for (const id of others) byId.delete(id);
  }
  // What a script fetches and runs, it runs through a shell.
  if (byId.has('scripts.download-and-run') || byId.has('scripts.hidden-download'))
    byId.delete('scripts.shell-run');
  return [...byId.values()];
}

function textOf(file: ScannedFile) {
  if (file.size <= MAX_TEXT) return readText(file.bytes());
  return readText(file.read(0, MAX_TEXT));
}

function onText(file: ScannedFile, findings: StageFinding[]): StageReport {
  if (file.size <= MAX_TEXT || file.type === 'text' || file.type === 'xml') return { findings };
  return { findings, incomplete: [`Of ${file.size} bytes of script, the first ${MAX_TEXT} were looked at.`] };
}
