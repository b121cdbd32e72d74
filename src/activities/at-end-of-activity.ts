const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Has `act` called when the activity whose cancellation signal this is has ended, in whatever way. The signal itself
 * tells of cancellations only.
 */
export function atEndOfActivity(signal: AbortSignal, act: () => void): void {
  const acts = waiting.get(signal) ?? new Set();
  waiting.set(signal, acts.add(act));
}

/** For the interceptor that sees every activity end. */
export function activityEnded(signal: AbortSignal): void {
  for (const act of waiting.get(signal) ?? []) act();
  waiting.delete(signal);
}
