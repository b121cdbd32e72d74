import type { KindView } from '../../../cli/kind-view.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import type { AssistAsk } from '../answers/question.ts';
import {
  answerSentence,
  figureOf,
  measurementReport,
  type ReportedMeasurement,
  sidesOf,
  whatLowers,
} from '../answers/report.ts';
import { answerOf, answerOptions } from './answer.ts';

/** `GET /api/analyses/{id}`; the parts printed here. */
export interface MeasurementAnswer extends ReportedMeasurement {
  status: string;
  version: number | null;
  scale: { px_per_mm: number; source: string } | null;
  images: Record<'original' | 'preview' | 'annotated' | 'rectified', { key: string; url: string } | null>;
  assist: { due_at: string; assignee: string | null; answered_by: string | null } | null;
}

export const measurementView: KindView = {
  analyze: { examples: ['--kind measurement phone-with-aruco.jpg'] },
  read: (api, { id }) => api.get(`/api/analyses/${encodeURIComponent(id)}`),
  show: (terminal, result) => showMeasurement(terminal, result as MeasurementAnswer),
  report(result, { file_name, phase }) {
    if (phase !== 'succeeded') return undefined;
    return measurementReport(result as MeasurementAnswer, { file_name, pictures: 'measuring/' });
  },
  answer: {
    options: answerOptions,
    examples: [
      '--corners 779,319,632,294,656,148,804,173 --size-mm 50',
      '--value 1:width=85,height=168 --note "by caliper"',
    ],
    hint: '--corners … | --outline … | --value …',
    answerOf,
    show: (terminal, { ask, current }) =>
      showQuestion(terminal, ask as Question, current as MeasurementAnswer),
  },
};

/** What an answer is drawn on, and by. */
type Question = Pick<AssistAsk, 'image' | 'objects' | 'needs_reference' | 'reference_size_mm'>;

function showQuestion(terminal: Terminal, question: Question, { images }: MeasurementAnswer): void {
  const { image, objects, needs_reference, reference_size_mm } = question;
  terminal.answer(`image: ${image.width} × ${image.height} pixels, upright`);
  if (needs_reference && reference_size_mm !== undefined)
    terminal.answer(`reference: of ${reference_size_mm} mm, unless --size-mm says otherwise`);
  for (const { n, corners } of objects) terminal.answer(`object ${n} within ${corners.join('  ')}`);
  for (const [name, linked] of Object.entries(images))
    if (linked) terminal.answer(`${`${name}:`.padEnd(13)} ${linked.url}`);
}

export function showMeasurement(terminal: Terminal, answer: MeasurementAnswer): void {
  const { status, version, scale, measurements, assist, reasons, answers } = answer;
  if (version === null) {
    terminal.answer('Nothing measured yet.');
    return;
  }
  const by = version === 1 ? 'by the machine' : `as ${assist?.answered_by ?? 'a person'} put it right`;
  terminal.answer(terminal.paint('bold', `Measurements, ${by}`));
  if (measurements.length === 0) terminal.answer('  no object was found');
  for (const { n, confidence, machine, ...sizes } of measurements) {
    terminal.answer(`  ${n}: ${terminal.paint('bold', sidesOf(sizes))}`);
    const said = `confidence ${confidence.toFixed(2)}`;
    terminal.answer(
      terminal.paint(
        'dim',
        `     area ${figureOf(sizes.area)}, perimeter ${figureOf(sizes.perimeter)}, ${said}`,
      ),
    );
    if (machine) terminal.answer(terminal.paint('dim', `     the machine’s: ${sidesOf(machine)}`));
  }
  if (scale) terminal.answer(`scale: ${scale.px_per_mm.toFixed(2)} pixels a millimetre, by ${scale.source}`);
  if (assist) {
    terminal.answer(`A person ${status === 'needs_assist' ? 'is' : 'was'} asked, because:`);
    for (const { message } of reasons) terminal.answer(`  - ${message}`);
  }
  const lowered = whatLowers(answer);
  if (lowered.length > 0) terminal.answer('What lowers the confidence:');
  for (const line of lowered) terminal.answer(`  - ${line}`);
  for (const answered of answers) terminal.answer(`${answerSentence(answered)}.`);
  terminal.answer();
}
