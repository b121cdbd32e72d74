import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { discardRefuge, refugeBehind } from '../../stack/servers/refuge.ts';

test('a copied data folder gets a place of its own, a moved one keeps its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-refuge-'));
  const link = (name: string) => join(folder, name, 'elsewhere');
  mkdirSync(join(folder, 'original'));
  const original = refugeBehind(link('original'));
  cpSync(join(folder, 'original'), join(folder, 'copy'), { recursive: true, verbatimSymlinks: true });
  expect(refugeBehind(link('copy'))).not.toBe(original);
  renameSync(join(folder, 'original'), join(folder, 'moved'));
  expect(refugeBehind(link('moved'))).toBe(original);
  discardRefuge(link('copy'));
  discardRefuge(link('moved'));
  rmSync(folder, { recursive: true });
});
