import type { z } from 'zod';
import type { AnyKind } from './index.ts';
import { kinds } from './index.ts';

/** Every status a job of any kind may have, for those who filter by one. */
export const statuses: readonly string[] = [
  ...new Set(
    Object.values(kinds).flatMap(({ initialStatus, steps }) => [
      initialStatus,
      ...Object.entries(steps).flatMap(([from, to]) => [from, ...to]),
    ]),
  ),
];

/** The options a kind has, for whoever named one it has not; empty for a kind that takes any. */
export function optionNames({ options }: AnyKind): string[] {
  return Object.keys((options as Partial<z.ZodObject>).shape ?? {});
}

/** What to make of a file that the kind does not take, in words for whoever made it. */
export function exportAdvice({ mediaTypes }: AnyKind): string {
  if (mediaTypes.some((type) => type.startsWith('video/')))
    return 'Export it as an MP4 video, or choose the original recording.';
  if (mediaTypes.some((type) => type.startsWith('image/')))
    return 'Export it as a JPEG or PNG picture, or choose the original photograph.';
  return 'Choose another file.';
}
