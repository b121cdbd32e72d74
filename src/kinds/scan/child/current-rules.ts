import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../analysis/stage.ts';
import { ruleFiles } from '../stages/yara/rule-sources.ts';
import { createYaraStage, type YaraStage } from '../stages/yara/stage.ts';

/** How often the operator's folder is looked at, milliseconds. */
const LOOK_EVERY = 2_000;

/**
 * The stage with the rules as they are now: ours, and those of the operator's folder, which is read again when a file in
 * it has changed. What cannot be read makes the stage fail, and no other.
 */
export class CurrentRules {
  readonly #folder: string | undefined;
  #stage: Stage | undefined;
  #state = '';
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(folder?: string) {
    this.#folder = folder;
  }

  stage(): Stage {
    const now = performance.now();
    if (this.#stage && (this.#folder === undefined || now - this.#lookedAt < LOOK_EVERY)) return this.#stage;
    this.#lookedAt = now;
    try {
      const state = this.#folder === undefined ? 'ours' : stateOf(this.#folder);
      if (!this.#stage || state !== this.#state) {
        this.#stage = telling(createYaraStage(this.#folder));
        this.#state = state;
      }
      return this.#stage;
    } catch (error) {
      this.#stage = undefined;
      return failing(
        `The folder of rules cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      );
    }
  }
}

/** Names, sizes and times of the rules; another state means other rules. */
function stateOf(folder: string): string {
  return ruleFiles(folder)
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name}\0${size}\0${mtimeMs}`;
    })
    .join('\0');
}

/** With the rules that were left out among its facts, so that whoever reads a result sees that they did not look. */
function telling(stage: YaraStage): Stage {
  return {
    ...stage,
    async look(file) {
      const report = await stage.look(file);
      const leftOut = stage.leftOut();
      if (leftOut.length === 0) return report;
      const left_out = leftOut.slice(0, 20).map(({ name, reason }) => `${name}: ${reason.slice(0, 300)}`);
      return { ...report, facts: { ...report.facts, rules_left_out: left_out } };
    },
  };
}

function failing(reason: string): Stage {
  return {
    name: 'yara',
    version: '1',
    looksAt: ({ type }) => type !== 'empty',
    look() {
      throw new Error(reason);
    },
  };
}
