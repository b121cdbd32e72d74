import type { StageFinding } from '../../../analysis/findings.ts';
import { finding, type Views } from '../views.ts';

interface CommandShape {
  id: string;
  /** Global: the name of a program of Windows. */
  program: RegExp;
  /** What must stand in the same line behind it, in any order. */
  args: readonly RegExp[];
}

const address = /(?:https?|ftp):/i;
const shape = (id: string, program: string, ...args: RegExp[]): CommandShape => ({
  id,
  program: new RegExp(`(?<![\\w-])(?:${program})(?:\\.exe)?(?![\\w-])`, 'gi'),
  args,
});

/** `-EncodedCommand` may be cut to any length, has the alias `-ec`, and begins with a dash of any kind, or a slash. */
const encodedCommand =
  /[\s"',][-/\u2013-\u2015]e(?:c|n|nc|nco|ncod|ncode|ncoded|ncodedc\w{0,6})?[\s"',:]+(?:[A-Za-z0-9+/]{20,}={0,2}|%[\w~:,-]+%)(?![\w.\\:])/i;
const fetches =
  /Download(?:String|File|Data)|Invoke-WebRequest|Invoke-RestMethod|\biwr\b|\birm\b|Start-BitsTransfer|Net\.WebClient|\bcurl\b|\bwget\b|XMLHTTP/i;
const runsIt =
  /\bIEX\b|Invoke-Expression|Start-Process|\bsaps\b|Invoke-Item|;\s*&|\.exe['"]?\s*;|scriptblock|\.ps1\b/i;
const started =
  /[&|;]\s*(?:start|call|cmd|cscript|wscript|rundll32|regsvr32|msiexec|powershell|%\w+%|"?[\w%\\]+\.exe)\b/i;
const userFolder =
  /%(?:temp|tmp|appdata|localappdata|public)%|\\AppData\\|\\Temp\\|powershell|mshta|wscript|cscript|rundll32|\.(?:vbs|js|hta|ps1)\b/i;

/**
 * Command lines that no ordinary script has: a program of Windows, and arguments that make it fetch, decode or hide.
 */
const shapes: readonly CommandShape[] = [
  shape('scripts.encoded-command', 'powershell|pwsh', encodedCommand),
  shape('scripts.hidden-download', 'powershell|pwsh', fetches, runsIt),
  shape('scripts.lolbin-download', 'certutil', /[-/](?:urlcache|verifyctl|URL)\b/i, address),
  shape('scripts.lolbin-decode', 'certutil', /[-/]decode(?:hex)?\s/i),
  shape('scripts.lolbin-download', 'bitsadmin', /\/(?:transfer|addfile)\b/i, address),
  shape('scripts.lolbin-download', 'curl|wget', address, /\s(?:-o|-O|--output|>)\s*\S/, started),
  shape(
    'scripts.lolbin-download',
    'finger|tftp|desktopimgdownldr|esentutl',
    /\|\s*cmd\b|https?:|\s-i\s|\/y\s+\\\\/i,
  ),
  shape(
    'scripts.lolbin-script',
    'mshta',
    /^\S*["']?\s+["']?(?:(?:https?|ftp|file):|\\\\|(?:java|vb)script:|about:|\S+\.(?!hta)\w+["']?\s*$)/i,
  ),
  shape('scripts.lolbin-script', 'regsvr32', /[-/]i:["']?(?:https?:|ftp:|file:|\\\\)|\bscrobj\b/i),
  shape(
    'scripts.lolbin-script',
    'rundll32',
    /javascript:|mshtml(?:\.dll)?["']?\s*,\s*RunHTMLApplication|\s["']?\\\\[\w.@-]+\\|url\.dll\s*,\s*\w+\s+["']?(?:https?|file):/i,
  ),
  shape('scripts.lolbin-script', 'wmic', /\/format\s*:\s*["']?(?:https?:|ftp:|\\\\)/i),
  shape('scripts.wmi-process', 'wmic', /\bprocess\s+call\s+["']?create\b/i),
  shape('scripts.lolbin-script', 'msiexec', /[-/](?:i|package|y|z)\s*["']?(?:https?|ftp):/i),
  shape(
    'scripts.lolbin-script',
    'odbcconf|cmstp|msdt|installutil|regasm|ieexec|syncappvpublishingserver',
    /https?:|\bregsvr\s|\/s\s+\S+\.inf|IT_(?:BrowseForFile|RebrowseForFile)|;\s*(?:IEX|Start-Process)/i,
  ),
  shape('scripts.shadow-copies', 'vssadmin', /\bdelete\s+shadows|\bresize\s+shadowstorage/i),
  shape('scripts.shadow-copies', 'wmic', /\bshadowcopy\s+delete/i),
  shape('scripts.shadow-copies', 'wbadmin', /\bdelete\s+(?:catalog|systemstatebackup)/i),
  shape('scripts.shadow-copies', 'bcdedit', /\brecoveryenabled\s+no\b/i),
  shape('scripts.shadow-copies', 'Win32_ShadowCopy', /\.Delete\s*\(|Remove-/i),
  shape(
    'scripts.defender-off',
    'Set-MpPreference|Add-MpPreference',
    /-Disable\w+\s+(?:\$?true|1)\b|-Exclusion(?:Path|Process|Extension)\b/i,
  ),
  shape(
    'scripts.defender-off',
    'sc|net|net1',
    /\s(?:stop|delete|config)\s+["']?(?:WinDefend|Sense|WdNisSvc|Windows Defender)/i,
  ),
  shape(
    'scripts.defender-off',
    'reg',
    /\badd\b/i,
    /\bDisable(?:AntiSpyware|RealtimeMonitoring|AntiVirus)\b/i,
  ),
  shape('scripts.persistence', 'reg', /\badd\b/i, /\\CurrentVersion\\Run/i, userFolder),
  shape('scripts.persistence', 'copy|xcopy|move', /\\Start Menu\\Programs\\Startup/i),
  shape('scripts.persistence', 'schtasks', /\/create\b/i, userFolder),
  shape('scripts.hidden-command', 'conhost', /--headless|\b(?:cmd|powershell)\b/i),
  shape('scripts.hidden-command', 'forfiles', /\b(?:cmd|powershell|mshta)\b/i, /https?:|-enc|hidden/i),
  shape('scripts.hidden-command', 'pcalua', /\s-a\b/i),
  shape('scripts.hidden-command', 'ssh', /ProxyCommand\s*=/i, /\b(?:powershell|cmd|mshta)\b/i),
];

const fetchingLine = /^[^\r\n]{0,1000}?(?:https?|ftp):[^\r\n]{0,1000}/gim;
const output =
  /(?:\s-o|\s--output|-OutFile|DownloadFile\([^)]{0,500},|>)\s*["']?([^\s"'&|)]{1,300}\.(?:exe|dll|scr|com|bat|cmd|vbs|js|hta|ps1|msi))\b/i;
const hiddenFolder =
  /%(?:temp|tmp|appdata|localappdata|public|programdata)%|\$env:|\\(?:AppData|Temp|Public|ProgramData)\\/i;
const MAX_LINES = 500;

/** A file that one line fetches and another one starts. Installers do so as well, though not out of sight. */
function fetchedAndStarted(views: Views): StageFinding | undefined {
  let count = 0;
  for (const { 0: line, index } of views.plain.matchAll(fetchingLine)) {
    if (++count > MAX_LINES) return undefined;
    const path = output.exec(line)?.[1];
    const name = path?.split(/[\\/]/).at(-1);
    if (!path || !name || !views.plain.includes(name, index + line.length)) continue;
    const id = hiddenFolder.test(path) ? 'scripts.furtive-install' : 'scripts.download-and-install';
    return { id, evidence: line.slice(0, 200) };
  }
  return undefined;
}

/** One finding for each id, however many of its shapes are there. */
export function commandFindings(views: Views): StageFinding[] {
  const found = new Map<string, StageFinding>();
  for (const { id, program, args } of shapes) {
    if (found.has(id)) continue;
    const match = views.findCommand(program, args);
    if (match) found.set(id, finding(id, match));
  }
  const installs = fetchedAndStarted(views);
  if (installs && !found.has(installs.id)) found.set(installs.id, installs);
  return [...found.values()];
}
