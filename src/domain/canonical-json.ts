/** JSON with the keys of every object in the order of the alphabet: equal values print equally. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, at: unknown) =>
    at !== null && typeof at === 'object' && !Array.isArray(at)
      ? Object.fromEntries(Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1)))
      : at,
  );
}
