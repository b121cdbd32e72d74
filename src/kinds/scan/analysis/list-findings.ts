import type { FindingCatalogue } from './findings.ts';

export const listFindings: FindingCatalogue = {
  'list.blocked': {
    title: "It is on the operator's blocklist",
    score: 1000,
    why: 'The operator has named these very bytes.',
  },
};
