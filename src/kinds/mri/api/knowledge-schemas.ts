import { z } from 'zod';
import { instant } from '../../../api/schemas/answers.ts';
import { passage } from '../language/passage.ts';

const cite = z
  .string()
  .regex(/^k[1-9]\d{0,8}$/)
  .describe('How reports cite it, for ever.');

export const listedPassage = passage.extend({
  cite,
  gist: z.string().nullable(),
  url: z.string().nullable(),
  norm: passage.shape.norm.unwrap().nullable(),
  added_by: z.string().describe('Who added it; `doubletake` for what comes with the program.'),
  added_at: instant,
  since_version: z.int().min(1),
});

const version = z.object({
  version: z.int().min(0).describe('One more with every change of the passages; 0 of an empty base.'),
  sha256: z.string().describe('Of the contents of all its passages.'),
  passages: z.int().min(0),
});

export const knowledgeList = version.extend({
  items: z.array(listedPassage),
  next_after: cite.nullable().describe('Pass as `after` for the next page; null on the last one.'),
});

export const knowledgePage = z.object({
  after: cite.optional().describe('`next_after` of the page before.'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const knowledgeAdded = version.extend({
  added: z.int().min(0).describe('Passages that were not there.'),
  replaced: z.int().min(0).describe('Passages that took the place of one with the same `id`.'),
  unchanged: z.int().min(0).describe('Passages that were there already, whatever their `id`.'),
});
