import type { StageFinding } from '../../analysis/findings.ts';
import type { ScannedFile, Stage } from '../../analysis/stage.ts';
import { yaraFindings } from './findings.ts';
import type { LeftOut, RuleEngine, RuleMatch } from './rule-engine.ts';
import { ourRules, type RuleSource, readRules, rulesVersion } from './rule-sources.ts';
import { scanByWindows, WINDOW } from './windows.ts';
import { compileForParts, compileRules } from './yara-x.ts';

/** Of an operator's rule that does not say how much it counts. */
const USUAL_SCORE = 300;
const MAX_FINDINGS = 50;
const SHOWN = 200;

export interface YaraStage extends Stage {
  /** Of all rules, the operator's included. */
  rulesVersion: string;
  /** Rules that do not compile, and why; compiles them if that has not been done. */
  leftOut(): readonly LeftOut[];
}

/**
 * A stage with our rules, and those of an operator's folder. Rules are read at once and compiled when they are needed.
 * @throws the error of the file system, when the folder cannot be read
 */
export function createYaraStage(operatorsFolder?: string): YaraStage {
  const ours = readRules(ourRules).map(({ name, text }) => ({ name: `${OURS}${name}`, text }));
  const sources: RuleSource[] = [
    ...ours,
    ...(operatorsFolder === undefined ? [] : readRules(operatorsFolder)),
  ];
  const version = rulesVersion(sources);
  let compiled: { engine: RuleEngine; leftOut: LeftOut[] } | undefined;
  const rules = () => {
    compiled ??= compileRules(sources);
    return compiled;
  };
  let forParts: RuleEngine | undefined;
  return {
    name: 'yara',
    version: `2-${version}`,
    rulesVersion: version,
    leftOut: () => rules().leftOut,
    looksAt: ({ type }) => type !== 'empty',
    look(file) {
      const report = (matches: readonly RuleMatch[]) => ({
        findings: matches.slice(0, MAX_FINDINGS).map((match) => findingOf(match, file)),
      });
      if (file.size <= WINDOW) return report(rules().engine.scan(file.read(0, file.size)));
      forParts ??= compileForParts(sources);
      const { matches, windows } = scanByWindows(file, forParts);
      return { ...report(matches), facts: { windows } };
    },
  };
}

/** Before the names of our sources, so that an operator's of the same name is another. */
const OURS = 'doubletake/';

function findingOf({ rule, source, metadata, place }: RuleMatch, file: ScannedFile): StageFinding {
  const evidence = place
    ? Buffer.from(file.read(place.offset, place.offset + Math.min(place.length, SHOWN))).toString('latin1')
    : `The rule ${rule} of ${source} fits the whole file.`;
  const where = { ...(place && { offset: place.offset }), evidence };
  const id = `yara.${metadata.id}`;
  if (source.startsWith(OURS) && id in yaraFindings) return { id, ...where };
  const { title, description, score, attack } = metadata;
  return {
    id: `yara.${rule}`,
    ...where,
    kind: {
      title: `The rule ${rule} fits: ${title ?? description ?? source}`,
      score: typeof score === 'number' ? Math.min(1000, Math.max(0, score)) : USUAL_SCORE,
      ...(typeof attack === 'string' && attack !== '' && { attack }),
    },
  };
}
