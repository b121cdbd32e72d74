import type { Findings } from '../../finding.ts';
import { SAME_FRAME_S } from '../pose-sequence.ts';

/** The findings with the keys of the frames that were drawn; frames that were not keep null. */
export function attachEvidence(
  { findings, overall_level }: Findings,
  drawn: readonly { time_s: number; artifact_key: string }[],
): Findings {
  const keyAt = (time: number) =>
    drawn.find(({ time_s }) => Math.abs(time_s - time) <= SAME_FRAME_S)?.artifact_key ?? null;
  return {
    findings: findings.map((finding) => ({
      ...finding,
      evidence: {
        ...finding.evidence,
        worst_frames: finding.evidence.worst_frames.map((frame) => ({
          ...frame,
          artifact_key: keyAt(frame.time_s),
        })),
      },
    })),
    overall_level,
  };
}
