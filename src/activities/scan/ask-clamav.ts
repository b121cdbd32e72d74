import type { FileStage } from '../../kinds/scan/analysis/result.ts';
import type { FileToScan } from '../../kinds/scan/analysis/scan-tree.ts';
import { elapsedSince, emptyRow, rowOf } from '../../kinds/scan/analysis/stage-row.ts';
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

/** Where the operator has no daemon: skipped, and said so. */
export const withoutClamav: Clamav = {
  ask: async () => ({
    ...emptyRow('clamav', 'unsupported', 'none'),
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
      try {
        if (size > maxBytes)
          return {
            ...emptyRow('clamav', 'incomplete'),
            reasons: [`ClamAV is shown no file of more than ${maxBytes} bytes; this one has ${size}.`],
          };
        const report = await scanWithClamd(address, opened, { milliseconds, signal });
        const row = { name: 'clamav' as const, version: '1', path, elapsed_ms: elapsedSince(began) };
        return rowOf(row, report, {});
      } catch (error) {
        if (!(error instanceof ClamdFailure)) throw error;
        return {
          ...emptyRow('clamav', error.timedOut ? 'timeout' : 'failure'),
          ...{ elapsed_ms: elapsedSince(began), reasons: [error.message] },
          ...(error.timedOut && { limit: { name: 'stage_seconds', value: seconds } }),
        };
      } finally {
        opened.close();
      }
    },
  };
}
