import type { StageFinding } from '../../../analysis/findings.ts';
import { finding, type Views } from '../views.ts';

const fetches =
  /\bDownload(?:String|Data|File)(?:Async|TaskAsync)?\b|\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm|Start-BitsTransfer)\b|\bNet\.(?:WebClient|Http\.HttpClient|(?:Http)?WebRequest)\b|\bMsxml2\.(?:Server)?XMLHTTP\b|\b(?:curl|wget)\s+['"]?https?:/i;
/** Runs text or bytes that came from elsewhere, without a file. */
const evaluates =
  /(?:^|[\s|;&({'"])(?:IEX|Invoke-Expression)\b|\[(?:System\.Management\.Automation\.)?ScriptBlock\]::Create|\[(?:System\.)?Reflection\.Assembly\]::Load\s*\(|\.\s*(?:InvokeScript|NewScriptBlock)\s*\(|&\s*\(\s*\$(?:env:\w+\[|pshome\[|shellid\[|verbosepreference)|&\s*\(\s*(?:gcm|Get-Command|GAL|Get-Alias)\b/i;
const toDisk =
  /\bDownloadFile\b|-OutFile\b|\bStart-BitsTransfer\b|\bWriteAllBytes\b|\bSet-Content\b|\bOut-File\b/i;
const starts =
  /\b(?:Start-Process|saps|Invoke-Item|Invoke-WmiMethod|Invoke-CimMethod)\b|\[(?:System\.)?Diagnostics\.Process\]::Start|(?:^|[;{\s])&\s*["'$(]|\brundll32\b|\bregsvr32\b/im;
/** What an installer for people has no reason to do. */
const furtive =
  /-w(?:i|in|ind|indo|indow|indows|indowst\w*)?\s+(?:hidden|1)\b|-WindowStyle\s+(?:Hidden|1)\b|\$env:(?:TEMP|TMP|APPDATA|LOCALAPPDATA|PUBLIC)\b|\\AppData\\|\\Users\\Public\\|GetTempPath|https?:\/\/\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/i;
const decodes =
  /\bFromBase64String\b|\b(?:Gzip|Deflate)Stream\b|-bxor\b|\bConvertTo-SecureString\b[^\r\n]{0,400}-Key\b/i;
const amsi =
  /\bamsiInitFailed\b|\bAmsiUtils\b|\bamsiContext\b|\bAmsi(?:Scan|Open)(?:Buffer|Session|String)\b|\bamsi\.dll\b/i;
const amsiWord = /amsi/i;
const patches =
  /\bVirtualProtect\b|\bGetProcAddress\b|\bNonPublic\b|\bSetValue\b|\bMarshal\]::(?:Copy|WriteByte|WriteInt)/i;
const memory = /\bVirtualAlloc(?:Ex)?\b|\bNtAllocateVirtualMemory\b/i;
const threads =
  /\bCreate(?:Remote)?Thread\b|\bMarshal\]?::(?:Copy|GetDelegateForFunctionPointer)\b|\bQueueUserAPC\b|\bWriteProcessMemory\b/i;
const socket = /\bNet\.Sockets\.(?:TCP|Udp)Client\b/i;
const stream = /\.GetStream\s*\(/i;
const tools =
  /\bInvoke-(?:Mimikatz|Shellcode|ReflectivePEInjection|DllInjection|Kerberoast|BloodHound|PowerShellTcp|PowerDump|TokenManipulation)\b/i;

/** What a PowerShell script does: combinations only, since administrators download, start and decode as well. */
export function powershellFindings(views: Views): StageFinding[] {
  const found: StageFinding[] = [];
  const report = (id: string, pattern: RegExp) => {
    const match = views.find(pattern);
    if (match) found.push(finding(id, match));
  };
  if (views.has(amsi) && (views.has(patches) || views.has(evaluates))) report('scripts.amsi-bypass', amsi);
  // The word is put together at run time: no script that means well hides it.
  else if (!amsiWord.test(views.text) && views.has(amsi)) report('scripts.amsi-bypass', amsi);
  if (
    views.has(socket) &&
    views.has(stream) &&
    (views.has(evaluates) || /\bcmd(?:\.exe)?\b/i.test(views.plain))
  ) {
    report('scripts.reverse-shell', socket);
  } else if (views.has(fetches) && views.has(evaluates)) {
    report('scripts.download-and-run', fetches);
  } else if (views.has(fetches) && views.has(toDisk) && views.has(starts)) {
    report(views.has(furtive) ? 'scripts.furtive-install' : 'scripts.download-and-install', fetches);
  } else if (views.has(decodes) && views.has(evaluates)) {
    report('scripts.decode-and-run', decodes);
  }
  if (views.has(memory) && views.has(threads)) report('scripts.code-in-memory', memory);
  report('scripts.attack-tool', tools);
  return found;
}
