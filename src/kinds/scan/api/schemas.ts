import { z } from 'zod';
import { categories, verdicts } from '../analysis/result.ts';
import { fileTypes, stageNames } from '../analysis/stage.ts';

const score = z.int().min(0).max(1000);

const finding = z.object({
  id: z.string().describe('Stable; docs/findings.md lists them.'),
  title: z.string(),
  score,
  where: z.object({
    path: z.string().describe('The names from the uploaded file on, with `/` between them.'),
    offset: z.int().min(0).optional().describe('Bytes from the beginning of that file.'),
  }),
  evidence: z.string().describe('At most 256 bytes, escaped.'),
  attack: z.string().optional().describe('A MITRE ATT&CK technique.'),
});

const stage = z.object({
  name: z.enum(stageNames),
  category: z.enum(categories),
  score,
  findings: z.array(finding),
  elapsed_ms: z.number().min(0),
  version: z.string(),
  reasons: z.array(z.string()).describe('What was not looked at, and why.'),
  facts: z.record(z.string(), z.unknown()).optional().describe('Of the uploaded file; they score nothing.'),
});

const node = z
  .object({
    path: z.string(),
    name: z.string(),
    type: z.enum(fileTypes),
    media_type: z.string(),
    size: z.int().min(0),
    sha256: z.string().nullable(),
    verdict: z.enum(verdicts),
    score,
    stages: z.partialRecord(z.enum(stageNames), z.enum(categories)),
    notes: z.array(z.string()),
    get children() {
      return z.array(node);
    },
  })
  .meta({ id: 'ScannedFile' });

export const scanResult = z.object({
  verdict: z.enum(verdicts),
  score,
  stages: z.array(stage),
  tree: node,
  limits: z
    .array(z.object({ name: z.string(), value: z.number(), path: z.string() }))
    .describe('The limits that were reached.'),
  truncated: z.literal(true).optional().describe('The whole result is the artifact `scanning/result.json`.'),
  cached_from: z.uuid().optional().describe('The job that scanned the same bytes in the same way.'),
});
