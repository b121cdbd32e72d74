/**
 * The rooms and their arrows (docs/architecture.md). `npm run arrows` fails on any other. It reads what the compiler
 * made of `src/`: TypeScript 7 has no JavaScript API for this tool to use, and its other parser does not know `using`.
 * What is imported as a type only is gone by then, so a type may cross where a value may not.
 */
const room = (name) => `^dist/${name}/`;
/** @param {string} from @param {string[]} to rooms that may be imported, besides its own */
const only = (from, to) => ({
  name: `${from}-imports-only-${to.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: room(from) },
  to: { path: '^dist/', pathNot: [from, ...to].map(room) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('domain', []),
    only('analysis', ['domain']),
    only('media', ['domain']),
    only('storage', ['domain']),
    only('database', ['domain']),
    only('vision', ['domain', 'analysis', 'media']),
    only('relay', ['domain', 'database']),
    only('api', ['domain', 'database', 'storage', 'relay']),
    only('cli', ['domain', 'database']),
    only('activities', ['domain', 'analysis', 'media', 'vision', 'storage', 'database']),
    only('workflows', ['domain']),
    only('maintenance', ['domain']),
    only('worker', ['domain', 'analysis', 'media', 'vision', 'storage', 'database', 'activities']),
    {
      name: 'workflows-use-no-node-and-no-io',
      severity: 'error',
      from: { path: room('workflows') },
      to: {
        dependencyTypes: ['core', 'npm'],
        pathNot: ['node_modules/@temporalio/(workflow|common)/', 'node_modules/zod/'],
      },
    },
    {
      name: 'analysis-is-pure',
      severity: 'error',
      from: { path: [room('analysis'), room('domain')] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-development-packages',
      comment: 'The image has only what is under `dependencies` in package.json.',
      severity: 'error',
      from: { path: '^dist/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'config-only-at-the-top',
      severity: 'error',
      from: { path: '^dist/[^/]+/' },
      to: { path: '^dist/config\\.js$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
