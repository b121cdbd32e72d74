import { z } from 'zod';
import { storableText } from '../../../domain/storable-text.ts';

const text = (most: number) => storableText().trim().min(1).max(most);

/** A range that a source gives for people of an age and a sex; shown only beside people of both. */
export const norm = z.strictObject({
  quantity: z.enum(['gm_ml', 'wm_ml', 'csf_ml', 'brain_ml']),
  sex: z.enum(['male', 'female']),
  age_from: z.int().min(0).max(120),
  age_to: z.int().min(0).max(120),
  mean: z.number().gt(0).max(10_000),
  sd: z.number().gt(0).max(10_000),
  method: text(300).describe('How the source measured: part of every sentence in which its range is shown.'),
});

export type Norm = z.infer<typeof norm>;

/** A piece of knowledge in words of whoever wrote it down, with where it comes from. */
export const passage = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,79}$/, 'has 2 to 80 lower-case letters, digits and hyphens')
    .describe('The same id with another content replaces the passage.'),
  title: text(200),
  text: text(4000),
  gist: text(400)
    .optional()
    .describe('A sentence without numbers, which a report from the template says and cites.'),
  source: text(500).describe('Who says it, as a citation.'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  licence: text(100).describe('Of the text of the passage.'),
  verified: z.boolean().describe('Whether its figures were checked against the source.'),
  norm: norm.optional(),
});

export type Passage = z.infer<typeof passage>;

export const knowledgeFile = z.strictObject({
  passages: z.array(passage).max(2000),
  synonyms: z
    .array(z.array(text(60)).min(2).max(20))
    .max(500)
    .default([])
    .describe('Groups of words that mean the same; who asks for one finds the others.'),
});

export type KnowledgeFile = z.infer<typeof knowledgeFile>;

/** A passage as it is stored: `k12` stays its citation for ever. */
export interface StoredPassage extends Omit<Passage, 'gist' | 'url' | 'norm'> {
  cite: string;
  gist: string | null;
  url: string | null;
  norm: Norm | null;
}

/** Which state of the knowledge base a report was written from. */
export interface KnowledgeVersion {
  version: number;
  /** Of the contents of all its passages. */
  sha256: string;
  passages: number;
}
