import type { KindView } from '../../../cli/kind-view.ts';
import { table } from '../../../cli/show/table.ts';
import type { HeadMeasurements, Measured, SidedVolumes } from '../analysis/measured.ts';
import { notForDiagnosis } from '../language/standing-words.ts';
import { knowledgeCommand } from './knowledge.ts';

interface Read {
  result: (HeadMeasurements & { not_for_diagnosis: true }) | null;
  report: string | undefined;
}

export const mriView: KindView = {
  analyze: { examples: ['head.nii.gz --kind mri', 'series.zip --kind mri'] },
  commands: [knowledgeCommand],
  async read(api, { id, phase }): Promise<Read> {
    const path = encodeURIComponent(id);
    const { items } = await api.get<{ items: { enhanced_report: string | null }[] }>(
      `/api/analysis-jobs/${path}/results`,
    );
    const result = phase === 'succeeded' ? await api.get<Read['result']>(`/api/jobs/${path}/result`) : null;
    return {
      result,
      report: items.findLast(({ enhanced_report }) => enhanced_report)?.enhanced_report ?? undefined,
    };
  },
  show(terminal, read) {
    const { result } = read as Read;
    terminal.answer(notForDiagnosis);
    if (!result) return;
    terminal.answer(`confidence ${result.confidence.toFixed(2)}`);
    const sided = Object.entries(result.structures).map(([name, volumes]) => {
      const { left, right, middle } = volumes as Partial<SidedVolumes> & { middle?: Measured };
      return middle ? [words(name), '', '', shown(middle)] : [words(name), shown(left), shown(right), ''];
    });
    const tissue = Object.entries(result.tissue).map(([name, value]) => [
      words(name.replace('_ml', '')),
      '',
      '',
      shown(value),
    ]);
    for (const line of table(['ml', 'left', 'right', 'whole'], [...tissue, ...sided])) terminal.answer(line);
    for (const notice of result.notices) terminal.answer(notice);
  },
  report: (read) => (read as Read).report,
};

const words = (name: string) => name.replaceAll('_', ' ');

function shown(measured: Measured | undefined): string {
  if (!measured) return '';
  if (measured.value === null) return 'not measurable';
  const { value, uncertainty } = measured;
  return uncertainty === null ? value.toFixed(1) : `${value.toFixed(1)} ± ${uncertainty.toFixed(1)}`;
}
