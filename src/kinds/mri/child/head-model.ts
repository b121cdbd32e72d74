import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { loadModel, type ModelFile, unusable } from '../../../media/models/load-model.ts';
import { type Box, paste, sizeOf, voxelCount } from '../analysis/grid/box.ts';
import { planBlocks } from '../analysis/models/blocks.ts';
import type { ModelCard } from '../analysis/models/model-card.ts';
import type { Scale } from '../analysis/models/normalise.ts';
import type { Dimensions } from '../volume/volume.ts';
import { reachOf } from './reach.ts';

/** A model and the card that travels with it. */
export interface HeadModelFiles {
  model: ModelFile;
  card: ModelFile;
}

const cardSchema: z.ZodType<ModelCard> = z.strictObject({
  labels: z.array(z.string()).min(2).max(255),
  normalisation: z.strictObject({
    low_quantile: z.number().min(0).max(1),
    high_quantile: z.number().min(0).max(1),
  }),
  bytes_per_voxel: z.number().positive(),
});

/** A model that labels each voxel of a head. */
export class HeadModel {
  readonly card: ModelCard;
  readonly #path: string;
  readonly #session: InferenceSession;
  readonly #reach: number;

  private constructor(path: string, session: InferenceSession, card: ModelCard, reach: number) {
    this.#path = path;
    this.#session = session;
    this.card = card;
    this.#reach = reach;
  }

  /** @throws ModelUnusable */
  static async load({ model, card }: HeadModelFiles, threads: number): Promise<HeadModel> {
    const read = await readCard(card);
    const { session, prepared: reach } = await loadModel(model, threads, reachOf, 'given back');
    if (reach === null) {
      throw unusable(
        model.path,
        'it is not a chain of convolutions, which alone can look at a head in blocks',
      );
    }
    return new HeadModel(model.path, session, read, reach);
  }

  /**
   * The label of each voxel.
   * @param values 0–255, axes to the left, downwards and to the front, the first the fastest
   * @param mostVoxels of a block: a larger volume is cut, and its labels are the same
   * @param report called after each block with the share that is done
   */
  async labelsOf(
    values: Float32Array,
    dimensions: Dimensions,
    scale: Scale,
    mostVoxels: number,
    report: (share: number) => void,
  ): Promise<Uint8Array> {
    const labels = new Uint8Array(values.length);
    const blocks = planBlocks(dimensions, this.#reach, mostVoxels);
    for (const [done, { core, seen }] of blocks.entries()) {
      const size = sizeOf(seen);
      const input = new Tensor('float32', tensorOf(values, dimensions, seen, scale), [1, 1, ...size]);
      const { labels: output } = await this.#session.run({ volume: input });
      const found = output?.data;
      if (!(found instanceof Uint8Array) || found.some((label) => label >= this.card.labels.length)) {
        throw unusable(this.#path, 'its labels are not those of its card');
      }
      paste(coreOf(found, seen, core), core, labels, dimensions);
      report((done + 1) / blocks.length);
    }
    return labels;
  }

  /** @throws ModelUnusable where the labels are not these, in this order */
  expectLabels(labels: readonly string[]): void {
    if (labels.join() === this.card.labels.join()) return;
    throw unusable(this.#path, `its labels have to be ${labels.join(', ')}`);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

async function readCard({ path, sha256 }: ModelFile): Promise<ModelCard> {
  const text = await readFile(path).catch((cause) => {
    throw unusable(path, 'it cannot be read', cause);
  });
  if (createHash('sha256').update(text).digest('hex') !== sha256) {
    throw unusable(path, `its SHA-256 is not that of SHA256SUMS`);
  }
  try {
    return cardSchema.parse(JSON.parse(text.toString('utf8')));
  } catch (error) {
    throw unusable(path, `${basename(path)} is no card of a model of heads`, error);
  }
}

/** The models have the last axis as the fastest, volumes the first. */
function tensorOf(values: Float32Array, [nx, ny]: Dimensions, { from, to }: Box, { low, range }: Scale) {
  const tensor = new Float32Array(voxelCount(sizeOf({ from, to })));
  let at = 0;
  for (let i = from[0]; i < to[0]; i++) {
    for (let j = from[1]; j < to[1]; j++) {
      for (let k = from[2]; k < to[2]; k++) {
        tensor[at++] = ((values[i + nx * (j + ny * k)] as number) - low) / range;
      }
    }
  }
  return tensor;
}

/** The labels of a block's core, the first axis the fastest again. */
function coreOf(found: Uint8Array, seen: Box, core: Box): Uint8Array {
  const [, ny, nz] = sizeOf(seen);
  const labels = new Uint8Array(voxelCount(sizeOf(core)));
  let at = 0;
  for (let k = core.from[2]; k < core.to[2]; k++) {
    for (let j = core.from[1]; j < core.to[1]; j++) {
      for (let i = core.from[0]; i < core.to[0]; i++) {
        const [x, y, z] = [i - seen.from[0], j - seen.from[1], k - seen.from[2]];
        labels[at++] = found[(x * ny + y) * nz + z] as number;
      }
    }
  }
  return labels;
}
