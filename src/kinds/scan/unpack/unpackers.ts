import type { ScannedFile } from '../analysis/stage.ts';
import { archiveUnpackers } from './archive-unpackers.ts';
import { documentUnpackers } from './document-unpackers.ts';
import { payloadUnpackers } from './payload-unpackers.ts';
import type { Unpacker } from './unpacker.ts';

const unpackers: readonly Unpacker[] = [...archiveUnpackers, ...documentUnpackers, ...payloadUnpackers];

/** Those that open a file of this type; several may, since a picture can have an archive behind it. */
export function unpackersFor(file: Pick<ScannedFile, 'type' | 'name'>): Unpacker[] {
  return unpackers.filter((unpacker) => unpacker.opens(file));
}

export const unpackVersion = unpackers.map(({ name, version }) => `${name} ${version}`).join('; ');
