import type { StageFinding } from '../../../analysis/findings.ts';
import { finding, type Views } from '../views.ts';

const request = String.raw`\$(?:_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\{)`;
const executes =
  /^(?:assert|eval|system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|create_function|call_user_func(?:_array)?)$/i;
/** A text that is not written as it is meant: in pieces, turned round, or by numbers. */
const hidden = String.raw`(?:["'][^"'\r\n]{0,60}["']\s*\.\s*["'$]|(?:str_rot13|base64_decode|strrev|hex2bin|chr|pack|gzinflate|str_replace|implode|join|urldecode)\s*\()`;
const named = /\$(\w{1,60})\s*=\s*["'](\w{3,30})["']\s*;/g;
const hiding = new RegExp(String.raw`\$(\w{1,60})\s*=\s*@?${hidden}`, 'gi');
const call = new RegExp(String.raw`\$(\w{1,60})\s*\(\s*[^;\r\n]{0,100}?${request}`, 'g');
const directCall = new RegExp(
  String.raw`(?:\(\s*${hidden}[^;\r\n]{0,200}?\)\s*\(|\b(?:call_user_func(?:_array)?|array_map|array_filter|array_walk|usort|uasort|register_shutdown_function)\s*\(\s*${hidden})[^;\r\n]{0,200}?${request}`,
  'i',
);

/** A function that is called by a name which is hidden or that executes, with what a request says. */
export function phpFindings(views: Views): StageFinding[] {
  const direct = views.find(directCall);
  if (direct) return [finding('scripts.hidden-call', direct)];
  const { text } = views;
  const names = new Set<string>();
  for (const [, name] of text.matchAll(hiding)) names.add(name as string);
  for (const [, name, value] of text.matchAll(named))
    if (executes.test(value as string)) names.add(name as string);
  if (names.size === 0) return [];
  for (const match of text.matchAll(call)) {
    if (!names.has(match[1] as string)) continue;
    const { read } = views;
    const evidence = read.quote(match.index, match.index + match[0].length);
    return [{ id: 'scripts.hidden-call', offset: read.offsetOf(match.index), evidence }];
  }
  return [];
}
