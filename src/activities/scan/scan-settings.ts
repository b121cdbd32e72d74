import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ScanSettings, scanSettings } from '../../domain/kinds/scan.ts';
import type { ScanLimits } from '../../kinds/scan/analysis/limits.ts';
import type { Listed } from '../../kinds/scan/analysis/scan-tree.ts';
import { type Clamav, openClamav, withoutClamav } from './ask-clamav.ts';

/** What an operator has decided, with the files that the settings name read in. */
export interface ScanConfiguration {
  limits: ScanLimits;
  passwords: readonly string[];
  listed(sha256: string | null): Listed;
  /** A hash of both lists: they may say something else in a file of the same name. */
  listsVersion: string;
  settings: ScanSettings;
  clamav: Clamav;
}

/** A file of the operator's that a setting names cannot be used. */
export class ScanListUnusable extends Error {
  constructor(variable: string, path: string, why: string) {
    super(`${variable}: ${path} ${why}`);
  }
}

/**
 * Reads the settings of this kind, and the files that they name. Each file is read once, when the worker starts: what it
 * says then counts until the next start.
 * @throws ScanListUnusable
 */
export async function readScanConfiguration(
  given: Readonly<Record<string, unknown>>,
): Promise<ScanConfiguration> {
  const settings = scanSettings.parse(given);
  const passwords = await linesOf('DOUBLETAKE_SCAN_PASSWORDS', settings.DOUBLETAKE_SCAN_PASSWORDS);
  const safe = await hashesOf('DOUBLETAKE_SCAN_SAFELIST', settings.DOUBLETAKE_SCAN_SAFELIST);
  const blocked = await hashesOf('DOUBLETAKE_SCAN_BLOCKLIST', settings.DOUBLETAKE_SCAN_BLOCKLIST);
  return {
    settings,
    passwords,
    clamav: clamavOf(settings),
    limits: {
      depth: settings.DOUBLETAKE_SCAN_MAX_DEPTH,
      children: settings.DOUBLETAKE_SCAN_MAX_CHILDREN,
      expanded_bytes: settings.DOUBLETAKE_SCAN_MAX_EXPANDED_BYTES,
      ratio: settings.DOUBLETAKE_SCAN_MAX_RATIO,
      stage_seconds: settings.DOUBLETAKE_SCAN_STAGE_SECONDS,
      scan_seconds: settings.DOUBLETAKE_SCAN_SECONDS,
      file_bytes: settings.DOUBLETAKE_SCAN_FILE_BYTES,
    },
    listsVersion: createHash('sha256')
      .update(JSON.stringify([[...safe], [...blocked]]))
      .digest('hex'),
    // Who is on both lists is blocked: the careful answer.
    listed(sha256) {
      if (sha256 === null) return undefined;
      if (blocked.has(sha256)) return 'blocked';
      return safe.has(sha256) ? 'safe' : undefined;
    },
  };
}

function clamavOf(settings: ScanSettings): Clamav {
  const { DOUBLETAKE_SCAN_CLAMD: where } = settings;
  if (where === undefined) return withoutClamav;
  const colon = where.lastIndexOf(':');
  return openClamav({
    address: where.startsWith('/')
      ? { path: where }
      : { host: where.slice(0, colon), port: Number(where.slice(colon + 1)) },
    maxBytes: settings.DOUBLETAKE_SCAN_CLAMD_MAX_BYTES,
    seconds: settings.DOUBLETAKE_SCAN_STAGE_SECONDS,
  });
}

/** Without empty lines and comments. */
async function linesOf(variable: string, path: string | undefined): Promise<string[]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ScanListUnusable(variable, path, `cannot be read (${error.code}).`);
  });
  return text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
}

/** One SHA-256 a line; what follows it after a blank is a note. */
async function hashesOf(variable: string, path: string | undefined): Promise<Set<string>> {
  const lines = await linesOf(variable, path);
  const hashes = lines.map((line) => line.trim().split(/\s/)[0]?.toLowerCase() ?? '');
  const wrong = hashes.findIndex((hash) => !/^[0-9a-f]{64}$/.test(hash));
  if (path !== undefined && wrong >= 0)
    throw new ScanListUnusable(
      variable,
      path,
      `has something else than a SHA-256 in the line "${lines[wrong]}".`,
    );
  return new Set(hashes);
}
