/** Bytes as people write them, in powers of ten. */
export function megabytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** At most three figures after the point, and none that say nothing. */
export function figure(value: number): string {
  return Number(value.toPrecision(Math.abs(value) >= 100 ? 4 : 3)).toString();
}

/** `1:02.5` for 62.5 seconds. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - 60 * minutes).toFixed(1).padStart(4, '0')}`;
}
