import { normalised, problemsOf } from '../../kinds/mri/language/check-text.ts';
import type { KnowledgeVersion } from '../../kinds/mri/language/passage.ts';
import { placeholdersOf } from '../../kinds/mri/language/placeholders.ts';
import { reportPrompt } from '../../kinds/mri/language/prompts.ts';
import { headReport, type ReportInput } from '../../kinds/mri/language/report.ts';
import type { LanguageClient } from '../../language/client.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobReference } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { checkedText, type Sent, type TextRun } from './checked-text.ts';
import { type DescribedImage, type MeasuredHead, type TextSummary, told } from './describe.ts';
import type { AskKnowledge, KnowledgeForHead } from './knowledge.ts';

export interface EnhancedReport {
  /** Markdown. */
  text: string;
  run: TextRun;
  sent: Sent | null;
  knowledge: KnowledgeVersion;
  vectors: KnowledgeForHead['vectors'];
  /** Citations of the passages that were retrieved. */
  retrieved: string[];
}

export interface WriteEnhancedReportNeeds {
  /** The configured language model; absent: the template. */
  language?: LanguageClient;
  askKnowledge: AskKnowledge;
  readHead(job: JobReference): Promise<MeasuredHead>;
  readDescription(job: JobReference): Promise<Pick<DescribedImage, 'text' | 'run'>>;
  /** Pictures of the job for the report, by their lasting addresses. */
  readPictures(job: JobReference): Promise<ReportInput['pictures']>;
  /** Writes `enhanced_report` with how it came to be; repeated, it is written once. */
  keepReport(job: JobReference, report: EnhancedReport): Promise<void>;
  log: ActivityLog;
}

/**
 * The report with its sources, by the configured model within our frame, or by the template.
 * @throws EndpointUnavailable, EndpointNonsense while it may still become better
 */
export function makeWriteEnhancedReport(needs: WriteEnhancedReportNeeds) {
  const { language, askKnowledge, readHead, readDescription, readPictures, keepReport, log } = needs;

  return async function writeEnhancedReport(job: JobReference): Promise<TextSummary> {
    return whileHeartbeating(async (signal) => {
      const { measured, acquisition, models, software } = await readHead(job);
      const description = await readDescription(job);
      const { version, passages, norms, vectors } = await askKnowledge(measured, signal);
      const catalogue = placeholdersOf(measured);
      const { text, run, sent } = await checkedText(
        passages.length > 0 ? language : undefined,
        reportPrompt({ measured, catalogue, description: description.text, passages }),
        (draft) => problemsOf(draft, { measured, catalogue, passages }),
        { signal },
      );
      const report: EnhancedReport = {
        text: headReport({
          ...{ measured, catalogue, acquisition, passages, norms, knowledge: version, models },
          description: { text: description.text, ...writtenBy(description.run) },
          prose: text === null ? null : normalised(text),
          writer: writtenBy(run),
          software,
          pictures: await readPictures(job),
        }),
        ...{ run, knowledge: version, vectors },
        sent:
          language && sent !== null
            ? { to: language.host, model: language.model, text: sent, images: [] }
            : null,
        retrieved: passages.map(({ cite }) => cite),
      };
      await keepReport(job, report);
      return told(log, job, 'The report is written', run, language);
    });
  };
}

function writtenBy({ path, model, instead }: TextRun) {
  return { by: path, model, instead };
}
