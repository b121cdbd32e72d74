import { type AnyKind, statusesOf } from './kind.ts';

/** The kinds that a process knows; handed to whatever works with jobs of any kind. */
export interface Kinds {
  readonly all: readonly AnyKind[];
  readonly names: readonly string[];
  /** Every status that a job of any kind may have, for those who filter by one. */
  readonly statuses: readonly string[];
  find(word: string): AnyKind | undefined;
  /** @throws RangeError for a word that is no kind's */
  named(word: string): AnyKind;
}

/** @throws Error naming a definition that contradicts itself, or two of one name */
export function kindRegistry(definitions: readonly AnyKind[]): Kinds {
  const byName = new Map<string, AnyKind>();
  const owners = new Map<string, string>();
  for (const definition of definitions) {
    assertSound(definition);
    if (byName.has(definition.kind)) throw new Error(`Two kinds are named "${definition.kind}".`);
    byName.set(definition.kind, definition);
    for (const prefix of definition.lastingPrefixes ?? []) {
      const owner = owners.get(prefix);
      if (owner)
        throw new Error(`The kinds "${owner}" and "${definition.kind}" both own the prefix ${prefix}.`);
      owners.set(prefix, definition.kind);
    }
  }
  const names = [...byName.keys()];
  return {
    all: [...byName.values()],
    names,
    statuses: [...new Set(definitions.flatMap(({ statuses }) => Object.keys(statuses)))],
    find: (word) => byName.get(word),
    named(word) {
      const found = byName.get(word);
      if (!found) throw new RangeError(`No kind is named "${word}"; known: ${names.join(', ') || 'none'}`);
      return found;
    },
  };
}

/** What the transitions rely on; a mistake in a definition ends a process at its start rather than a job in the middle. */
function assertSound(definition: AnyKind): void {
  const { kind, statuses, settings, lastingPrefixes = [] } = definition;
  const wrong = (words: string) => new Error(`The definition of the kind "${kind}" is wrong: ${words}.`);
  if (!/^[a-z][a-z0-9]{0,31}$/.test(kind))
    throw wrong('its word is not 1 to 32 lower-case letters and digits');
  for (const phase of ['queued', 'succeeded', 'failed', 'canceled'] as const) {
    const found = statusesOf(definition, phase);
    if (found.length !== 1) throw wrong(`${found.length} statuses have the phase ${phase}; it takes one`);
  }
  if (statusesOf(definition, 'running').length === 0) throw wrong('no status has the phase running');
  const ends = statusesOf(definition, 'succeeded', 'failed', 'canceled');
  for (const [status, { to }] of Object.entries(statuses)) {
    const unknown = to.find((next) => !Object.hasOwn(statuses, next));
    if (unknown) throw wrong(`"${status}" leads to "${unknown}", which is not one of its statuses`);
    if (ends.includes(status) !== (to.length === 0))
      throw wrong(
        `"${status}" ${to.length === 0 ? 'leads nowhere and is no end' : 'is an end and leads on'}`,
      );
  }
  const always = ['failed', 'canceled'].map(
    (phase) => statusesOf(definition, phase as 'failed')[0] as string,
  );
  for (const [status, { to, phase }] of Object.entries(statuses)) {
    // Anything that is open can fail, be cancelled, and begin again after a retry with any of its passes.
    const needed = phase === 'queued' ? [...always, ...statusesOf(definition, 'running')] : always;
    const lacking = needed.find((next) => !ends.includes(status) && !to.includes(next));
    if (lacking) throw wrong(`"${status}" does not lead to "${lacking}"`);
  }
  const own = [kind, ...(definition.words ?? [])].map((word) => `DOUBLETAKE_${word.toUpperCase()}_`);
  const foreign = Object.keys(settings?.shape ?? {}).find(
    (name) => !own.some((word) => name.startsWith(word)),
  );
  if (foreign) throw wrong(`the setting ${foreign} does not begin with ${own.join(' or ')}`);
  const open = lastingPrefixes.find(
    (folder) => !/^[a-z-]+\/$/.test(folder) || /^(jobs|originals)\//.test(folder),
  );
  if (open !== undefined)
    throw wrong(
      `the prefix "${open}" is not one lower-case word and a slash, other than jobs/ and originals/`,
    );
}
