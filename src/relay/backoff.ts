/** Waits that double from `first` to `most` while something fails, and start over when it works again. */
export function backoff(firstMs: number, mostMs: number) {
  let next = firstMs;
  return {
    wait(): number {
      const now = next;
      next = Math.min(next * 2, mostMs);
      return now;
    },
    reset(): void {
      next = firstMs;
    },
  };
}
