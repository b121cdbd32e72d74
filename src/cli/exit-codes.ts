/** What the shell is told. Documented in `--help` and `docs/cli.md`; scripts rely on it, so never renumber. */
export const exitCodes = {
  success: 0,
  /** The job failed or was cancelled, or the server could not do what was asked. */
  failed: 1,
  /** A wrong command line, file, option or id: trying again unchanged cannot help. */
  usage: 2,
  /** The job waits for a person's answer. */
  needsAssist: 3,
  unreachable: 4,
  /** The job's answer is there, but not all of its files could be written to `--out`. */
  incomplete: 5,
  /** 128 + SIGINT, as shells expect. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeHelp = `Exit codes:
  0    success
  1    the job failed or was cancelled
  2    wrong command line, file or option, or the server refused the request
  3    the job waits for a person's answer (needs assist)
  4    the server cannot be reached, or the stack here is not running
  5    the answer is there, but --out could not be written whole
  130  interrupted (Ctrl-C)`;
