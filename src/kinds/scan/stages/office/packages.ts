import { type OlePackage, packageName } from '../../documents/ole-package.ts';
import { programsIn, type Runs, whatRuns } from '../../documents/payload.ts';
import type { DocumentReport } from '../../documents/report.ts';

const findingFor: Record<Runs, string> = {
  program: 'office.embedded-program',
  script: 'office.embedded-script',
  shortcut: 'office.embedded-shortcut',
};

/** A file that the document carries as a package: what would happen on a double click. */
export function judgePackage(found: OlePackage, report: DocumentReport, offset?: number): void {
  const name = packageName(found);
  // The icon's label may deceive; the name that it is written to decides what opens it.
  const runs =
    whatRuns(name, found.data) ?? whatRuns(found.target, found.data) ?? whatRuns(found.source, found.data);
  const names = [...new Set([name, found.target, found.source])].filter(Boolean).join(', ');
  if (runs) report.add(findingFor[runs], `${names} (${found.data.length} bytes)`, offset);
  else report.note('office.embedded-file', `${names} (${found.data.length} bytes)`, offset);
  if (found.cutOff) report.missed(`The embedded file "${name}" is cut off.`);
}

/** Programs that stand in a stream as they are. */
export function judgeRaw(bytes: Uint8Array, where: string, report: DocumentReport, offset?: number): void {
  const [at] = programsIn(bytes, 1);
  if (at === undefined) return;
  // A stream of a compound file lies in pieces; only where it begins can be said.
  report.add('office.embedded-program', `a program at byte ${at} of ${where}`, offset);
}
