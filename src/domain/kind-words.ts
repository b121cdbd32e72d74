import type { z } from 'zod';
import type { AnyKind } from './kind.ts';

/** The names of a kind's options; empty for a kind whose options are not one object. */
export function optionNames({ options }: Pick<AnyKind, 'options'>): string[] {
  return Object.keys((options as Partial<z.ZodObject>).shape ?? {});
}

/** What to do about a file that the kind does not accept, in words for whoever made it. */
export function exportAdvice({ mediaTypes }: Pick<AnyKind, 'mediaTypes'>): string {
  if (mediaTypes.some((type) => type.startsWith('video/')))
    return 'Export it as an MP4 video, or choose the original recording.';
  if (mediaTypes.some((type) => type.startsWith('image/')))
    return 'Export it as a JPEG or PNG picture, or choose the original photograph.';
  return 'Choose another file.';
}

/** The kind's word as it begins a name in the API's document: `technique` → `Technique`. */
export function capitalized(kind: string): string {
  return kind.replace(/^./, (first) => first.toUpperCase());
}
