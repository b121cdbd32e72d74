import type { Scaling } from '../volume/geometry/scaling.ts';
import type { Grid, Volume, VolumeFacts } from '../volume/volume.ts';
import { borderContact } from './border.ts';
import { brainMask, shareInOnePiece } from './brain-mask.ts';
import { type ConfidenceSigns, confidenceOf, confidenceTerms, LEAST_CONFIDENCE } from './confidence.ts';
import { Histogram } from './grid/histogram.ts';
import type { Mask } from './grid/morphology.ts';
import { brightVesselShare, isSkullStripped } from './head-signs.ts';
import { measureStructures } from './measure-structures.ts';
import { countTissues, intensitiesOf, measureTissue } from './measure-tissue.ts';
import type { ConfidenceTerm, HeadMeasurements } from './measured.ts';
import { findMidline, type Midline } from './midline.ts';
import { headNotices } from './notices.ts';
import { diceByLabel } from './overlap.ts';
import { countBySide, splitBySide } from './sides.ts';
import { greyStructures, modelLabels, tissueCodes, whiteStructures } from './structures.ts';
import { segmentTissue, type TissueSegmentation } from './tissue/segment-tissue.ts';
import { unexplainedFluid } from './unexplained-fluid.ts';

/** What the models saw of a head, all on the grid of the brain's box, 1 mm. */
export interface HeadLooks {
  /** 0–255. */
  volume: Volume;
  /** How a grey value is told in the units of the file. */
  scaling: Scaling;
  /** The grid of the file. */
  scan: Grid;
  facts: VolumeFacts;
  /** Labels of the model of the brain, and of two models of structures. */
  brain: Uint8Array;
  structures: Uint8Array;
  second: Uint8Array;
}

export interface MeasuredHead {
  measurements: HeadMeasurements;
  mask: Mask;
  /** Codes of `tissue.nii.gz`. */
  tissue: Uint8Array;
  /** Codes of `structures.nii.gz`. */
  structures: Uint8Array;
}

/** With more of the brain's surface at the border of the field of view than this, a part of the brain is missing. */
const PARTIAL = 0.01;
/** A share of bright vessels above this shows a contrast agent. */
const CONTRAST_AGENT = 0.003;
/** The models of structures have to see this share of grey and white matter, or they do not know this head. */
const LEAST_STRUCTURES = 0.7;
const HIGHEST_LABEL = Math.max(...Object.values(modelLabels));

/** Everything that is measured of a head, and its label maps. Below the least confidence, and of a partial head, there are no numbers. */
export function measureHead(looks: HeadLooks): MeasuredHead {
  const { volume, structures, second, facts } = looks;
  const { dimensions, data } = volume;
  const mask = brainMask(looks.brain, dimensions, structures);
  const tissue = segmentTissue(data, mask, structures, dimensions);
  const structuresSeen = shareOfTissue(structures, tissue);
  const midline = findMidline(structuresSeen < LEAST_STRUCTURES ? tissue.classes : structures, dimensions);
  const overlap = diceByLabel(structures, second, HIGHEST_LABEL);
  const signs = signsOf(looks, mask, tissue, overlap, midline);
  const confidence_terms = confidenceTerms(signs);
  const confidence = confidenceOf(confidence_terms);
  const reason = whyNothing(signs, confidence, confidence_terms);
  const { white } = tissue.means;
  return {
    mask,
    tissue: tissue.classes,
    structures: splitBySide(structures, dimensions, midline),
    measurements: {
      facts,
      tissue_path: tissue.path,
      ...measureTissue(tissue, reason),
      intensities: intensitiesOf(data, tissue.classes, looks.scaling),
      structures: measureStructures({
        first: countBySide(structures, dimensions, midline, HIGHEST_LABEL),
        second: countBySide(second, dimensions, midline, HIGHEST_LABEL),
        overlap,
        sides: facts.sides,
        reason:
          reason ??
          (structuresSeen < LEAST_STRUCTURES
            ? `the model of structures sees only ${Math.round(100 * structuresSeen)} % of the brain`
            : undefined),
      }),
      quality: {
        snr: white / tissue.means.noise,
        cnr: signs.contrast,
        border_contact: signs.border_contact,
      },
      confidence,
      confidence_terms,
      notices: headNotices(signs, tissue, facts, reason),
    },
  };
}

