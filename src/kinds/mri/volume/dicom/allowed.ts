import { randomUUID } from 'node:crypto';
import { type Attribute, attributes as a } from './attributes.ts';
import type { Attributes } from './dataset.ts';
import { ageOf } from './instance.ts';
import { knownModel, knownVendor, knownWords } from './words.ts';
import type { Element } from './write-elements.ts';

/** What is new in a cleaned ZIP for what was there, the same wherever it stood. */
export class Renamed {
  readonly #uids = new Map<string, string>();
  readonly #stacks = new Map<string, number>();

  uid(old: string): string {
    const given = this.#uids.get(old) ?? `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
    this.#uids.set(old, given);
    return given;
  }

  stack(old: string): number {
    const given = this.#stacks.get(old) ?? this.#stacks.size + 1;
    this.#stacks.set(old, given);
    return given;
  }
}

/** Makes an element of what a file has, or nothing. What it writes is a number, a word from a list, or new: never a text that was there. */
type Rule = (set: Attributes, renamed: Renamed) => Element | null;

/** Each image's own. */
const STORAGE_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.[0-9.]{1,16}$/;

const weight = [
  'T1',
  'T2',
  'PD',
  'FLAIR',
  'STIR',
  'T2_STAR',
  'PROTON_DENSITY',
  'FLUID_ATTENUATED',
  'FLOW_ENCODED',
  'TAGGING',
  'TOF',
];
const signal = ['M', 'P', 'R', 'I', 'MAGNITUDE', 'PHASE', 'REAL', 'IMAGINARY', 'MIXED', 'PHASE MAP'];
const imageTypes = [
  ...weight,
  ...signal,
  ...[
    'ORIGINAL',
    'DERIVED',
    'PRIMARY',
    'SECONDARY',
    'NONE',
    'UNKNOWN',
    'OTHER',
    'VOLUME',
    'AXIAL',
    'SAGITTAL',
    'CORONAL',
  ],
  ...[
    'NORM',
    'DIS2D',
    'DIS3D',
    'FM',
    'FIL',
    'ND',
    'DFC',
    'MFSPLIT',
    'MOSAIC',
    'LOCALIZER',
    'SE',
    'IR',
    'FFE',
    'M_FFE',
    'M_SE',
    'M_IR',
  ],
  ...[
    'MPR',
    'MIP',
    'REFORMATTED',
    'PROJECTION IMAGE',
    'SUBTRACTION',
    'COMPOSED',
    'MEAN',
    'UNI',
    'DEN',
    'INV1',
    'INV2',
    'SCREEN SAVE',
  ],
  ...[
    'ADC',
    'DIFFUSION',
    'TRACEW',
    'FA',
    'PERFUSION',
    'ASL',
    'CBF',
    'CBV',
    'MTT',
    'TTP',
    'RELCBF',
    'FMRI',
    'MOCO',
  ],
];

const numeric = (attribute: Attribute, most = 8): Rule => {
  return (set) => {
    const numbers = set.numbers(attribute).slice(0, most);
    return numbers.length === 0 ? null : numberElement(attribute, numbers);
  };
};

/** Values that are not on the list become `otherwise`, in their place. */
const listed = (attribute: Attribute, list: readonly string[], otherwise: string | null = null): Rule => {
  return (set) => {
    const words = set
      .words(attribute)
      .slice(0, 16)
      .map((word) => (list.includes(word.toUpperCase()) ? word.toUpperCase() : otherwise))
      .filter((word) => word !== null);
    return words.length === 0 ? null : { attribute, text: words.join('\\') };
  };
};

const renewed = (attribute: Attribute): Rule => {
  return (set, renamed) => {
    const uid = set.word(attribute);
    return uid === null ? null : { attribute, text: renamed.uid(uid) };
  };
};

const told = (attribute: Attribute, tell: (set: Attributes) => string | null): Rule => {
  return (set) => {
    const text = tell(set);
    return text === null ? null : { attribute, text };
  };
};

const items = (attribute: Attribute, rules: readonly Rule[], most = 1): Rule => {
  return (set, renamed) => {
    const content = set
      .items(attribute)
      .slice(0, most)
      .map((item) => allowedOf(item, rules, renamed));
    return content.length === 0 ? null : { attribute, items: content };
  };
};

export function allowedOf(set: Attributes, rules: readonly Rule[], renamed: Renamed): Element[] {
  return rules.map((rule) => rule(set, renamed)).filter((element) => element !== null);
}

const functionalGroups: readonly Rule[] = [
  items(a.planePosition, [numeric(a.position, 3)]),
  items(a.planeOrientation, [numeric(a.orientation, 6)]),
  items(a.pixelMeasures, [
    numeric(a.pixelSpacing, 2),
    numeric(a.sliceThickness, 1),
    numeric(a.spacingBetweenSlices, 1),
  ]),
  items(a.valueTransformation, [numeric(a.slope, 1), numeric(a.intercept, 1)]),
  items(a.frameContent, [
    (set, renamed) => {
      const stack = set.word(a.stack);
      return stack === null ? null : { attribute: a.stack, text: String(renamed.stack(stack)) };
    },
    numeric(a.inStackPosition, 1),
    numeric(a.temporalIndex, 1),
  ]),
  items(a.imageFrameType, [
    listed(a.frameType, imageTypes, 'OTHER'),
    listed(a.complexComponent, signal),
    listed(a.acquisitionContrast, [...weight, 'DIFFUSION', 'PERFUSION', 'UNKNOWN', 'MIXED']),
  ]),
  items(a.timing, [numeric(a.repetitionTime, 1), numeric(a.flipAngle, 1), numeric(a.echoTrainLength, 1)]),
  items(a.echo, [numeric(a.effectiveEchoTime, 1)]),
  items(a.modifier, [listed(a.inversionRecovery, ['YES', 'NO']), numeric(a.inversionTimes, 4)]),
];

