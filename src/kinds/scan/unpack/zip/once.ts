import type { StageFinding } from '../../analysis/findings.ts';

const SHOWN = 3;

/** Reports each kind of finding once, at its first place, with what it is true of; scores add up. */
export class Once<Id extends string> {
  readonly #found = new Map<Id, { offset: number; of: string[] }>();

  add(id: Id, offset: number, of: string): void {
    const found = this.#found.get(id);
    if (found) found.of.push(of);
    else this.#found.set(id, { offset, of: [of] });
  }

  findings(): StageFinding[] {
    return [...this.#found].map(([id, { offset, of }]) => {
      const more = of.length - SHOWN;
      return { id, offset, evidence: of.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '') };
    });
  }
}
