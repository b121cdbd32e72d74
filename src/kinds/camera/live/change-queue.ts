import type { LiveChange } from './live-change.ts';

/**
 * Hands changes over one after another. While one is being taken, of several updates of an event only the last waits, so
 * that a store that is away for long finds no more to do than there were events.
 */
export class ChangeQueue {
  readonly #take: (change: LiveChange) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #waiting: LiveChange[] = [];
  #working: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  /** @param failed told once, of the first change that was not taken; none is handed over after it */
  constructor(take: (change: LiveChange) => Promise<void>, failed: (error: unknown) => void) {
    this.#take = take;
    this.#failed = failed;
  }

  push(change: LiveChange): void {
    if (this.#failure) return;
    const same = this.#waiting.findIndex((waiting) => isReplacedBy(waiting, change));
    if (same >= 0) this.#waiting.splice(same, 1);
    this.#waiting.push(change);
    this.#working ??= this.#work();
  }

  /** @throws what `take` threw */
  async settled(): Promise<void> {
    await this.#working;
    if (this.#failure) throw this.#failure.error;
  }

  async #work(): Promise<void> {
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#take(next);
    } catch (error) {
      this.#failure = { error };
      this.#waiting.length = 0;
      this.#failed(error);
    } finally {
      this.#working = undefined;
    }
  }
}

function isReplacedBy(waiting: LiveChange, change: LiveChange): boolean {
  if (waiting.change === 'updated' && change.change === 'updated')
    return waiting.event.key === change.event.key;
  return waiting.change === 'position' && change.change === 'position';
}
