import { addEntry, addExport, addImport } from './add-line.ts';

/** What the lines of a kind are made of. */
export interface KindWords {
  /** `tally` */
  kind: string;
  /** `Tally` */
  Kind: string;
  /** Of its migration: `0013`. */
  number: string;
}

interface Registry {
  path: string;
  /** @throws CannotAdd when the file is not built as this expects it */
  add(source: string, words: KindWords, path: string): string;
}

/** Where kinds are named. */
const registries: readonly Registry[] = [
  {
    path: 'src/domain/kinds/index.ts',
    add: (source, { kind }, path) =>
      addEntry(addImport(source, `{ ${kind} }`, `./${kind}.ts`, path), 'kindRegistry([', kind, path),
  },
  {
    path: 'src/workflows/index.ts',
    add: (source, { kind }, path) => addExport(source, `{ ${kind} }`, `./${kind}.ts`, path),
  },
  {
    path: 'src/worker/kinds/index.ts',
    add: (source, { kind }, path) =>
      addEntry(
        addImport(source, `{ ${kind} }`, `./${kind}.ts`, path),
        'kindsAtWork: KindsAtWork = {',
        kind,
        path,
      ),
  },
  {
    path: 'src/kinds/for-api.ts',
    add: (source, { kind }, path) =>
      addEntry(
        addImport(source, `{ ${kind} }`, `./${kind}/api/routes.ts`, path),
        'kindApis: KindApis = {',
        kind,
        path,
      ),
  },
  {
    path: 'src/kinds/for-cli.ts',
    add: (source, { kind }, path) =>
      addEntry(
        addImport(source, `{ ${kind}View }`, `./${kind}/cli/view.ts`, path),
        'kindViews: Readonly<Record<string, KindView>> = {',
        `${kind}: ${kind}View`,
        path,
      ),
  },
  {
    path: 'src/kinds/for-database.ts',
    add: (source, { kind, Kind }, path) =>
      addEntry(
        addImport(source, `{ ${Kind}CountsEntity }`, `./${kind}/tables/entity.ts`, path),
        'entities: [',
        `${Kind}CountsEntity`,
        path,
      ),
  },
  {
    path: 'src/database/migrations/index.ts',
    add: (source, { kind, Kind, number }, path) =>
      addEntry(
        addImport(source, `{ Migration${number}${Kind} }`, `./migration-${number}-${kind}.ts`, path),
        'migrations: readonly MigrationObject[] = [',
        `{ name: '${number}-${kind}', class: Migration${number}${Kind} }`,
        path,
      ),
  },
  {
    path: 'chaos/inputs/index.ts',
    add: (source, { kind }, path) =>
      addEntry(
        addImport(source, `{ ${kind} }`, `./${kind}.ts`, path),
        'chaosInputs: Readonly<Record<string, ChaosInputs>> = {',
        kind,
        path,
      ),
  },
];

export const registryPaths: readonly string[] = registries.map(({ path }) => path);

/** @throws CannotAdd when the file is not built as this expects it */
export function addToRegistry(path: string, source: string, words: KindWords): string {
  const registry = registries.find((one) => one.path === path);
  if (!registry) throw new RangeError(`${path} is no registry.`);
  return registry.add(source, words, path);
}