function signsOf(
  { volume, scan, facts, brain, structures }: HeadLooks,
  mask: Mask,
  tissue: TissueSegmentation,
  overlap: Float64Array,
  midline: Midline,
): ConfidenceSigns {
  const { dimensions, data } = volume;
  const { white, grey, noise } = tissue.means;
  const counts = countTissues(tissue.classes);
  const looksEnhanced = brightVesselShare(data, mask, dimensions, shadedWhite(data, tissue)) > CONTRAST_AGENT;
  return {
    contrast: (white - grey) / noise,
    agreement: agreementOf(structures, tissue.classes),
    second_look: meanOf(overlap.subarray(1)),
    paths_differ: tissue.otherwise && 1 - tissueOverlap(tissue.classes, tissue.otherwise),
    in_one_piece: shareInOnePiece(brain, dimensions),
    unexplained_fluid_ml: unexplainedFluid(tissue.classes, structures, mask, dimensions, midline) / 1000,
    border_contact: borderContact(mask, volume, scan),
    voxel_mm: Math.max(...facts.voxel_mm),
    brain_ml: (counts.white + counts.grey) / 1000,
    contrast_agent: facts.contrast_agent === 'yes' || looksEnhanced,
    skull_stripped: isSkullStripped(data, mask, dimensions),
  };
}

/** The mixture's means are those of values without shading; vessels are looked for in those with it. */
function shadedWhite(values: Float32Array, { classes }: TissueSegmentation): number {
  return Histogram.of(values, (at) => classes[at] === tissueCodes.white).median();
}

function whyNothing(
  { border_contact }: ConfidenceSigns,
  confidence: number,
  terms: readonly ConfidenceTerm[],
): string | undefined {
  if (border_contact > PARTIAL) {
    return `the brain reaches the border of the field of view (${(100 * border_contact).toFixed(1)} % of its surface), so a part of it is missing`;
  }
  if (confidence >= LEAST_CONFIDENCE) return undefined;
  const lowest = [...terms].sort((one, other) => one.value - other.value).slice(0, 2);
  const words = lowest.map(({ name, value }) => `${name.replaceAll('_', ' ')} ${value.toFixed(2)}`);
  return `the confidence is ${confidence.toFixed(2)}, below ${LEAST_CONFIDENCE}, mostly for ${words.join(' and ')}`;
}

/** How much of the grey and white matter has a structure. */
function shareOfTissue(structures: Uint8Array, { classes }: TissueSegmentation): number {
  let [all, seen] = [0, 0];
  for (let at = 0; at < classes.length; at++) {
    if (classes[at] !== tissueCodes.white && classes[at] !== tissueCodes.grey) continue;
    all++;
    if (structures[at] !== 0) seen++;
  }
  return all === 0 ? 0 : seen / all;
}

/** Dice's coefficient of what is white, and of what is grey, by structure and by intensity; structures that are neither left out. */
function agreementOf(structures: Uint8Array, classes: Uint8Array): number {
  const expected = new Uint8Array(HIGHEST_LABEL + 1);
  for (const name of whiteStructures) expected[modelLabels[name]] = tissueCodes.white;
  for (const name of greyStructures) expected[modelLabels[name]] = tissueCodes.grey;
  return tissueOverlap(
    structures.map((label) => expected[label] as number),
    classes,
  );
}

function tissueOverlap(one: Uint8Array, other: Uint8Array): number {
  const dice = diceByLabel(one, other, tissueCodes.csf);
  return meanOf(Float64Array.of(dice[tissueCodes.white] as number, dice[tissueCodes.grey] as number));
}

/** What is not there on either side agrees in nothing. */
function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) / values.length;
}
