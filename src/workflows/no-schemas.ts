/**
 * Stands in for `zod` in the bundle of the workflows. The modules of the bundle run anew for each workflow, and a kind's
 * definition builds the schemas of its options and settings. That took half of a small workflow's processor time
 * (decision 11). Workflows check nothing: the API has checked what they get. Whatever is built is this
 * one thing, and using it to check throws.
 */
const checks = new Set(['parse', 'parseAsync', 'safeParse', 'safeParseAsync', 'decode', 'encode']);

const nothing: unknown = new Proxy(() => {}, {
  apply: () => nothing,
  get: (target, name) => {
    if (checks.has(String(name)))
      throw new Error(`A workflow used ${String(name)}() of a schema; it has none.`);
    return name === 'prototype' || name === Symbol.toPrimitive ? Reflect.get(target, name) : nothing;
  },
});

export { nothing as z };
