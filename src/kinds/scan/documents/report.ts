import type { StageFinding } from '../analysis/findings.ts';

/** What a stage may say of one file; more would only hide what matters. */
const MOST_FINDINGS = 50;
const MOST_REASONS = 20;

/** Collects what is found in a document: each thing once per place, and no more than people can read. */
export class DocumentReport {
  readonly findings: StageFinding[] = [];
  readonly facts: Record<string, unknown> = {};
  readonly #incomplete = new Set<string>();
  readonly #seen = new Set<string>();

  add(id: string, evidence: string, offset?: number): void {
    const key = `${id} ${offset ?? ''} ${evidence}`;
    if (this.#seen.has(key) || this.findings.length >= MOST_FINDINGS) return;
    this.#seen.add(key);
    this.findings.push({ id, evidence, ...(offset !== undefined && { offset }) });
  }

  /** Once per file, for notes, which must not add up to an alarm. */
  note(id: string, evidence: string, offset?: number): void {
    if (!this.findings.some((finding) => finding.id === id)) this.add(id, evidence, offset);
  }

  missed(reason: string): void {
    if (this.#incomplete.size < MOST_REASONS) this.#incomplete.add(reason);
  }

  get incomplete(): string[] {
    return [...this.#incomplete];
  }

  has(id: string): boolean {
    return this.findings.some((finding) => finding.id === id);
  }
}
