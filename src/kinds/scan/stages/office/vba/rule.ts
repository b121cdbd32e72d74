import {
  automaticModule,
  automaticProcedure,
  executes,
  harmlessFunctions,
  harmlessObjects,
  mainProcedure,
  writes,
} from './words.ts';

export interface MacroBehaviour {
  /** The procedure or callback that runs without being asked. */
  automatic: string | null;
  /** The word that executes something. */
  executes: string | null;
  /** The word that writes something. */
  writes: string | null;
}

/**
 * The rule that mraptor showed to work: a macro is suspicious that runs by itself, and that writes or executes.
 * Words count in code only, not in comments or strings.
 * @param callbacks names of procedures that the document itself calls when it is opened
 */
export function behaviourOf(
  modules: readonly { name: string; source: string }[],
  callbacks: readonly string[] = [],
): MacroBehaviour {
  const behaviour: MacroBehaviour = { automatic: null, executes: null, writes: null };
  for (const { name, source } of modules) {
    const { code, withStrings } = withoutComments(source);
    behaviour.automatic ??= automaticIn(name, code, callbacks);
    behaviour.executes ??= executedBy(code, withStrings);
    behaviour.writes ??= firstMatch(writes, code);
  }
  return behaviour;
}

function automaticIn(module: string, code: string, callbacks: readonly string[]): string | null {
  const procedure = code.matchAll(automaticProcedure).next().value?.[1];
  if (procedure) return procedure;
  if (automaticModule.test(module) && mainProcedure.test(code)) return `${module}.Main`;
  const names = new Set(Array.from(code.matchAll(/\bsub[ \t]+(\w+)/gi), ([, name]) => name?.toLowerCase()));
  return callbacks.find((callback) => names.has(callback.split('.').at(-1)?.toLowerCase())) ?? null;
}

function executedBy(code: string, withStrings: string): string | null {
  return firstMatch(executes, code) ?? createdObject(withStrings) ?? declaredFunction(withStrings);
}

function createdObject(code: string): string | null {
  for (const [call, literal] of code.matchAll(
    /\bcreateobject\b(?:[ \t]{0,9}\(?[ \t]{0,9}"([^"\n]*)"[ \t]{0,9}[),\n])?/gi,
  )) {
    if (literal === undefined || !harmlessObjects.test(literal)) return call.trim();
  }
  return null;
}

/** Functions of libraries, by the name that they have there. */
function declaredFunction(code: string): string | null {
  const declaration =
    /\bdeclare[ \t]+(?:ptrsafe[ \t]+)?(?:sub|function)[ \t]+(\w+)[ \t]+lib[ \t]+"[^"\n]*"(?:[ \t]+alias[ \t]+"([^"\n]*)")?/gi;
  for (const [, name, alias] of code.matchAll(declaration)) {
    const called = alias ?? (name as string);
    if (!harmlessFunctions.test(called)) return `Declare ${called}`;
  }
  return null;
}

function firstMatch(words: readonly RegExp[], code: string): string | null {
  for (const word of words) {
    const found = word.exec(code);
    if (found) return found[0].trim().slice(0, 80);
  }
  return null;
}

/** Joins continued lines, then takes comments away, and for `code` what stands in quotation marks. */
function withoutComments(source: string): { code: string; withStrings: string } {
  const lines = source.replaceAll(/[ \t]_[ \t]*\r?\n/g, ' ').split(/\r\n|\r|\n/);
  const kept = lines.map((line) => {
    if (/^[ \t]*rem(?:[ \t]|$)/i.test(line)) return '';
    let quoted = false;
    for (let at = 0; at < line.length; at++) {
      if (line[at] === '"') quoted = !quoted;
      else if (line[at] === "'" && !quoted) return line.slice(0, at);
    }
    return line;
  });
  const withStrings = kept.join('\n');
  return { withStrings, code: withStrings.replaceAll(/"[^"\n]*"/g, '""') };
}
