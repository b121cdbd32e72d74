import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Compiler, initSync, type Rules } from '@virustotal/yara-x';
import type { LeftOut, RuleEngine, RuleMatch } from './rule-engine.ts';
import type { RuleSource } from './rule-sources.ts';

/** A pattern that is everywhere says no more by its thousandth match; engines keep all of them otherwise. */
const MAX_MATCHES = 50;

let initialized = false;

/** Without it the package looks for its module over HTTP. */
function initialize(): void {
  if (initialized) return;
  const module = new URL('yara_x_js_bg.wasm', import.meta.resolve('@virustotal/yara-x'));
  initSync({ module: readFileSync(fileURLToPath(module)) });
  initialized = true;
}

interface Scanned {
  valid: boolean;
  errors: string[];
  matches: {
    identifier: string;
    namespace: string;
    isPrivate: boolean;
    metadata: { identifier: string; value: string | number | boolean }[];
    patterns: { isPrivate: boolean; matches: { offset: number; length: number }[] }[];
  }[];
}

/** What stands for `filesize` in rules for parts of files; as long as that word, so that columns in messages stay. */
const FILE_SIZE = 'fullsize';

/** A source whose conditions ask for the size of the file, and not of the part of it that is scanned. */
function forPart({ name, text }: RuleSource): RuleSource {
  const inConditions = text.replaceAll(/\bcondition\s*:[^}]*/g, (condition) =>
    condition.replaceAll(/"(?:[^"\\\n]|\\.)*"|\bfilesize\b/g, (word) =>
      word === 'filesize' ? FILE_SIZE : word,
    ),
  );
  return { name, text: inConditions };
}

/** The same rules for a file that is scanned by parts. What does not compile was left out before. */
export function compileForParts(sources: readonly RuleSource[]): RuleEngine {
  return compile(sources.map(forPart), true).engine;
}

/**
 * Compiles rules. One bad source breaks every later build of its compiler: when all of them do not compile together,
 * each is tried in a compiler of its own, and left out if it does not compile.
 */
export function compileRules(sources: readonly RuleSource[]): Compiled {
  return compile(sources, false);
}

interface Compiled {
  engine: RuleEngine;
  leftOut: LeftOut[];
}

function compile(sources: readonly RuleSource[], forParts: boolean): Compiled {
  initialize();
  const all = build(sources, forParts);
  if ('rules' in all) return { engine: engineOf(all.rules, forParts), leftOut: [] };
  const leftOut: LeftOut[] = [];
  const good = sources.filter((source) => {
    const alone = build([source], forParts);
    if ('rules' in alone) {
      alone.rules.free();
      return true;
    }
    leftOut.push({ name: source.name, reason: alone.reason });
    return false;
  });
  const rest = build(good, forParts);
  if ('reason' in rest) throw new Error(`The rules compile one by one, and not together: ${rest.reason}`);
  return { engine: engineOf(rest.rules, forParts), leftOut };
}

function build(sources: readonly RuleSource[], forParts: boolean): { rules: Rules } | { reason: string } {
  const compiler = new Compiler();
  try {
    if (forParts) compiler.defineGlobal(FILE_SIZE, 0);
    for (const { name, text } of sources) {
      // Rules of two files may have the same name.
      compiler.newNamespace(name);
      compiler.addSource(text);
    }
    return { rules: compiler.build() };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  } finally {
    compiler.free();
  }
}

function engineOf(rules: Rules, forParts: boolean): RuleEngine {
  const scanner = rules.scanner();
  scanner.setMaxMatchesPerPattern(MAX_MATCHES);
  const scan = (bytes: Uint8Array, fileSize = bytes.length): RuleMatch[] => {
    // It costs as much as a scan of a small file.
    if (forParts) scanner.setGlobal(FILE_SIZE, fileSize);
    const { valid, errors, matches } = scanner.scan(bytes) as Scanned;
    if (!valid) throw new Error(`The rules could not be applied: ${errors.join('; ')}`);
    return matches
      .filter(({ isPrivate }) => !isPrivate)
      .map(({ identifier, namespace, metadata, patterns }) => {
        const places = patterns.filter((pattern) => !pattern.isPrivate).flatMap((pattern) => pattern.matches);
        const [place] = places.sort((one, other) => other.length - one.length || one.offset - other.offset);
        return {
          rule: identifier,
          source: namespace,
          metadata: Object.fromEntries(metadata.map((one) => [one.identifier, one.value])),
          ...(place && { place }),
        };
      });
  };
  return { scan };
}
