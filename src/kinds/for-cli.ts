import type { AnswerView, KindView } from '../cli/kind-view.ts';
import { measurementView } from './measurement/cli/view.ts';
import { techniqueView } from './technique/cli/view.ts';

const views: Readonly<Record<string, KindView>> = {
  technique: techniqueView,
  measurement: measurementView,
};

const plain: KindView = {
  read: (api, job) => api.get(job.links.result ?? `/api/jobs/${job.id}/result`),
  show: (terminal, result) => terminal.answer(JSON.stringify(result, null, 2)),
  report: () => undefined,
};

export function viewOfKind(kind: string): KindView {
  return (Object.hasOwn(views, kind) && views[kind]) || plain;
}

/** Of every kind that asks people. */
export const answerViews: readonly AnswerView[] = Object.values(views).flatMap(({ answer }) => answer ?? []);
