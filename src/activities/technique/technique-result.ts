import type { Job } from '../../domain/job.ts';
import type { TechniquePass } from '../../domain/kinds/technique.ts';
import type { TechniquePassRow } from '../../kinds/technique/tables/read-technique-passes.ts';
import type { VideoDamage } from '../../kinds/technique/technique-damage.ts';
import type { ActivityLog } from '../activity-log.ts';

export interface TechniqueResultNeeds {
  readPasses(jobId: string): Promise<Partial<Record<TechniquePass, TechniquePassRow>>>;
  log: ActivityLog;
}

/** What a finished technique job says in short, in its row and in the log. */
export function techniqueResult({ readPasses, log }: TechniqueResultNeeds) {
  return {
    /** The numbers a list shows; everything else is in the passes. */
    async resultOf(jobId: string): Promise<Record<string, unknown>> {
      const { quick, deep } = await readPasses(jobId);
      const best = deep ?? quick;
      const results = (best?.results ?? {}) as Record<string, unknown>;
      const video = results.video as Partial<VideoDamage> | undefined;
      const findings = best?.findings as { overall_level?: string; findings?: unknown[] } | null | undefined;
      return {
        pass: deep ? 'deep' : 'quick',
        overall_level: findings?.overall_level ?? null,
        findings: findings?.findings?.length ?? 0,
        repetitions: (results.repetitions as { count?: number | null } | undefined)?.count ?? null,
        peak_knee_flexion_deg: results.peak_knee_flexion_deg ?? null,
        coverage: results.coverage ?? null,
        missing_frames: video?.missing_frames ?? null,
        corrupt_frames: video?.corrupt_frames ?? null,
        results_s3_key: best?.results_s3_key ?? null,
      };
    },

    async onCompleted(job: Job): Promise<void> {
      const { quick, deep } = await readPasses(job.job_id);
      const best = deep ?? quick;
      const findings = best?.findings as { findings?: unknown[] } | null | undefined;
      const report = best?.report as { text?: string } | null | undefined;
      log.info(
        {
          job_id: job.job_id,
          status_after: job.status,
          stage: job.stage,
          progress: job.progress_pct,
          [deep ? 'deep_results_s3_key' : 'quick_results_s3_key']: best?.results_s3_key ?? null,
          findings_len: findings?.findings?.length ?? 0,
          report_len: report?.text?.length ?? 0,
        },
        `[PERSISTED] ${deep ? 'Deep' : 'Quick'} job completed`,
      );
    },
  };
}
