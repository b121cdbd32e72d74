import { type DescribeImageNeeds, makeDescribeImage } from './describe.ts';
import { makeWriteEnhancedReport, type WriteEnhancedReportNeeds } from './enhance.ts';

/** On the main queue: they wait for endpoints, and compute next to nothing. */
export function makeMriLanguageActivities(needs: DescribeImageNeeds & WriteEnhancedReportNeeds) {
  return {
    describeImage: makeDescribeImage(needs),
    writeEnhancedReport: makeWriteEnhancedReport(needs),
  };
}

export type MriLanguageActivities = ReturnType<typeof makeMriLanguageActivities>;
