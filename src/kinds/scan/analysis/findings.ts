/** What the engine says of one place in one file. */
export interface Finding {
  /** Stable, from the catalogue: `pdf.open-action-script`. */
  id: string;
  title: string;
  score: number;
  where: { path: string; offset?: number };
  /** At most 256 bytes, with control characters and line ends escaped. */
  evidence: string;
  /** A MITRE ATT&CK technique, such as `T1204.002`. */
  attack?: string;
}

/** A finding as a stage states it: of the file that the stage was shown; the rest is in the catalogue. */
export interface StageFinding {
  id: string;
  /** Bytes from the beginning of the file. */
  offset?: number;
  /** As it stands in the file, or in words; whoever collects findings escapes and cuts it. */
  evidence: string;
  /** What the catalogue cannot know: of an operator's rule, or of a scanner's own names. */
  kind?: Pick<FindingKind, 'title' | 'score' | 'attack'>;
}

/** What the catalogue says of an id. */
export interface FindingKind {
  title: string;
  /** 0 is a fact, below 300 a note, from 300 suspicious, from 700 malicious. */
  score: number;
  /** Why it is scored so, for `docs/findings.md`. */
  why: string;
  attack?: string;
}

export type FindingCatalogue = Readonly<Record<string, FindingKind>>;

/** A stage's score is the sum of its findings, and never more. */
export const MAX_STAGE_SCORE = 1000;
const MAX_EVIDENCE_BYTES = 256;

/** @throws RangeError for an id that is not in the catalogue: a stage and its documentation have come apart */
export function toFinding(
  { id, offset, evidence, kind: own }: StageFinding,
  path: string,
  catalogue: FindingCatalogue,
): Finding {
  const kind = own ?? catalogue[id];
  if (!kind) throw new RangeError(`No finding has the id "${id}".`);
  return {
    id,
    title: kind.title,
    score: kind.score,
    where: { path, ...(offset !== undefined && { offset }) },
    evidence: shortEvidence(evidence),
    ...(kind.attack && { attack: kind.attack }),
  };
}

export function stageScore(findings: readonly Pick<Finding, 'score'>[]): number {
  return Math.min(
    MAX_STAGE_SCORE,
    findings.reduce((sum, { score }) => sum + score, 0),
  );
}

/** Escaped, so that it can be shown anywhere, and cut between characters to 256 bytes of UTF-8. */
export function shortEvidence(text: string): string {
  const escaped = text
    .slice(0, MAX_EVIDENCE_BYTES)
    .toWellFormed()
    // Control characters, line ends, and marks that turn the direction of text.
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (found) => {
      const code = found.codePointAt(0) as number;
      return code <= 0xff
        ? `\\x${code.toString(16).padStart(2, '0')}`
        : `\\u${code.toString(16).padStart(4, '0')}`;
    });
  const encoder = new TextEncoder();
  let kept = '';
  let bytes = 0;
  for (const character of escaped) {
    bytes += encoder.encode(character).length;
    if (bytes > MAX_EVIDENCE_BYTES) break;
    kept += character;
  }
  return kept;
}
