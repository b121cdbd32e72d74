import type { KindView } from '../../../cli/kind-view.ts';
import type { CutResult } from '../analysis/cut-to-fit.ts';
import { defanged, scanReport } from '../answers/report.ts';

export const scanView: KindView = {
  analyze: { examples: ['invoice.zip --kind scan'] },
  read: (api, { id }) => api.get(`/api/jobs/${encodeURIComponent(id)}/result`),
  show(terminal, read) {
    const result = read as CutResult;
    terminal.answer(`${result.verdict}, score ${result.score}`);
    const findings = result.stages
      .flatMap((stage) => stage.findings)
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score);
    for (const { score, title, where, evidence } of findings.slice(0, 10)) {
      const at = where.offset === undefined ? '' : ` at byte ${where.offset}`;
      terminal.answer(
        `${String(score).padStart(5)}  ${title}: ${where.path}${at}${evidence ? `, ${defanged(evidence)}` : ''}`,
      );
    }
    if (findings.length > 10) terminal.answer(`       and ${findings.length - 10} more`);
    for (const { name, value, path } of result.limits)
      terminal.answer(`Not all was looked at: the limit ${name} of ${value} was reached in ${path}`);
    for (const { name, reasons } of result.stages)
      for (const reason of [...new Set(reasons)].slice(0, 3))
        terminal.answer(`Not looked at (${name}): ${defanged(reason)}`);
  },
  report: (result) => scanReport(result as CutResult),
};
