import { basename } from 'node:path';

/** What the user called the file: the last part of whatever path was sent, without control characters. */
export function fileNameOf(sent: string | undefined): string {
  // Old Windows clients send whole paths; the last part is the name on either system.
  const name = basename((sent ?? '').replaceAll('\\', '/'))
    .replace(/\p{C}/gu, '')
    .trim();
  // Cut between characters: half of one could not be kept.
  return [...name].slice(0, 200).join('') || 'unnamed';
}

function safe(text: string, length: number): string {
  // A leading dot could make `..`, which some S3 servers take for a path.
  return text
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '_')
    .slice(-length);
}

/**
 * Where an upload is kept in S3. `id` is a UUID of ours, so that two uploads never meet. The name of the file is not in it:
 * it may name a person, and some kinds keep it nowhere.
 */
export function originalKey(userId: string, id: string): string {
  return `originals/${safe(userId, 64) || '_'}/${id}/original`;
}
