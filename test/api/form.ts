import { readFileSync } from 'node:fs';

export const squats = readFileSync(new URL('../../samples/squats.mp4', import.meta.url));

/** A multipart body with its parts in this order; a `Blob` is a file. */
export function form(...parts: [name: string, value: string | Blob, fileName?: string][]): FormData {
  const data = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, fileName);
  }
  return data;
}

export const video = (bytes: Buffer = squats) => new Blob([new Uint8Array(bytes)], { type: 'video/mp4' });
