import type { StageFinding } from '../../../analysis/findings.ts';
import type { ReadText } from '../../../text/read-text.ts';

const far = String.raw`(?:\\\\[\w.$@-]{1,200}\\|https?:\/\/|file:\/\/[\w])`;
/** A share, where Windows sends the user's credentials; those of an office have names without a dot. */
const share = String.raw`(?:file:)?(?:\\\\|\/\/)[\w-]{0,100}[.@][\w.$@-]{1,200}[\\/]`;
const line = (name: string) =>
  new RegExp(`^[ \\t]*${name}[ \\t]*=[^\\r\\n]{0,40}${far}[^\\r\\n]{0,200}`, 'im');
const interpreter =
  /\b(?:powershell|pwsh|cmd(?:\.exe)?\s+\/|mshta|wscript|cscript|rundll32|regsvr32|certutil)\b/i;

/** Formats of Windows and Linux that are text and do something when they are opened, or only shown. All must match. */
const shapes: readonly (readonly [id: string, ...patterns: RegExp[]])[] = [
  // Explorer commands, folder settings and themes: their icon is fetched when the folder is shown.
  [
    'scripts.remote-icon',
    line('(?:IconFile|IconResource|BrandImage|Wallpaper|SCRNSAVE\\.EXE)'),
    /^[ \t]*\[(?:Shell|\.ShellClassInfo|Theme|Control Panel\\Desktop|boot)\]/im,
  ],
  ['scripts.setting-command', /<DeepLink>[^<]{0,400}/i, interpreter, /<(?:\w+:)?SettingContent|<PCSettings/i],
  [
    'scripts.remote-library',
    new RegExp(`<url>\\s{0,20}${far}`, 'i'),
    /<(?:libraryDescription|searchConnectorDescription)\b/i,
  ],
  [
    'scripts.remote-library',
    new RegExp(`<(?:include|location)\\b[^<>]{0,200}\\b(?:path|url)\\s*=\\s*["']\\s{0,20}${far}`, 'i'),
    /<persistedQuery\b/i,
  ],
  // Players open what a list names, before anybody hears it.
  [
    'scripts.remote-media',
    new RegExp(`^[ \\t]{0,20}(?:File\\d{1,5}=)?${share}[^\\r\\n]{1,300}`, 'im'),
    /^[ \t]*(?:#EXTM3U|\[playlist\])/im,
  ],
  [
    'scripts.remote-media',
    new RegExp(`<ref\\b[^<>]{0,200}\\bhref\\s*=\\s*["']?\\s{0,20}${share}`, 'i'),
    /<asx\b/i,
  ],
  [
    'scripts.remote-install',
    /<(?:\w{1,20}:)?(?:deploymentProvider|dependentAssembly)\b[^<>]{0,400}\bcodebase\s*=\s*["']\s*(?:https?:|ftp:|file:\/\/\w|\\\\)[^"'<>]{0,200}/i,
    /<(?:\w{1,20}:)?assembly\b/i,
  ],
  [
    'scripts.remote-install',
    /<jnlp\b[^<>]{0,400}\bcodebase\s*=\s*["']\s*(?:https?:|ftp:|file:\/\/\w|\\\\)[^"'<>]{0,200}/i,
    /<all-permissions\b/i,
  ],
  [
    'scripts.build-task',
    /<UsingTask\b[^>]{0,400}(?:CodeTaskFactory|RoslynCodeTaskFactory)/i,
    /<Code\b[^>]{0,200}>/i,
  ],
  [
    'scripts.sylk-macro',
    /^(?:NN;N\s{0,4}auto_?open|[CF];[^\r\n]{0,200};E[^\r\n]{0,40}\b(?:EXEC|CALL|REGISTER)\()/im,
    /^ID;P/,
  ],
  ['scripts.sylk-macro', /^[CF];[^\r\n]{0,200};E[^\r\n]{0,200}\|[^\r\n]{0,400}!/im, /^ID;P/],
  [
    'scripts.registry-run',
    /^\[HK[^\]\r\n]{0,200}\\CurrentVersion\\Run(?:Once)?\]/im,
    /^(?:Windows Registry Editor|REGEDIT4)/i,
    interpreter,
  ],
  [
    'scripts.desktop-command',
    /^Exec\s*=[^\r\n]{0,400}(?:\|\s*(?:ba)?sh\b|base64|\/dev\/tcp|curl\s|wget\s)/im,
    /^[ \t]*\[Desktop Entry\]/m,
  ],
  [
    'scripts.setup-command',
    /^[ \t]*(?:RunPreSetupCommands|RunPostSetupCommands|UnRegisterOCXs|RegisterOCXs)\b/im,
    /\bscrobj\b|\b(?:powershell|mshta|cmd)\b/i,
  ],
  [
    'scripts.autorun',
    /^[ \t]*(?:open|shellexecute|shell\\\w+\\command)\s*=[^\r\n]{1,200}/im,
    /^[ \t]*\[autorun\]/im,
  ],
  [
    'scripts.scheduled-task',
    /<Exec>[\s\S]{0,40}<Command>[^<]{0,200}/i,
    /<Task\b[^>]{0,200}mit\/task/i,
    interpreter,
  ],
];

export function otherTextFindings(read: ReadText): StageFinding[] {
  const found = new Map<string, StageFinding>();
  for (const [id, first, ...others] of shapes) {
    const match = found.has(id) ? null : (first as RegExp).exec(read.text);
    if (!match || !others.every((pattern) => pattern.test(read.text))) continue;
    const evidence = read.quote(match.index, match.index + match[0].length);
    found.set(id, { id, offset: read.offsetOf(match.index), evidence });
  }
  return [...found.values()];
}
