import { payloadUnpacker } from './payload/unpack-payloads.ts';
import type { Unpacker } from './unpacker.ts';

/** What opens files that stand encoded in text. */
export const payloadUnpackers: readonly Unpacker[] = [payloadUnpacker];
