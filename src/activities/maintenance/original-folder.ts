/**
 * `originals/<user>/<id>/<file>`: where one upload lies, with what its protocol kept beside it. A file that was cleaned
 * lies in a folder more.
 */
const shape = /^(originals\/[^/]+\/([^/]+)\/)(?:[^/]+\/)?[^/]+$/;

/** The folder that holds this original and nothing else; the key itself where it is not of our making. */
export function folderOfOriginal(key: string): string {
  return shape.exec(key)?.[1] ?? key;
}

/** The id in the key of an original, of an upload or a session; null where the key is not of our making. */
export function uploadIdOf(key: string): string | null {
  return shape.exec(key)?.[2] ?? null;
}
