import { z } from 'zod';
import type { KindDefinition, Pass } from '../../../src/domain/kind.ts';
import { kindRegistry } from '../../../src/domain/kind-registry.ts';
import { kinds } from '../../../src/domain/kinds/index.ts';

/**
 * A kind that exists in tests only, and shows what the shared rooms do for kinds unlike those that ship: three working
 * statuses, a story that continues as new, a source that may be live, objects that outlive the job.
 */
const proofOptions = z.strictObject({
  /** How many runs the story takes, each continued as new. */
  runs: z.int().min(1).default(1),
  /** The pass that fails in the job's first attempt. */
  fails_in: z.string().optional(),
  /** The pass that lasts until the object `open/<job id>` is in the bucket. */
  holds_in: z.string().optional(),
  /** The address of a live source. */
  url: z.string().optional(),
});

export type ProofOptions = z.infer<typeof proofOptions>;

const passes: readonly Pass[] = [
  { name: 'read', status: 'reading', stage: 'READ' },
  { name: 'weigh', status: 'weighing', stage: 'WEIGH' },
  { name: 'write', status: 'writing', stage: 'WRITE' },
].map((pass) => ({
  ...pass,
  keeps: [{ name: pass.name, fields: [pass.name], objects: [`${pass.name}/note.txt`] }],
}));

export const proof: KindDefinition<ProofOptions> = {
  kind: 'proof',
  source: 'either',
  mediaTypes: ['*/*'],
  takesEmptyFiles: true,
  options: proofOptions,
  liveName: () => 'a source of proof',
  settings: z.object({
    DOUBLETAKE_PROOF_GREETING: z.string().default('hello').describe('any word'),
    DOUBLETAKE_PROOF_FIRST: z.enum(['on', 'off']).default('off').describe('on or off'),
  }),
  statuses: {
    uploaded: { phase: 'queued', to: ['reading', 'weighing', 'writing', 'failed', 'canceled'] },
    reading: { phase: 'running', to: ['weighing', 'failed', 'canceled'] },
    weighing: { phase: 'running', to: ['writing', 'failed', 'canceled'] },
    writing: { phase: 'running', to: ['proven', 'failed', 'canceled'] },
    proven: { phase: 'succeeded', to: [] },
    failed: { phase: 'failed', to: [] },
    canceled: { phase: 'canceled', to: [] },
  },
  passes: () => passes,
  resumesFrom: () => false,
  lastingPrefixes: ['proofs/'],
  retentionDays: 30,
};

export const proofKinds = kindRegistry([...kinds.all, proof]);
