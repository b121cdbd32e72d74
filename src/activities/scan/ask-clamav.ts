import { stageScore, toFinding } from '../../kinds/scan/analysis/findings.ts';
import type { FileStage } from '../../kinds/scan/analysis/result.ts';
import type { FileToScan } from '../../kinds/scan/analysis/scan-tree.ts';
import { categoryOf } from '../../kinds/scan/analysis/verdict.ts';
import { openScannedFile } from '../../kinds/scan/child/opened-file.ts';
import { ClamdFailure } from '../../kinds/scan/clamav/answer.ts';
import { type ClamdAddress, clamdVersion, scanWithClamd } from '../../kinds/scan/clamav/clamd.ts';

export interface ClamavSettings {
  address: ClamdAddress;
  /** Beyond it the daemon answers OK without having looked. */
  maxBytes: number;
  seconds: number;
}

export type AskClamav = (file: FileToScan, signal: AbortSignal) => Promise<FileStage>;

export interface Clamav {
  ask: AskClamav;
  /** Of the engine and its database as they are now; null while the daemon cannot be reached. */
  version(): Promise<string | null>;
}

const row = { name: 'clamav' as const, score: 0, findings: [], elapsed_ms: 0 };

/** Where the operator has no daemon: skipped, and said so. */
export const withoutClamav: Clamav = {
  ask: async () => ({
    ...row,
    category: 'unsupported',
    version: 'none',
    reasons: ['ClamAV was not asked: this service has none.'],
  }),
  version: async () => 'none',
};

/** Shows each file to the daemon by itself: within a container it passes over what it cannot open. */
export function openClamav({ address, maxBytes, seconds }: ClamavSettings): Clamav {
  const milliseconds = seconds * 1000;
  const version = async (): Promise<string | null> => {
    try {
      return (await clamdVersion(address, { milliseconds })).text;
    } catch (error) {
      if (error instanceof ClamdFailure) return null;
      throw error;
    }
  };
  return {
    version,
    async ask({ key, name, path, size }, signal) {
      const began = performance.now();
      const opened = openScannedFile({ path: key, name, fileBytes: 0 });
      const told = { ...row, version: '1' };
      const elapsed = () => Math.round((performance.now() - began) * 10) / 10;
      try {
        if (size > maxBytes)
          return {
            ...told,
            category: 'incomplete',
            reasons: [`ClamAV is shown no file of more than ${maxBytes} bytes; this one has ${size}.`],
          };
        const { findings: found, incomplete = [] } = await scanWithClamd(address, opened, {
          milliseconds,
          signal,
        });
        const findings = found.map((finding) => toFinding(finding, path, {}));
        return {
          ...told,
          category: categoryOf(findings, { incomplete: incomplete.length > 0, hasFacts: false }),
          score: stageScore(findings),
          findings,
          elapsed_ms: elapsed(),
          reasons: incomplete,
        };
      } catch (error) {
        if (!(error instanceof ClamdFailure)) throw error;
        const category = error.timedOut ? 'timeout' : 'failure';
        const limit = { name: 'stage_seconds' as const, value: seconds };
        return {
          ...told,
          ...{ category, elapsed_ms: elapsed(), reasons: [error.message] },
          ...(error.timedOut && { limit }),
        };
      } finally {
        opened.close();
      }
    },
  };
}
