import type { StageFinding } from '../../../analysis/findings.ts';
import { finding, type Match, type Views } from '../views.ts';

/** Windows Script Host and its objects, by name or by class. */
const shell =
  /\bWScript\s*\.\s*Shell\b|\bShell\s*\.\s*Application\b|72C24DD5-D70A-438B-8A42-98424B88AFB8|F935DC22-1CF0-11D0-ADB9-00C04FD58A0B|13709620-C279-11CE-A49E-444553540000|9BA05972-F6A8-11CF-A442-00A0C90A8F39|\bMMC20\s*\.\s*Application\b/i;
const run =
  /(?:\.\s*|\[\s*["'])(?:Run|Exec|ShellExecute|ExecuteShellCommand|InvokeVerb)(?:["']\s*\])?\s*(?:\(|["'\w])|\bCallByName\b[^\r\n]{0,200}\b(?:Run|Exec|ShellExecute)\b/i;
const wmi = /\bwinmgmts\b|\bWbemScripting\s*\.\s*SWbemLocator\b/i;
const wmiProcess = /\bWin32_Process(?:Startup)?\b/i;
const create = /\.\s*Create\s*\(|\.\s*ExecMethod_?\b|\.\s*Create\s+["'\w]/i;
const downloader =
  /\bM(?:SXML2|icrosoft)\s*\.\s*(?:Server)?XMLHTTP\b|\bWinHttp\s*\.\s*WinHttpRequest\b|88D96A0B-F192-11D4-A65F-0040963251E5|\bURLDownloadToFile\b|\bInternetExplorer\s*\.\s*Application\b/i;
const binaryStream = /\bADODB\s*\.\s*Stream\b/i;
const save = /\bSaveToFile\b/i;
const dynamic = /\beval\s*\(|\bExecute(?:Global)?\s*[("\w]|\bnew\s+Function\s*\(|\bscriptcontrol\b/i;
const host =
  /\bWScript\s*\.\s*(?:CreateObject|Sleep|Quit|Echo|ScriptFullName|ScriptName|Arguments|Timeout|Interactive)|\bScripting\s*\.\s*FileSystemObject\b|\bADODB\s*\.\s*Stream\b/i;
const registryWrite = /\bRegWrite\b/i;
const runKey = /\bCurrentVersion\\{1,4}Run/i;
const startupFolder = /\bSpecialFolders\s*[([]\s*["'](?:AllUsers)?Startup["']/i;
const placing = /\b(?:CopyFile|SaveToFile|CreateShortcut|CreateTextFile)\b/i;
const task = /\bSchedule\s*\.\s*Service\b/i;
const registerTask = /\bRegisterTask(?:Definition)?\b/i;
/** An object whose code is fetched from an address. */
const scriptlet = /\bGetObject\s*\(\s*["']script:/i;
/** What people start from scripts of their own, and nothing hides behind. */
const plainRun =
  /\.\s*(?:Run|Exec)\s*\(?\s*["']+(?:%\w+%\\|[a-z]:\\windows\\(?:system32\\)?)?(?:notepad|explorer|mspaint|write|control|taskmgr|[\w ]{1,30}\.msc)(?:\.exe)?\b[^"'\r\n]{0,100}["']+\s*\)?\s*;?\s*$/im;
const runs = /(?:\.\s*|\[\s*["'])(?:Run|Exec|ShellExecute)\b/gi;

export interface HostContext {
  /** Only a script host reads this type; in a page, much of it is what old browsers needed. */
  isHosted: boolean;
}

/** What a script does with the objects of Windows: combinations only, since each of them alone is ordinary. */
export function hostFindings(views: Views, { isHosted }: HostContext): StageFinding[] {
  const found: StageFinding[] = [];
  const shellObject = views.find(shell);
  const running = views.find(run);
  const onHost = isHosted || shellObject !== undefined || views.has(host);
  const fetching = views.find(downloader);
  const runsShell = shellObject !== undefined && running !== undefined;
  const throughWmi = views.has(wmi, wmiProcess, create);

  if (fetching && (runsShell || throughWmi || (onHost && views.has(dynamic)))) {
    found.push(finding('scripts.download-and-run', fetching));
  } else if (fetching && views.has(binaryStream, save)) {
    found.push(finding('scripts.download-and-write', fetching));
  } else if (throughWmi) {
    found.push(finding('scripts.wmi-process', views.find(wmiProcess) as Match));
  } else if (runsShell) {
    const id = isPlainRun(views) ? 'scripts.plain-run' : 'scripts.shell-run';
    found.push(finding(id, running));
  } else if (onHost && views.has(dynamic) && isHidden(views)) {
    found.push(finding('scripts.hidden-code', views.find(dynamic) as Match));
  }
  const persistent = views.has(registryWrite, runKey)
    ? runKey
    : views.has(startupFolder, placing)
      ? startupFolder
      : views.has(task, registerTask)
        ? task
        : undefined;
  const remote = views.find(scriptlet);
  if (remote) found.push(finding('scripts.lolbin-script', remote));
  if (persistent) found.push(finding('scripts.persistence', views.find(persistent) as Match));
  return found;
}

/** Every run in it is of a plain program of Windows, by a name that stands there. */
function isPlainRun(views: Views): boolean {
  const all = views.plain.match(runs)?.length ?? 0;
  return all === 1 && views.has(plainRun);
}

/** The words that make a script dangerous are readable only once it is decoded. */
function isHidden(views: Views): boolean {
  const telling = /\b(?:WScript|ActiveXObject|CreateObject|powershell|cmd(?:\.exe)?\s*\/c|XMLHTTP|ADODB)\b/gi;
  const count = (text: string) => new Set(text.match(telling)?.map((word) => word.toLowerCase())).size;
  return count(views.plain) > count(views.text);
}
