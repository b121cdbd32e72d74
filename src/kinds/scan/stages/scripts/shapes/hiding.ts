import type { StageFinding } from '../../../analysis/findings.ts';
import type { FileType } from '../../../analysis/stage.ts';
import { finding, type Views } from '../views.ts';

/** So many pieces of variables in one batch file spell words that nobody is to read. */
const SLICES = 12;
const CARETS = 20;
const TICKS = 20;

const encodedScript = /#@~\^[\w+/]{6}==/;
const slice = /%[^%\r\n:]{1,40}:~-?\d{1,4}(?:,-?\d{1,4})?%/g;
const caret = /[a-z]\^[a-z]/gi;
const tick = /[a-z]`[a-z]/gi;

/** Ways of writing that serve nothing but hiding. */
export function hidingFindings(views: Views, type: FileType): StageFinding[] {
  const found: StageFinding[] = [];
  const encoded = views.find(encodedScript);
  if (encoded) found.push(finding('scripts.encoded-script', encoded));
  const many = (pattern: RegExp, limit: number) => {
    const all = views.text.match(pattern) ?? [];
    if (all.length < limit) return;
    found.push({
      id: 'scripts.split-words',
      evidence: `${all.length} times, such as ${all.slice(0, 8).join(' ')}`,
    });
  };
  if (type === 'batch') {
    many(slice, SLICES);
    many(caret, CARETS);
  }
  if (type === 'powershell') many(tick, TICKS);
  return found;
}
