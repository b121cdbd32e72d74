import type { StageFinding } from '../../../analysis/findings.ts';
import type { ScannedFile } from '../../../analysis/stage.ts';
import { readText } from '../../../text/read-text.ts';

const CHUNK = 1024 ** 2;
/** A cell longer than this is no formula: Excel takes 8,192 characters. */
const OVERLAP = 8192;
const MAX_FINDINGS = 20;

/** A cell begins after a delimiter, a line end or a quote, and a formula with one of four signs. */
const cell = /(?:^|[,;\t\r\n"'|]) {0,20}["']? {0,20}[=+\-@]([^\r\n]{3,2000})/g;
const dde =
  /([A-Za-z][\w .\0\\/:]{0,80}?)\s*\|\s*(?:'[^'\r\n]{1,1000}'|"[^"\r\n]{1,1000}"|[^\s|!'"]{1,500})\s*!/;
const programs =
  /(?:^|[\W\d_])(?:cmd|powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript|msexcel|certutil|bitsadmin|explorer|msiexec|calc|notepad|winword|msaccess|conhost|wmic|forfiles)(?:\.exe)?\s*$/i;
const calls = /\b(?:EXEC|CALL|REGISTER(?:\.ID)?|DDEINITIATE)\s*\(\s*["']/i;
const sends =
  /\b(?:WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTFEED|IMPORTHTML|IMPORTRANGE|IMAGE|HYPERLINK)\s*\(\s*(?:CONCAT(?:ENATE)?\s*\(\s*)?["'](?:https?:|\\\\)[^"']{0,300}["']\s*(?:&|,\s*[A-Z]{1,3}\d)/i;

/** Cells that are formulas which start programs, or send cells away. Ordinary formulas are not reported. */
export function csvFindings(file: ScannedFile): StageFinding[] {
  const found = new Map<string, StageFinding>();
  for (let from = 0; from < file.size && found.size < MAX_FINDINGS; from += CHUNK) {
    const read = readText(file.read(Math.max(0, from - OVERLAP), from + CHUNK));
    const base = Math.max(0, from - OVERLAP);
    for (const match of read.text.matchAll(cell)) {
      const id = idFor(match[1] as string);
      if (!id || found.size >= MAX_FINDINGS) continue;
      const offset = base + read.offsetOf(match.index);
      found.set(`${id} ${offset}`, {
        id,
        offset,
        evidence: read.quote(match.index, match.index + match[0].length).trim(),
      });
    }
  }
  // One table may repeat its formula in every row: once each kind is enough of an alarm.
  return [...new Map([...found.values()].reverse().map((one) => [one.id, one])).values()];
}

function idFor(formula: string): string | undefined {
  const match = dde.exec(formula);
  if (match) {
    const program = (match[1] as string).replaceAll(/[\0 ]/g, '');
    if (programs.test(program)) return 'scripts.csv-dde';
    // Data links of terminals are written so, too, but come with quotes and in workbooks.
    if (/\|\s*['"]/.test(match[0])) return 'scripts.csv-dde';
  }
  if (calls.test(formula)) return 'scripts.csv-dde';
  return sends.test(formula) ? 'scripts.csv-sends' : undefined;
}