const MOST_FRAMES = 20_000;

/** All that a cleaned image has, beside its identifiers' empty places and its pixels. */
export const allowed: readonly Rule[] = [
  listed(a.imageType, imageTypes, 'OTHER'),
  told(a.sopClass, (set) => STORAGE_CLASS.exec(set.word(a.sopClass) ?? '')?.[0] ?? null),
  renewed(a.sopInstance),
  listed(a.modality, ['MR', 'CT', 'PT', 'NM', 'US', 'CR', 'DX', 'XA', 'SC', 'OT'], 'OT'),
  told(a.manufacturer, (set) => knownVendor(set.word(a.manufacturer))),
  told(a.model, (set) => knownModel(set.word(a.model))),
  told(
    a.seriesDescription,
    (set) =>
      knownWords(set.word(a.seriesDescription), set.word(a.protocolName), set.word(a.sequenceName))
        .join(' ')
        .slice(0, 64) || null,
  ),
  listed(a.complexComponent, signal),
  listed(a.acquisitionContrast, [...weight, 'DIFFUSION', 'PERFUSION', 'UNKNOWN', 'MIXED']),
  listed(a.sex, ['M', 'F', 'O']),
  told(a.age, (set) => {
    const years = ageOf(set);
    return years === null ? null : `${String(years).padStart(3, '0')}Y`;
  }),
  () => ({ attribute: a.identityRemoved, text: 'YES' }),
  told(a.contrastAgent, (set) => {
    if (set.items(a.contrastAgents).length > 0) return 'YES';
    const agent = set.word(a.contrastAgent);
    if (agent === null) return null;
    return /^(no|none|n|without|0)$/i.test(agent) ? 'NO' : 'YES';
  }),
  listed(a.bodyPart, ['BRAIN', 'HEAD', 'SKULL', 'NECK', 'HEADNECK']),
  listed(a.scanningSequence, ['SE', 'IR', 'GR', 'EP', 'RM']),
  listed(a.sequenceVariant, ['SK', 'MTC', 'SS', 'TRSS', 'SP', 'MP', 'OSP', 'NONE']),
  listed(a.acquisitionType, ['2D', '3D']),
  numeric(a.sliceThickness, 1),
  numeric(a.repetitionTime, 1),
  numeric(a.echoTime, 1),
  numeric(a.inversionTime, 1),
  numeric(a.averages, 1),
  numeric(a.echoNumber, 1),
  numeric(a.fieldStrength, 1),
  numeric(a.spacingBetweenSlices, 1),
  numeric(a.echoTrainLength, 1),
  numeric(a.pixelBandwidth, 1),
  numeric(a.flipAngle, 1),
  listed(a.patientPosition, ['HFS', 'HFP', 'HFDL', 'HFDR', 'FFS', 'FFP', 'FFDL', 'FFDR']),
  listed(a.echoPulseSequence, ['SPIN', 'GRADIENT', 'BOTH']),
  renewed(a.study),
  renewed(a.series),
  numeric(a.seriesNumber, 1),
  numeric(a.instanceNumber, 1),
  numeric(a.position, 3),
  numeric(a.orientation, 6),
  renewed(a.frameOfReference),
  numeric(a.temporalPosition, 1),
  numeric(a.samplesPerPixel, 1),
  listed(a.photometric, ['MONOCHROME1', 'MONOCHROME2', 'RGB', 'PALETTE COLOR', 'YBR_FULL', 'YBR_FULL_422']),
  numeric(a.numberOfFrames, 1),
  numeric(a.rows, 1),
  numeric(a.columns, 1),
  numeric(a.pixelSpacing, 2),
  numeric(a.bitsAllocated, 1),
  numeric(a.bitsStored, 1),
  numeric(a.pixelRepresentation, 1),
  listed(a.burnedIn, ['YES', 'NO']),
  numeric(a.intercept, 1),
  numeric(a.slope, 1),
  items(a.sharedGroups, functionalGroups),
  items(a.perFrameGroups, functionalGroups, MOST_FRAMES),
];

export function numberElement(attribute: Attribute, numbers: readonly number[]): Element {
  const { vr } = attribute;
  if (vr === 'DS') return { attribute, text: numbers.map(decimalString).join('\\') };
  if (vr === 'IS') return { attribute, text: numbers.map((value) => String(Math.trunc(value))).join('\\') };
  const bytes = Buffer.alloc(numbers.length * ({ US: 2, UL: 4 }[vr as string] ?? 8));
  for (const [n, value] of numbers.entries()) {
    if (vr === 'US') bytes.writeUInt16LE(value & 0xffff, n * 2);
    else if (vr === 'UL') bytes.writeUInt32LE(value >>> 0, n * 4);
    else bytes.writeDoubleLE(value, n * 8);
  }
  return { attribute, bytes };
}

/** DICOM has sixteen characters for a number. */
function decimalString(value: number): string {
  for (let digits = 16; digits > 1; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return '0';
}
