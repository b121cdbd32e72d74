import type { FileType } from '../../analysis/stage.ts';

type Sign = readonly [pattern: RegExp, weight: number];

/** What tells one language from another and from prose; each sign counts once. */
const signs: readonly (readonly [FileType, readonly Sign[]])[] = [
  [
    'js',
    [
      [/\b(?:var|let|const)\s+[\w$]+\s*=[^=]/, 2],
      [/\bfunction\b\s*[\w$]*\s*\([\w$,\s]*\)\s*\{/, 3],
      [/\([\w$,\s]*\)\s*=>\s*[{(\w]/, 2],
      [/\bnew\s+ActiveXObject\s*\(/, 5],
      [/\bWScript\.(?:CreateObject|Echo|Quit|Sleep|Script|Arguments)/, 2],
      [/\b(?:document|window|console|module|process)\.\w+/, 2],
      [/\brequire\s*\(\s*['"]/, 2],
      [/===|\btypeof\s|\.prototype\b/, 2],
      [/\beval\s*\(|\bString\.fromCharCode\b|\bunescape\s*\(/, 2],
      [/^[ \t]*(?:import|export)\b[^\n]{0,200}\bfrom\s+['"]/m, 3],
      [/;\s*$/m, 1],
    ],
  ],
  [
    'vbs',
    [
      [/^[ \t]*(?:Dim|Set|Const)\s+\w+/im, 2],
      [/^[ \t]*(?:(?:Private|Public)\s+)?(?:Sub|Function)\s+\w+/im, 2],
      [/^[ \t]*End\s+(?:Sub|Function|If|With)\b/im, 3],
      [/\bCreateObject\s*\(\s*["\w]/i, 4],
      [/\bOn\s+Error\s+Resume\s+Next\b/i, 4],
      [/\bWScript\.(?:CreateObject|Echo|Quit|Sleep|Script|Arguments|Shell)/i, 2],
      [/\bExecute(?:Global)?[\s(]/i, 1],
      [/\bChrW?\(\s*(?:\d+|&H[\da-f]+)\s*\)/i, 2],
      [/\bThen\s*$/im, 1],
      [/\bMsgBox\b/i, 2],
      [/&\s*_\s*$|\bvb(?:CrLf|Hide|NullString)\b/im, 2],
    ],
  ],
  [
    'powershell',
    [
      [/\$\w+\s*=[^=]/, 1],
      [
        /\b(?:Get|Set|New|Write|Invoke|Import|Start|Stop|Out|Add|Remove|ConvertTo|ConvertFrom|Test|Select|Where|ForEach|Copy|Join|Export|Install)-[A-Z][a-z]\w+/,
        3,
      ],
      [/^[ \t]*param\s*\(|^[ \t]*\[CmdletBinding\(/im, 2],
      [
        /\[(?:System\.)?(?:Convert|Text\.\w+|Net\.\w+|IO\.\w+|Reflection\.\w+|Runtime\.\w+|Diagnostics\.\w+)[\].]/i,
        4,
      ],
      [/\[(?:string|int|byte\[\]|char|void|ref|switch|bool)\]/i, 2],
      [/\s-(?:eq|ne|gt|lt|like|match|join|split|replace|bxor|f)\s/i, 1],
      [/\b(?:IEX\b|Invoke-Expression\b)/i, 3],
      [/\$(?:env:|null\b|true\b|false\b|PSScriptRoot\b|_\.)/i, 3],
      [/\|\s*(?:%|\?|Where|ForEach|Select|Out-)/i, 2],
      [/^[ \t]*(?:<#|#requires\b)/im, 2],
      [/\b(?:New-Object|DownloadString|FromBase64String)\b/i, 3],
    ],
  ],
  [
    'batch',
    [
      [/^[ \t]*@echo\s+off\b/im, 6],
      [/^[ \t]*(?:rem|::)\s/im, 2],
      [
        /^[ \t]*(?:set\s+(?:\/[ap]\s+)?"?\w+=|goto\s+:?\w+|call\s+\S|setlocal\b|endlocal\b|pause\s*$|cls\s*$)/im,
        3,
      ],
      [/^[ \t]*:\w+\s*$/m, 1],
      [
        /^[ \t]*@?(?:start|cmd|powershell|cscript|wscript|mshta|rundll32|regsvr32|certutil|bitsadmin|schtasks|reg|net|curl)(?:\.exe)?\s+["/\\\w-]/im,
        3,
      ],
      [/>\s*nul\b/i, 2],
      [/%(?:TEMP|APPDATA|LOCALAPPDATA|USERPROFILE|COMSPEC|SystemRoot|WINDIR|PUBLIC|~dp0|~f0)%?/i, 2],
      [/\berrorlevel\b/i, 2],
    ],
  ],
  [
    'python',
    [
      [/^[ \t]*(?:async\s+)?(?:def|class)\s+\w+[^\n]{0,200}:\s*$/m, 4],
      [/^(?:import\s+\w[\w., ]*|from\s+[\w.]+\s+import\s[^\n]+)$/m, 3],
      [/^[ \t]*(?:if|for|while|elif|else|try|except|with)\b[^\n{]{0,200}:\s*$/m, 2],
      [/\b__name__\b|\bself\.\w|\bNone\b/, 2],
      [/\bprint\s*\(/, 1],
    ],
  ],
  [
    'shell',
    [
      [/^[ \t]*(?:fi|done|esac)\s*(?:$|[;|&])/m, 3],
      [/\$\(|\$\{\w|"\$[\w@]/, 1],
      [/\bif\s+\[\[?\s|;\s*then\b/, 3],
      [/^[ \t]*(?:export\s+\w+=|source\s|sudo\s|set\s+-[eux]|chmod\s|apt(?:-get)?\s|wget\s|curl\s)/m, 2],
    ],
  ],
];

const byExtension: Readonly<Record<string, FileType>> = {
  js: 'js',
  mjs: 'js',
  cjs: 'js',
  jse: 'js',
  vbs: 'vbs',
  vbe: 'vbs',
  ps1: 'powershell',
  psm1: 'powershell',
  psd1: 'powershell',
  bat: 'batch',
  cmd: 'batch',
  sh: 'shell',
  bash: 'shell',
  py: 'python',
  pyw: 'python',
};

/** Text that has a language of its own, in which words of another stand in comments, strings and examples. */
const otherText = new Set(
  (
    'txt md rst log json jsonl yaml yml toml ini cfg conf properties css scss less sql tex c h cc cpp hpp cs java kt ' +
    'rs go rb pl pm lua swift m r ts tsx jsx vue yar yara rules sigma ipynb diff patch po srt vtt ics vcf'
  ).split(' '),
);

const ENOUGH = 5;
const ENOUGH_IN_OTHER_TEXT = 9;
/** Of two languages, the one that the name says wins when it has nearly as many signs. */
const TIE = 3;

/** The language of a script by its words, or `undefined` for prose, data and other languages. */
export function scriptLanguage(text: string, extension: string): FileType | undefined {
  const scores = signs.map(([type, list]) => ({
    type,
    score: list.reduce((sum, [pattern, weight]) => sum + (pattern.test(text) ? weight : 0), 0),
  }));
  const best = scores.reduce((one, other) => (other.score > one.score ? other : one));
  const named = byExtension[extension];
  const namedScore = scores.find(({ type }) => type === named)?.score ?? 0;
  if (named && namedScore >= best.score - TIE) return named;
  if (best.score >= (otherText.has(extension) ? ENOUGH_IN_OTHER_TEXT : ENOUGH)) return best.type;
  return named;
}
