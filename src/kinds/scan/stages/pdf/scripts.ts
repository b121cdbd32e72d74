/** What Acrobat itself offers to format, check and calculate fields; forms made by hand or by it call nothing else. */
const acrobat = new Set(
  `AFNumber_Format AFNumber_Keystroke AFPercent_Format AFPercent_Keystroke AFDate_Format AFDate_FormatEx
  AFDate_Keystroke AFDate_KeystrokeEx AFTime_Format AFTime_FormatEx AFTime_Keystroke AFTime_KeystrokeEx
  AFSpecial_Format AFSpecial_Keystroke AFSpecial_KeystrokeEx AFRange_Validate AFSimple AFSimple_Calculate
  AFMakeNumber AFMakeArrayFromList AFMergeChange AFParseDateEx AFExtractNums`.split(/\s+/),
);
const harmlessWords = new Set(['new', 'Array', 'true', 'false', 'null', 'event', 'value', 'change']);

/** Calls for fields are short. */
const LONGEST = 16_384;

/** Whether a script does nothing but call Acrobat's own functions for fields. */
export function isFieldFormat(script: string): boolean {
  if (script.length > LONGEST) return false;
  const code = script
    .replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""')
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n\r]*/g, '');
  const words = code.match(/[A-Za-z_$][\w$]*/g) ?? [];
  if (!words.every((word) => acrobat.has(word) || harmlessWords.has(word))) return false;
  // Square brackets reach members by a text, quotation marks of another kind hide one.
  return words.some((word) => acrobat.has(word)) && !/[[\]`\\]/.test(code);
}

/** No script at all: empty, or comments only. */
export function isEmptyScript(script: string): boolean {
  return script.length <= LONGEST && script.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n\r]*/g, '').trim() === '';
}

const risky =
  /\b(?:eval|unescape|exportDataObject|importDataObject|importTextData|createDataObject|collectEmailInfo|getIcon|newPlayer|printSeps|customDictionaryOpen|trustedFunction|beginPriv|hostContainer|ADBC|SOAP|fromCharCode|XMLHttpRequest|setInterval|ActiveXObject|removeDataObject|getAnnots?(?=\s*\([^)]{0,80}\)[^;]{0,80}(?:subject|eval)))\b|\butil\s*\.\s*printf\s*\(\s*["']%\d{3,}|\bNet\s*\.\s*HTTP\b|(?:%u[0-9a-f]{4}){4}|(?:\\x[0-9a-f]{2}){16}/i;

/** The word that forms don't need, if there is one. */
export function riskyWord(script: string): string | null {
  return risky.exec(script)?.[0] ?? null;
}
