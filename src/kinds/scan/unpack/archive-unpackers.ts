import { archive, lzip, otherContainers } from './archive/unpacker.ts';
import { trailing } from './trailing/unpacker.ts';
import type { Unpacker } from './unpacker.ts';
import { zip } from './zip/unpacker.ts';

/** What opens archives, in the order in which their children are listed. */
export const archiveUnpackers: readonly Unpacker[] = [zip, archive, lzip, otherContainers, trailing];
