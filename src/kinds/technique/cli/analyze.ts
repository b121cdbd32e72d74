import { UsageFailure } from '../../../cli/failures.ts';
import type { AnalyzeView } from '../../../cli/kind-view.ts';
import options from './analyze-options.json' with { type: 'json' };

interface Given {
  quick?: boolean;
  deep?: boolean;
  from?: string;
}

/** How a technique job is asked for on the command line, beyond `--option`. */
export const techniqueAnalyze: AnalyzeView = {
  options,
  examples: [
    'squats.mp4',
    'bowling.mov --quick --out result',
    'swing.mp4 --option slow_motion_factor=8 --option front_side=left',
    '--from 5f0c… --option cutoff_hz=8',
  ],
  request(given, file) {
    const { quick, deep, from } = given as Given;
    if (file !== undefined && from !== undefined) {
      throw new UsageFailure(
        `--from measures what an earlier job stored, without a video: leave out ${file}, or leave out --from.`,
      );
    }
    if (file === undefined && from === undefined) {
      throw new UsageFailure(
        'Name a media file, or with --from an earlier job whose keypoints to measure again.',
      );
    }
    return {
      options: {
        ...(quick && { mode: 'quick' }),
        ...(deep && { mode: 'deep' }),
        ...(from !== undefined && { source_job_id: from }),
      },
      flags: { source_job_id: '--from' },
      ...(from !== undefined && { sessionOf: from }),
    };
  },
};
