import type { StageFinding } from '../../../analysis/findings.ts';
import type { ScannedFile, StageReport } from '../../../analysis/stage.ts';
import { readText } from '../../../text/read-text.ts';
import { commandFindings } from '../shapes/commands.ts';
import { powershellFindings } from '../shapes/powershell.ts';
import { Views } from '../views.ts';
import { parseShortcut, type Shortcut } from './parse-lnk.ts';

/** Programs of Windows that run what their arguments hold. */
const interpreters =
  /(?:^|[\\/"\s])(powershell|powershell_ise|pwsh|cmd|mshta|wscript|cscript|rundll32|regsvr32|msiexec|certutil|bitsadmin|forfiles|conhost|wmic|curl|ftp|finger|hh|msbuild|installutil|pcalua|ssh|wsl|bash|python\w*|odbcconf|cmstp|msdt|scriptrunner|explorer)(?:\.exe)?["']?\s*$/i;
/** What makes such a program an attack when a file starts it. */
const telling: Readonly<Record<string, RegExp>> = {
  powershell:
    /[\s"'][-/\u2013]w(?:i\w*)?[\s:]+(?:h|1)|[-/\u2013]e(?:n|c|nc\w*)\s|\bIEX\b|Invoke-|Download|FromBase64|https?:|\biwr\b|\birm\b|Net\.WebClient|[-/\u2013]ex?e?c?\w*\s+(?:bypass|unrestricted)|\$env:|\[char\]|-join|Get-Content|\bgc\b|ReadAllBytes|\.lnk\b/i,
  cmd: /\b(?:powershell|pwsh|mshta|wscript|cscript|rundll32|regsvr32|certutil|bitsadmin|curl|msiexec|conhost|forfiles|findstr|ftp)\b|%(?:temp|tmp|appdata|localappdata|public)%|https?:|\\\\[\w.-]+@|\bxcopy\b|\bcopy\s+\/b|&\s*start\b|\bstart\s+(?:\/\w+\s+)*["']?[^\s"'&]*\.(?:exe|dll|scr|com|js|vbs|hta|bat|cmd|ps1)\b|\.(?:js|jse|vbs|vbe|wsf|hta|ps1|scr)\b|\^|%\w+:~/i,
  mshta: /\S/,
  wscript: /\S/,
  cscript: /\S/,
  regsvr32: /\/i:|\bscrobj\b|https?:|\\\\|%(?:temp|appdata|public)%|\.(?!dll|ocx)\w{1,4}["']?\s*$/i,
  rundll32:
    /javascript:|https?:|\\\\|%(?:temp|tmp|appdata|public)%|\\AppData\\|\\Temp\\|^\s*["']?[\w.]+\.(?!dll|cpl)\w+\s*,|__MACOSX|\\\.\./i,
  msiexec: /https?:|\s\/q/i,
  explorer:
    /\\\\[\w.-]+@|search-ms:|\.(?:js|vbs|hta|bat|cmd|scr)\b|https?:\/\/\S+\.(?:exe|zip|hta|js|vbs|msi|iso|img)\b/i,
  python: /\s-c\s/i,
  bash: /https?:|\bbase64\b|\/dev\/tcp\//i,
  wsl: /https?:|\bbase64\b|\/dev\/tcp\/|\b(?:powershell|cmd)\b/i,
  ssh: /\bProxyCommand\b|\bPermitLocalCommand\b/i,
  hh: /https?:|\\\\|\bms-its:|%(?:temp|appdata|public)%/i,
  ftp: /-s:/i,
  msbuild: /%(?:temp|appdata|public)%|\\\\|\\AppData\\/i,
  default: /\S/,
};
/** Icons of documents and of programs that show them. */
const documentIcon =
  /\.(?:pdf|docx?|xlsx?|pptx?|txt|rtf|jpe?g|png|zip)$|\b(?:acrord32|acrobat|foxit\w*|winword|excel|powerpnt|wordpad|notepad|msedge|chrome|firefox|iexplore|winrar|7zfm|mspaint|outlook)\.exe$|\bwordicon\.exe$|\bxlicons\.exe$/i;
/** Blanks of any kind that push arguments out of what Windows shows of them. */
const padding = /[\t\n\v\f\r \u00a0\u2000-\u200b\u3000]{60,}/;
/** Shares beyond the own network: a name with a dot, a port or an encrypted scheme, as WebDAV has it. */
const farShare = /^\\\\(?:[^\\]*@|[\w-]+\.[\w.-]+\\|\d+\.\d+\.\d+\.\d+\\|[^\\]+\\DavWWWRoot)/i;
const runnable = /\.(?:exe|dll|cpl|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|lnk|url)["']?$/i;
const executableSigns = [
  'MZ',
  'PK\x03\x04',
  '<script',
  '<HTA:',
  'Rar!',
  'MSCF',
  '7z\xbc\xaf',
  '%PDF-',
  '\xd0\xcf\x11\xe0',
];

export function lookAtShortcut(file: ScannedFile): StageReport {
  const shortcut = parseShortcut(file);
  const targets = [
    shortcut.environmentPath,
    shortcut.localPath,
    shortcut.itemPath,
    shortcut.networkPath,
    shortcut.relativePath,
  ].filter((path) => path !== undefined && path !== '') as string[];
  const target = targets[0] ?? '';
  const args = shortcut.arguments ?? '';
  const findings: StageFinding[] = [];

  const program = targets
    .map((path) => interpreters.exec(path)?.[1]?.toLowerCase())
    .find((name) => name !== undefined);
  if (program) findings.push(...programFindings(program, args, target, shortcut));
  if (padding.test(args)) {
    const blanks = padding.exec(args)?.[0].length;
    findings.push({
      id: 'scripts.lnk-padded',
      evidence: `${blanks} blanks in: ${args.replaceAll(/\s+/g, ' ').slice(0, 200)}`,
    });
  }
  const far = targets.find((path) => farShare.test(path));
  if (far)
    findings.push({
      id: runnable.test(far) ? 'scripts.lnk-remote-program' : 'scripts.lnk-remote',
      evidence: far,
    });
  const icon = shortcut.icon ?? '';
  if (farShare.test(icon) || /^(?:https?|file):\/\/\w/i.test(icon)) {
    findings.push({ id: 'scripts.lnk-remote-icon', evidence: icon });
  }
  findings.push(...behind(file, shortcut));
  return {
    findings,
    ...(shortcut.damaged && { incomplete: [`The shortcut is damaged. ${shortcut.damaged}`] }),
    facts: factsOf(shortcut, target),
  };
}

function programFindings(
  program: string,
  args: string,
  target: string,
  { icon, showCommand }: Shortcut,
): StageFinding[] {
  const name = /^(?:pwsh|powershell_ise)$/.test(program)
    ? 'powershell'
    : program.replace(/^python\w*$/, 'python');
  const line = `${name} ${args}`;
  const views = new Views(readText(Buffer.from(`\ufeff${line}`, 'utf16le')));
  const pattern = telling[name] ?? (telling.default as RegExp);
  // One alarm for one command line: what is known of it in particular, else that it is there at all.
  const [particular] = [...commandFindings(views), ...powershellFindings(views)].map(named);
  const suspicious =
    particular ?? (pattern.test(args) || pattern.test(views.plain.slice(name.length)) ? undefined : null);
  if (suspicious === null) return [];
  const found: StageFinding[] = [suspicious ?? { id: 'scripts.lnk-command', evidence: `${target} ${args}` }];
  if (documentIcon.test(icon?.replace(/,\s*-?\d+$/, '') ?? '')) {
    found.push({ id: 'scripts.lnk-document-icon', evidence: `${icon} for ${target}` });
  }
  if (showCommand === 7) found.push({ id: 'scripts.lnk-minimized', evidence: `${target} ${args}` });
  return found;
}

/** A finding of command lines as one of shortcuts; its place is in no file. */
function named({ id, evidence }: StageFinding): StageFinding {
  if (id === 'scripts.encoded-command') return { id: 'scripts.lnk-encoded-command', evidence };
  return { id: /download/.test(id) ? 'scripts.lnk-download' : 'scripts.lnk-command', evidence };
}

/** What is appended to a shortcut is there for its command line to cut out. */
function behind(file: ScannedFile, { end, damaged }: Shortcut): StageFinding[] {
  const size = file.size - end;
  if (damaged || size < 256) return [];
  const start = Buffer.from(file.read(end, end + 4096)).toString('latin1');
  const sign = executableSigns.find((text) => start.includes(text));
  const evidence = `${size} bytes after the end of the shortcut${sign ? `, with ${JSON.stringify(sign)}` : ''}`;
  return /[^\0]/.test(start) ? [{ id: 'scripts.lnk-appended', offset: end, evidence }] : [];
}

function factsOf(shortcut: Shortcut, target: string): Record<string, unknown> {
  const {
    arguments: args,
    workingDirectory,
    description,
    icon,
    machine,
    showCommand,
    relativePath,
  } = shortcut;
  const told = {
    arguments: args,
    working_directory: workingDirectory,
    description,
    icon,
    machine,
    relative_path: relativePath,
  };
  return {
    target: target.slice(0, 1000),
    ...Object.fromEntries(
      Object.entries(told).flatMap(([name, value]) => (value ? [[name, value.slice(0, 4000)]] : [])),
    ),
    show_command: showCommand,
  };
}
