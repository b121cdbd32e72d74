/** Procedures that Office runs without being asked, by the names that it looks for. */
const automatic = [
  'auto_?(?:exec|open|close|exit|new)',
  'document_?(?:open|new|close|beforeclose|beforesave|beforeprint|change)',
  'newdocument',
  'workbook_(?:open|activate|deactivate|close|beforeclose|beforesave|beforeprint|windowactivate|sheetactivate|sheetcalculate|addininstall)',
  '\\w+_(?:documentopen|documentchange|documentbeforeclose|documentbeforesave|newdocument)',
  '\\w+_(?:workbookopen|workbookactivate|newworkbook|workbookbeforeclose)',
  '\\w+_(?:presentationopen|afterpresentationopen|slideshowbegin|slideshownextslide|slideshowend)',
  'onslideshow(?:pagechange|terminate)',
  'application_(?:startup|newmail|newmailex|mapilogoncomplete|itemsend|quit)',
  // Controls on a page whose events come by themselves.
  '(?!userform_)\\w+_(?:painted|painting|gotfocus|lostfocus|mousehover|mousemove|mouseenter|mouseleave|layout|resize|onconnecting|beforenavigate2|documentcomplete|downloadbegin|downloadcomplete|navigatecomplete2|navigateerror|progresschange|propertychange|statustextchange|titlechange)',
].join('|');

export const automaticProcedure = new RegExp(
  `^[ \\t]*(?:(?:public|private|friend|static)[ \\t]+)*(?:sub|function)[ \\t]+(${automatic})\\b`,
  'gim',
);

/** A module of this name has its procedure `Main` run. */
export const automaticModule = /^auto(?:exec|open|close|exit|new)$/i;
export const mainProcedure = /^[ \t]*(?:public[ \t]+)?sub[ \t]+main\b/im;

/** Looked for in code without its strings and comments. */
export const executes: readonly RegExp[] = [
  /\b(?:shell|winexec|sendkeys|macscript|applescripttask|followhyperlink|executeexcel4macro|registerxll|callbyname)\b/i,
  /\b(?:shellexecute\w*|createprocess\w*|create(?:remote)?thread|virtualalloc(?:ex)?|loadlibrary\w*|enumwindows)\b/i,
  /\bgetobject\b/i,
  /(?<!\bapplication)\.(?:run|exec|execute(?=\s*\()|invokeverb|invokeverbex|ddeinitiate|ddeexecute)\b(?!\s*=)/i,
  /\bdde(?:initiate|execute)\b/i,
  /\bnew\s+(?:wshshell|iwsh\w+|shell32\.\w+|wscript\.\w+|msxml2\.\w+|xmlhttp\w*|serverxmlhttp\w*|winhttp\w*)\b/i,
  /\b(?:addfromstring|insertlines|vbproject)\b/i,
];

export const writes: readonly RegExp[] = [
  /\b(?:filecopy|copyfile|movefile|kill|createtextfile|opentextfile|savetofile|writetext|regwrite)\b/i,
  /\b(?:urldownloadtofile\w*|urldownloadtocachefile\w*|writeprocessmemory|rtlmovememory)\b/i,
  /\b(?:saveas\w*|filesaveas|mkdir|rmdir|savesetting|setattr|altstartuppath)\b/i,
  /\bopen\b[^\n]{1,500}\bfor[ \t]{1,9}(?:output|append|binary|random)\b/i,
  /\b(?:put|write|print)[ \t]*#/i,
];

/** Objects that only hold data; everything else that `CreateObject` makes may run or write something. */
export const harmlessObjects =
  /^(?:scripting\.dictionary|vbscript\.regexp|system\.collections\.\w+|system\.text\.stringbuilder)$/i;

/** Functions of Windows that only tell something or wait. */
export const harmlessFunctions =
  /^(?:sleep|gettickcount(?:64)?|timegettime|getusername[aw]?|getcomputername[aw]?|findwindow(?:ex)?[aw]?|getsystemmetrics|queryperformance\w+|messagebox[aw]?|getactivewindow|getforegroundwindow|getdesktopwindow|getwindowtext[aw]?|getdc|releasedc|getdevicecaps|beep|messagebeep|getasynckeystate|getkeystate|getlocaltime|getsystemtime|getwindowlong(?:ptr)?[aw]?|setwindowlong(?:ptr)?[aw]?|drawmenubar|setforegroundwindow|showwindow)$/i;

/** What the names in compiled code are held against the source for. */
export const tellingNames =
  /\b(?:auto_?(?:open|exec|close)|document_(?:open|close)|workbook_(?:open|activate|beforeclose)|shell|createobject|getobject|urldownloadtofile[aw]?|shellexecute[aw]?|virtualalloc)\b/gi;
