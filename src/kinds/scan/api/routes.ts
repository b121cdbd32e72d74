import type { KindApi } from '../../../api/kind-api.ts';
import { InvalidRequest } from '../../../domain/errors.ts';
import type { ScanOptions } from '../../../domain/kinds/scan.ts';
import type { CutResult } from '../analysis/cut-to-fit.ts';
import { extractedName } from '../answers/extracted.ts';
import { scanReport } from '../answers/report.ts';
import { scanResult } from './schemas.ts';

const checkOptions: KindApi['checkOptions'] = async (options, { scope }) => {
  if ((options as ScanOptions).extract !== undefined && scope.userId !== undefined)
    throw new InvalidRequest('Only an operator can have a file extracted.', 'options.extract');
};

export const scan: KindApi = {
  description: 'What a file is, what is in it, and whether it is safe to open.',
  example: 'Any file is sent with `-F kind=scan`, or with `doubletake analyze --kind scan FILE`.',
  result: scanResult,
  checkOptions,
  isForOperators: ({ name }) => name === extractedName,
  links: ({ job_id, phase }) => ({ ...(phase === 'succeeded' && { report: `/reports/${job_id}` }) }),
  report: async ({ result }) => (result ? scanReport(result as unknown as CutResult) : null),
};
