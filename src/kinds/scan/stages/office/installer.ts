import { latin1, viewOf } from '../../documents/bytes.ts';
import type { CompoundFile } from '../../documents/compound-file.ts';
import { msiName } from '../../documents/msi.ts';
import type { DocumentReport } from '../../documents/report.ts';

const LARGEST = 16 * 1024 ** 2;
const MOST_STRINGS = 200_000;
const MOST_ACTIONS = 50;

/** Base types of a custom action (its lowest six bits) that run something; the others set values and show errors. */
const kinds: Record<number, string> = {
  1: 'library',
  2: 'program',
  5: 'JScript',
  6: 'VBScript',
  17: 'library',
  18: 'program',
  21: 'JScript',
  22: 'VBScript',
  34: 'program',
  37: 'JScript',
  38: 'VBScript',
  50: 'program',
  53: 'JScript',
  54: 'VBScript',
};

/** An installer's own code, from its table `CustomAction`: it is told, and is no alarm by itself. */
export function lookAtInstaller(file: CompoundFile, report: DocumentReport): void {
  const read = (name: string) => {
    const stream = file.streams().find((entry) => msiName(entry.name) === name);
    return stream ? file.read(stream, LARGEST) : null;
  };
  const pool = read('!_StringPool');
  const data = read('!_StringData');
  if (!pool || !data) {
    report.missed('The tables of the installer are missing.');
    return;
  }
  const { strings, wide } = readStrings(pool, data);
  const table = read('!CustomAction');
  const actions = table ? readActions(table, strings, wide) : [];
  if (actions.length === 0) return;
  report.facts.customActions = actions;
  report.note(
    'office.msi-custom-action',
    actions.map(({ action, kind, target }) => `${action}: ${kind} ${target}`.trim()).join('; '),
  );
}

/** All texts of an installer lie in one stream, their lengths in another; wide references have three bytes. */
function readStrings(pool: Uint8Array, data: Uint8Array): { strings: string[]; wide: boolean } {
  const view = viewOf(pool);
  const strings = [''];
  let from = 0;
  for (let at = 4; at + 4 <= pool.length && strings.length < MOST_STRINGS; at += 4) {
    let length = view.getUint16(at, true);
    const references = view.getUint16(at + 2, true);
    // A text of 64 KiB or more has its length's upper half here, the lower half in the next entry.
    if (length === 0 && references !== 0 && at + 8 <= pool.length) {
      at += 4;
      length = view.getUint16(at, true) | (references << 16);
      length >>>= 0;
    }
    strings.push(latin1(data.subarray(from, from + Math.min(length, 1024))));
    from += length;
  }
  return { strings, wide: pool.length >= 4 && (view.getUint32(0, true) & 0x80000000) !== 0 };
}

/** A table lies column by column: action, type, source, target, and since version 3 an extended type. */
function readActions(table: Uint8Array, strings: readonly string[], wide: boolean) {
  const view = viewOf(table);
  const reference = wide ? 3 : 2;
  const withExtended = 3 * reference + 2 + 4;
  const row = table.length % withExtended === 0 ? withExtended : 3 * reference + 2;
  const rows = Math.floor(table.length / row);
  const text = (column: number, index: number) => {
    const at = column + reference * index;
    if (at + reference > table.length) return '';
    const low = view.getUint16(at, true);
    return strings[wide ? low | ((table[at + 2] as number) << 16) : low] ?? '';
  };
  const types = reference * rows;
  const sources = types + 2 * rows;
  const targets = sources + reference * rows;
  const found: { action: string; kind: string; source: string; target: string }[] = [];
  for (let index = 0; index < rows && found.length < MOST_ACTIONS; index++) {
    // Numbers are stored with their sign turned.
    const kind = kinds[view.getUint16(types + 2 * index, true) & 0x3f];
    if (!kind) continue;
    found.push({
      action: text(0, index),
      kind,
      source: text(sources, index),
      target: text(targets, index).slice(0, 200),
    });
  }
  return found;
}
