import type { FindingCatalogue } from '../../analysis/findings.ts';

export const payloadFindings = {
  'payload.program-encoded': {
    title: 'A program stands encoded in a text',
    score: 400,
    why: 'Filters that know programs see text; certutil, PowerShell or a script turns it back. Programs are sent as files.',
    attack: 'T1027.013',
  },
} as const satisfies FindingCatalogue;

export type PayloadFindingId = keyof typeof payloadFindings;
