import type { KindApi } from '../../../api/kind-api.ts';
import type { CutResult } from '../analysis/cut-to-fit.ts';
import { scanReport } from '../answers/report.ts';
import { scanResult } from './schemas.ts';

export const scan: KindApi = {
  description: 'What a file is, what is in it, and whether it is safe to open.',
  example: 'Any file is sent with `-F kind=scan`, or with `doubletake analyze --kind scan FILE`.',
  result: scanResult,
  report: async ({ result }) => (result ? scanReport(result as unknown as CutResult) : null),
};
