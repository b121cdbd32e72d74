import type { StageFinding } from '../../analysis/findings.ts';
import type { ScannedFile } from '../../analysis/stage.ts';
import type { TrailingFindingId } from './findings.ts';
import { findHidden, marks } from './hidden.ts';
import { type Host, hostOf, words } from './hosts.ts';
import { codeInside, isScriptToo, zipAtEnd } from './inside.ts';
import { type TrailingPiece, trailingPieces } from './pieces.ts';
import type { What } from './sniff.ts';

/** A part of a file that is looked at as a file of its own. */
export interface HiddenFile extends TrailingPiece {
  note: string;
}

export interface TrailingLook {
  findings: StageFinding[];
  pieces: TrailingPiece[];
  /** What of them, and of what is within the file, is worth a look of its own. */
  hidden: HiddenFile[];
}

const MAX_FINDINGS = 20;

/** What stands behind a file's end, and what it is besides what it begins as. */
export async function lookBehind(file: ScannedFile): Promise<TrailingLook> {
  const host = hostOf(file.type);
  const pieces = await trailingPieces(file);
  const findings: StageFinding[] = [];
  const hidden: HiddenFile[] = [];
  for (const piece of pieces) {
    const id = findingFor(piece.what, host, piece.length);
    if (id)
      report(
        id,
        piece.offset,
        `${piece.length} bytes behind the end of ${words[host]}: ${nameOf(piece.what)}`,
      );
    if (isWorthALook(piece)) hidden.push({ ...piece, note: `after the end of ${words[host]}` });
  }
  const isShown = host === 'picture' || host === 'media';
  if (isShown) {
    const code = codeInside(file);
    if (code && !pieces.some((piece) => isIn(code.offset, piece)))
      report(code.runs ? 'trailing.code-inside' : 'trailing.markup-inside', code.offset, code.text);
    if (isScriptToo(file, file.type)) report('trailing.script-polyglot', 0, `${file.type} and JavaScript`);
  }
  if (!isZip(file)) lookForOthers();
  return { findings: findings.slice(0, MAX_FINDINGS), pieces, hidden };

  function report(id: TrailingFindingId, offset: number, evidence: string): void {
    findings.push({ id, offset, evidence });
  }

  function lookForOthers(): void {
    const zip = zipAtEnd(file);
    const known = (offset: number) => hidden.some((piece) => piece.what === 'archive' && isIn(offset, piece));
    if (zip !== undefined && zip > 0 && !known(zip)) {
      const isHarmless = host === 'program' || host === 'other';
      report(
        isHarmless ? 'trailing.self-extracting' : 'trailing.zip-polyglot',
        zip,
        'a ZIP up to the end of the file',
      );
      hidden.push({
        offset: zip,
        length: file.size - zip,
        what: 'archive',
        note: 'a ZIP that the file is as well',
      });
    }
    if (!isShown) return;
    const inside = findHidden(file, MARK_OF_ITS_OWN, marks);
    if (!inside || pieces.some((piece) => isIn(inside.offset, piece))) return;
    report(
      inside.what === 'program' ? 'trailing.program-inside' : 'trailing.archive-inside',
      inside.offset,
      `the beginning of ${nameOf(inside.what)}`,
    );
    hidden.push({ ...inside, note: `within ${words[host]}` });
  }
}

/** What a file begins with is what it is. */
const MARK_OF_ITS_OWN = 8;

const isIn = (offset: number, piece: TrailingPiece) =>
  offset >= piece.offset && offset < piece.offset + piece.length;

const isZip = ({ type }: ScannedFile) => ['zip', 'ooxml', 'odf', 'epub', 'jar', 'apk'].includes(type);

/** Shorter data holds nothing, nor does a line of text; a signature is looked at with the program. */
function isWorthALook({ what, length }: TrailingPiece): boolean {
  if (what === 'padding' || what === 'certificate') return false;
  return length >= ({ data: 16, text: 64 }[what as 'data'] ?? 0);
}

function findingFor(what: What, host: Host, length: number): TrailingFindingId | undefined {
  if (what === 'padding' || what === 'certificate') return undefined;
  if (host === 'program') return 'trailing.overlay';
  const isCode = what === 'program' || what === 'archive' || what === 'script';
  if (host === 'archive' && (isCode || what === 'page')) return 'trailing.behind-archive';
  if (isCode) return `trailing.${what}`;
  const isShown = host === 'picture' || host === 'media';
  if (what === 'page') return isShown ? 'trailing.page' : 'trailing.page-behind-document';
  if (isShown && (what === 'picture' || what === 'film')) return undefined;
  if (isShown && what === 'document') return 'trailing.document';
  if (what === 'text') return host === 'archive' ? undefined : 'trailing.text';
  return length < 4 ? undefined : 'trailing.data';
}

const nameOf = (what: What) =>
  ({ text: 'text', data: 'data of no known kind', certificate: 'a certificate' })[what as 'text'] ??
  (what === 'archive' ? 'an archive' : `a ${what}`);
