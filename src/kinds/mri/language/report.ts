import { asText } from '../../../domain/markdown.ts';
import { type HeadMeasurements, midlineStructures, sidedStructures } from '../analysis/measured.ts';
import type { Acquisition } from './acquisition.ts';
import { contrastWords } from './describe-head.ts';
import type { KnowledgeVersion, Norm, StoredPassage } from './passage.ts';
import { type Catalogue, fill, shortText } from './placeholders.ts';
import { quantityOf } from './quantities.ts';
import { notForDiagnosis, notLookedFor } from './standing-words.ts';

/** Who wrote a text, and why not the model where it was asked. */
export interface WrittenBy {
  by: 'model' | 'own';
  /** The model's name. */
  model: string | null;
  /** Why the model's text is not used, in a sentence; null where none was asked, or it is. */
  instead: string | null;
}

export interface ReportInput {
  measured: HeadMeasurements;
  catalogue: Catalogue;
  acquisition: Acquisition;
  description: WrittenBy & { text: string };
  /** The model's text after its checks, placeholders and citations still in it; null: the template's. */
  prose: string | null;
  writer: WrittenBy;
  /** Retrieved for this head; what is cited is listed at the end. */
  passages: readonly StoredPassage[];
  /** Those with a range for people of this age and sex. */
  norms: readonly StoredPassage[];
  knowledge: KnowledgeVersion;
  software: string;
  models: readonly { name: string; sha256: string }[];
  /** Pictures of the job, by the address they are shown from. */
  pictures: readonly { words: string; address: string }[];
}

/** How many of the retrieved passages the template tells. */
const mostTold = 8;

/**
 * The report in Markdown. What has to be said is said here, whoever wrote the prose; every value is a placeholder until the
 * last line fills them in.
 */
export function headReport(input: ReportInput): string {
  const { measured, catalogue, description, knowledge, pictures } = input;
  const prose = proseOf(input);
  const norms = normsOf(input);
  const cited = new Set([...`${prose}\n${norms}`.matchAll(/\[(k\d+)\]/g)].map(([, cite]) => cite));
  const sources = [...input.passages, ...input.norms].filter(
    ({ cite }, at, all) => cited.has(cite) && all.findIndex((one) => one.cite === cite) === at,
  );
  const parts = [
    `**${notForDiagnosis}** ${notLookedFor}`,
    '# Volumes of a head',
    ...pictures.map(({ words, address }) => `![${words}](${address})`),
    '## The image',
    factsOf(input),
    '## Quality',
    qualityOf(measured),
    '## Volumes',
    'Each value with one standard deviation. Volumes are in millilitres, the same as cubic centimetres.',
    tissueTable(),
    structureTable(measured),
    confidenceTable(measured),
    '## What is measured, and what is not',
    bullets([
      'The brain mask holds the cerebrum, the cerebellum, the brain stem and the fluid between and within them. It follows the brain’s surface.',
      'The brain mask is not the intracranial volume: the fluid between brain and skull is counted only where it lies within the mask. No volume here is divided by the size of the head.',
      'Grey and white matter are told apart by their brightness, the structures by a model of their shapes; the sum of the structures is therefore not the sum of the tissues.',
      notLookedFor,
    ]),
    '## Description',
    asText(description.text),
    byWhom('The description', description),
    '## What sources say',
    byWhom('This part', input.writer),
    prose,
    '## Ranges by age',
    norms,
    '## Versions',
    bullets([
      `Doubletake ${asText(input.software)}`,
      ...input.models.map(({ name, sha256 }) => `Model ${asText(name)}, SHA-256 \`${sha256}\``),
      `Knowledge base: version ${knowledge.version}, ${knowledge.passages} passages, SHA-256 \`${knowledge.sha256}\``,
    ]),
    ...(sources.length > 0 ? ['## Sources', ...sources.map(sourceOf)] : []),
    `**${notForDiagnosis}** ${notLookedFor}`,
  ];
  return `${linked(fill(parts.filter(Boolean).join('\n\n'), catalogue, asText), sources)}\n`;
}

const planeWords = (plane: string | null) => plane ?? 'none: the voxels are about as long as wide';

const sidesWords = {
  known: 'known',
  uncertain: 'uncertain, so no asymmetry is given',
  unknown: 'unknown, so no asymmetry is given and left and right may be exchanged',
} as const;

function factsOf({ measured: { facts }, acquisition, catalogue }: ReportInput): string {
  const { dimensions, plane, slices } = acquisition;
  const orUnknown = (name: string) => (catalogue.has(name) ? `{{m:${name}}}` : 'not recorded');
  const device = [facts.manufacturer, facts.model]
    .filter((word) => word !== null)
    .map((word) => asText(shortText(word)));
  return table(
    ['what', 'value'],
    [
      ['sequence', orUnknown('sequence')],
      ['weighting', 'T1'],
      ['field strength', orUnknown('field_strength_t')],
      ['scanner', device.join(' ') || 'not recorded'],
      ['voxel size', '{{m:voxel_mm}}'],
      ['grid', `${dimensions.join(' × ')} voxels, ${slices} slices`],
      ['plane', planeWords(plane)],
      ['contrast agent', contrastWords[facts.contrast_agent]],
      ['left and right', sidesWords[facts.sides]],
      ['orientation', sentence(facts.orientation_from)],
      [
        'convention',
        'radiological: the patient’s left is on the right of axial and coronal pictures, marked L and R',
      ],
      ['age', orUnknown('age_years')],
      ['sex', facts.sex ?? 'not recorded'],
    ],
  );
}

