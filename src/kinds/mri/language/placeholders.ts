import {
  type HeadMeasurements,
  type Measured,
  midlineStructures,
  sidedStructures,
} from '../analysis/measured.ts';
import { quantityOf, type Side } from './quantities.ts';

/** A number, or a fact that may hold digits, that a report names and only we fill in. */
export interface Placeholder {
  /** Letters and underscores, so that a text with placeholders has no digit. */
  name: string;
  /** What it is a value of; a key of `quantities`. */
  quantity: string;
  side: Side | null;
  /** For the list that a model chooses from. */
  label: string;
  /** What is filled in: rounded, with its unit and uncertainty. */
  text: string;
}

export type Catalogue = ReadonlyMap<string, Placeholder>;

export const placeholderPattern = /\{\{m:([a-z_]+)\}\}/g;

const tissues = { gm: 'gm_ml', wm: 'wm_ml', csf: 'csf_ml', brain: 'brain_ml' } as const;

/** Every value of a head that a text may name. */
export function placeholdersOf(measured: HeadMeasurements): Catalogue {
  const { facts, tissue, structures, quality, confidence } = measured;
  const all: Placeholder[] = [];
  const add = (name: string, quantity: string, label: string, text: string, side: Side | null = null) =>
    all.push({ name, quantity, side, label, text });

  for (const [key, name] of Object.entries(tissues))
    add(name, key, `volume of the ${quantityOf(key).name}`, valueText(tissue[name], 'ml'));
  for (const [key, share] of Object.entries(sharesOf(tissue)))
    add(`${key}_share_pct`, key, `share of the ${quantityOf(key).name} in the brain mask`, share);
  for (const key of sidedStructures) {
    const { left, right, asymmetry_pct } = structures[key];
    const { name } = quantityOf(key);
    add(`${key}_left_ml`, key, `volume of the left ${name}`, valueText(left, 'ml'), 'left');
    add(`${key}_right_ml`, key, `volume of the right ${name}`, valueText(right, 'ml'), 'right');
    add(`${key}_asymmetry_pct`, key, `asymmetry of the ${name}`, valueText(asymmetry_pct, '%'));
  }
  for (const key of midlineStructures)
    add(`${key}_ml`, key, `volume of the ${quantityOf(key).name}`, valueText(structures[key].middle, 'ml'));

  add('snr', 'snr', 'signal to noise', quality.snr.toFixed(1));
  add('cnr', 'cnr', 'contrast to noise', quality.cnr.toFixed(1));
  add(
    'border_contact_pct',
    'border_contact',
    'share of the head at the border of the field of view',
    `${(100 * quality.border_contact).toFixed(1)} %`,
  );
  add('confidence', 'confidence', 'confidence of the measurements', confidence.toFixed(2));
  add('voxel_mm', 'voxel', 'size of a voxel', `${facts.voxel_mm.map(millimetres).join(' × ')} mm`);
  if (facts.field_strength_t !== null)
    add(
      'field_strength_t',
      'field_strength',
      'field strength',
      `${Number(facts.field_strength_t.toFixed(2))} T`,
    );
  if (facts.sequence) add('sequence', 'sequence', 'name of the sequence', shortText(facts.sequence));
  if (facts.age_years !== null) add('age_years', 'age', 'age', `${facts.age_years} years`);
  return new Map(all.map((one) => [one.name, one]));
}

/**
 * The text with the values in it.
 * @param shown how a value is put there: it may hold words of a file
 * @throws RangeError for a placeholder that is not in the catalogue
 */
export function fill(text: string, catalogue: Catalogue, shown: (value: string) => string = String): string {
  return text.replace(placeholderPattern, (_, name: string) => {
    const found = catalogue.get(name);
    if (!found) throw new RangeError(`There is no placeholder "${name}".`);
    return shown(found.text);
  });
}

/** Words of a file, on one line and not too many. */
export function shortText(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 80);
}

const decimalsFor = (size: number) =>
  size > 0 ? Math.min(2, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 2;

/** Rounded so that the uncertainty keeps two digits, and never finer than a hundredth. */
export function valueText({ value, uncertainty, reason }: Measured, unit: 'ml' | '%'): string {
  if (value === null) return `not measurable${reason ? `: ${reason.replace(/\.$/, '')}` : ''}`;
  // Where nobody knows how sure it is, three digits of the value itself.
  const decimals = uncertainty === null ? decimalsFor(Math.abs(value) / 10) : decimalsFor(uncertainty);
  const sure = uncertainty === null ? '' : ` ± ${uncertainty.toFixed(decimals)}`;
  return `${withMinus(value.toFixed(decimals))}${sure} ${unit}`;
}

/** What rounds to nothing has no sign; a hyphen would begin a list in Markdown. */
function withMinus(text: string): string {
  return text.replace(/^-(?=0(?:\.0*)?$)/, '').replace(/^-/, '−');
}

function millimetres(length: number): string {
  return length.toFixed(2);
}

function sharesOf(tissue: HeadMeasurements['tissue']): Record<string, string> {
  const { gm_ml, wm_ml, csf_ml } = tissue;
  const parts = { gm: gm_ml.value, wm: wm_ml.value, csf: csf_ml.value };
  const values = Object.values(parts).filter((value) => value !== null);
  const whole = values.reduce((sum, value) => sum + value, 0);
  if (values.length < 3 || whole <= 0) return {};
  return Object.fromEntries(
    Object.entries(parts).map(([key, value]) => [key, `${((100 * (value ?? 0)) / whole).toFixed(1)} %`]),
  );
}
