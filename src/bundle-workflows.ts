import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { type BundleOptions, bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleRoot, hashOf, type WorkflowBundle, workflowsEntry } from './worker/workflow-bundle.ts';

/**
 * `node dist/bundle-workflows.js [path]`: bundles the workflows once, so that workers need not do it at every start
 * (2.4 s of a processor each). `npm run build` runs it, and the image has what it writes.
 */

const path = process.argv[2] ?? join(import.meta.dirname, 'workflow-bundle.json');

/** The bundler decides about the code, too. */
const files = new Set([createRequire(import.meta.url).resolve('@temporalio/worker/package.json')]);

const noteFiles: NonNullable<BundleOptions['webpackConfigHook']> = (config) => ({
  ...config,
  plugins: [
    ...(config.plugins ?? []),
    (compiler) => {
      compiler.hooks.done.tap('note files', ({ compilation }) => {
        for (const module of compilation.modules) {
          const file = module.nameForCondition();
          if (file && isAbsolute(file)) files.add(file);
        }
      });
    },
  ],
});

const { code } = await bundleWorkflowCode({
  workflowsPath: workflowsEntry(),
  logger: new DefaultLogger('ERROR'),
  webpackConfigHook: noteFiles,
});

const inputs: Record<string, string> = {};
for (const file of [...files].map((one) => relative(bundleRoot, one)).sort()) {
  const hash = hashOf(file);
  // The entry that the SDK generates is in memory only.
  if (hash) inputs[file] = hash;
}

// Renamed when whole: others may make the same bundle at the same time.
const fresh = `${path}.${process.pid}`;
mkdirSync(dirname(path), { recursive: true });
writeFileSync(fresh, JSON.stringify({ inputs, code } satisfies WorkflowBundle));
renameSync(fresh, path);