function qualityOf({ facts, notices }: HeadMeasurements): string {
  return [
    'Signal to noise {{m:snr}}; contrast to noise between grey and white matter {{m:cnr}}; share of the head at the border of the field of view {{m:border_contact_pct}}. Motion is not measured.',
    bullets([...facts.notices, ...notices].map(sentence)),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function tissueTable(): string {
  const row = (key: string) => {
    const { name } = quantityOf(key);
    return [name, `{{m:${key}_ml}}`];
  };
  return table(['within the brain mask', 'volume'], ['gm', 'wm', 'csf', 'brain'].map(row));
}

function structureTable({ facts }: HeadMeasurements): string {
  const known = facts.sides === 'known';
  const sided = sidedStructures.map((key) => [
    quantityOf(key).name,
    `{{m:${key}_left_ml}}`,
    `{{m:${key}_right_ml}}`,
    known ? `{{m:${key}_asymmetry_pct}}` : 'not given',
  ]);
  const middle = midlineStructures.map((key) => [quantityOf(key).name, `{{m:${key}_ml}}`, '', '']);
  const heads = known ? ['left, or middle', 'right'] : ['one side, or middle', 'other side'];
  return table(['structure', ...heads, 'asymmetry'], [...sided, ...middle]);
}

function confidenceTable({ confidence_terms, tissue_path }: HeadMeasurements): string {
  const path = {
    anchored: 'by brightness, anchored on the structures',
    mixture: 'by a mixture of three classes, since the anchors on the structures failed their check',
  }[tissue_path];
  return [
    `Confidence {{m:confidence}}: a score between 0 and 1, not a probability, and the product of these terms. The tissue was told apart ${path}.`,
    table(
      ['term', 'value'],
      confidence_terms.map(({ name, value }) => [asText(name.replaceAll('_', ' ')), value.toFixed(2)]),
    ),
  ].join('\n\n');
}

function byWhom(what: string, { by, model, instead }: WrittenBy): string {
  const name = model === null ? '' : ` ${asText(model)}`;
  if (by === 'model')
    return `*${what} was written by the language model${name} and checked by rules: it holds no value of the model’s own.*`;
  const why = instead === null ? '' : ` The model${name} was asked; ${sentence(instead)}`;
  return `*${what} was made by Doubletake itself, without a language model.${why}*`;
}

function proseOf({ prose, passages }: ReportInput): string {
  if (prose !== null) return asParagraphs(prose);
  if (passages.length === 0) return 'The knowledge base has no passage about this.';
  return bullets(
    passages
      .slice(0, mostTold)
      .map(({ gist, title, cite }) =>
        gist === null
          ? `About this: ${asText(title)} [${cite}].`
          : `${asText(gist).replace(/\.$/, '')} [${cite}].`,
      ),
  );
}

/** Only letters, a few marks, placeholders and citations have passed the checks. */
function asParagraphs(text: string): string {
  return text
    .split(/\n+/)
    .map((line) => line.trim().replace(/^[-–—]+\s*/, ''))
    .filter(Boolean)
    .join('\n\n');
}

function normsOf({ measured: { facts }, norms }: ReportInput): string {
  if (facts.age_years === null || facts.sex === null)
    return 'Age and sex are not both recorded, so no range is shown.';
  if (norms.length === 0) return 'The knowledge base has no range for this age and sex.';
  const rows = norms.flatMap((passage) => (passage.norm ? [normRow(passage, passage.norm)] : []));
  return [
    'What about 95 of 100 people of the source had, where its values follow a bell curve: mean ± 1.96 standard deviations. Other methods draw the borders of a brain elsewhere, so a value of theirs is comparable with one here only in its order of magnitude.',
    table(['volume', 'here', 'range of the source', 'people', 'method of the source', 'source'], rows),
  ].join('\n\n');
}

function normRow({ cite, verified }: StoredPassage, one: Norm): string[] {
  const { quantity, mean, sd, age_from, age_to, sex, method } = one;
  const [low, high] = [mean - 1.96 * sd, mean + 1.96 * sd].map((value) => value.toFixed(0));
  return [
    quantityOf(quantity.replace(/_ml$/, '')).name,
    `{{m:${quantity}}}`,
    `${low} to ${high} ml`,
    `${sex}, ${age_from} to ${age_to} years`,
    asText(method),
    `[${cite}]${verified ? '' : ' (figures not checked against it)'}`,
  ];
}

/** Each under a heading of its own, so that a citation can lead there. */
function sourceOf({ cite, title, source, url, licence, verified }: StoredPassage): string {
  const where = url === null ? '' : ` <${encodeURI(decodedOrSame(url))}>.`;
  const unchecked = verified ? '' : ' **Its figures were not checked against the source.**';
  return `### ${cite}\n\n${asText(title)}. ${sentence(source)}${where} Text of the passage: ${asText(licence)}.${unchecked}`;
}

function decodedOrSame(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

/** Citations become links to the list at the end. */
function linked(markdown: string, sources: readonly StoredPassage[]): string {
  const known = new Set(sources.map(({ cite }) => cite));
  return markdown.replace(/\[(k\d+)\](?!\()/g, (written, cite: string) =>
    known.has(cite) ? `[${cite}](#${cite})` : written,
  );
}

function sentence(text: string): string {
  return `${asText(text.trim()).replace(/\.$/, '')}.`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
