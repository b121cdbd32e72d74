import { actionsInto, type Ending } from '../../../../src/cli/command-context.ts';
import { exitCodes } from '../../../../src/cli/exit-codes.ts';
import { CliFailure } from '../../../../src/cli/failures.ts';
import { buildProgram } from '../../../../src/cli/program.ts';
import { kinds } from '../../../../src/domain/kinds/index.ts';
import { knowledgeCommand } from '../../../../src/kinds/mri/cli/knowledge.ts';

/** The command with what the kind adds to it. */
const ending: Ending = { code: exitCodes.success };
const view = { read: async () => ({}), show() {}, report: () => undefined, commands: [knowledgeCommand] };
try {
  await buildProgram(
    actionsInto(ending, { definitions: kinds, views: { mri: view } }, new AbortController().signal),
  ).parseAsync();
  process.exitCode = ending.code;
} catch (error) {
  if (!(error instanceof CliFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
