import { createHash } from 'node:crypto';
import { namesOf } from '../../kinds/mri/mri-models.ts';
import type { MriNeeds } from './mri-needs.ts';

/** A fingerprint of everything that can change what a look sees. */
export function madeWith(
  { models, softwareVersion }: Pick<MriNeeds, 'models' | 'softwareVersion'>,
  source: string,
  look: string,
): string {
  const made = JSON.stringify([softwareVersion, source, look, namesOf(models)]);
  return createHash('sha256').update(made).digest('hex');
}
