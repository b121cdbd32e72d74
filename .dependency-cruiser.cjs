const { readdirSync } = require('node:fs');

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

const kinds = readdirSync('src/kinds', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
/** What is one kind's, with the kind's word as the first group. */
const ofAKind = `^dist/(?:kinds|activities|workflows|domain/kinds|worker/kinds)/(${kinds.join('|')})[/.]`;
/** Where kinds are named, a line each. */
const registries = [
  '^dist/domain/kinds/index\\.js$',
  '^dist/kinds/for-(api|cli|database)\\.js$',
  '^dist/worker/kinds/index\\.js$',
  '^dist/workflows/index\\.js$',
];

const processes = ['^dist/(worker|server|cli|prepare)\\.js$'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('domain', []),
    only('system', []),
    only('outside', ['domain']),
    only('language', ['domain']),
    only('media', ['domain']),
    only('storage', ['domain']),
    only('database', ['domain']),
    only('relay', ['domain', 'database']),
    only('api', ['domain', 'database', 'storage', 'relay']),
    only('cli', ['domain', 'system', 'database']),
    only('kinds', ['domain', 'system', 'outside', 'media', 'storage', 'database', 'relay', 'api', 'cli']),
    only('activities', ['domain', 'system', 'outside', 'language', 'media', 'storage', 'database', 'kinds']),
    only('workflows', ['domain', 'kinds']),
    only('maintenance', ['domain']),
    only('worker', [
      'domain',
      'language',
      'system',
      'media',
      'storage',
      'database',
      'activities',
      'kinds',
      'maintenance',
    ]),
    {
      name: 'no-kind-imports-another',
      severity: 'error',
      from: { path: ofAKind },
      to: { path: ofAKind, pathNot: '/$1[/.]' },
    },
    {
      name: 'no-shared-room-imports-a-kind',
      comment: "Registries do (`index.js`, `for-*.js`), and what is a kind's own.",
      severity: 'error',
      from: { path: '^dist/', pathNot: [ofAKind, ...registries] },
      to: { path: ofAKind },
    },
    {
      name: 'registries-are-handed-in',
      comment: 'By the processes; everything else takes them as arguments.',
      severity: 'error',
      from: { path: '^dist/', pathNot: [...processes, ...registries] },
      to: { path: registries.filter((path) => !path.includes('workflows')) },
    },
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
      from: { path: [room('domain'), '^dist/kinds/[^/]+/(analysis|answers|geometry|language)/'] },
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
