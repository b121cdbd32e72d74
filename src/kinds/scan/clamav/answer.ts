import type { StageFinding } from '../analysis/findings.ts';
import type { StageReport } from '../analysis/stage.ts';

const MALICIOUS = 1000;
/** Programs that nobody may want, and what ClamAV itself only supposes. */
const SUSPICIOUS = 300;
const MAX_NAME = 200;

/** What `clamd` answered, when it answered that it could not. */
export class ClamdFailure extends Error {
  readonly timedOut: boolean;
  constructor(message: string, { timedOut = false }: { timedOut?: boolean } = {}) {
    super(message);
    this.timedOut = timedOut;
  }
}

/**
 * What an answer to INSTREAM means.
 * @throws ClamdFailure for an answer that says nothing of the file
 */
export function readAnswer(answer: string): StageReport {
  const text = answer.replace(/\0[\s\S]*$/, '').trim();
  if (/^INSTREAM size limit exceeded/i.test(text))
    return {
      findings: [],
      incomplete: ['ClamAV takes no file of this size (StreamMaxLength in its configuration).'],
    };
  const said = /^[^:]{1,60}:\s(.*)$/.exec(text)?.[1];
  if (said === 'OK') return { findings: [] };
  const found = /^(.+) FOUND$/.exec(said ?? '')?.[1];
  if (found === undefined) throw new ClamdFailure(`ClamAV answered: ${text.slice(0, MAX_NAME) || 'nothing'}`);
  return readFound(found);
}

function readFound(found: string): StageReport {
  // With ExtendedDetectionInfo, a hash and a size follow; what is from a database of one's own is marked.
  const name = found
    .replace(/\([\da-f]{32}:\d+\)$/i, '')
    .replace(/\.UNOFFICIAL$/, '')
    .slice(0, MAX_NAME);
  const incomplete = whyIncomplete(name);
  return incomplete === undefined
    ? { findings: [findingOf(name, found)] }
    : { findings: [], incomplete: [incomplete] };
}

/** Names that stand for what ClamAV did not look at. */
function whyIncomplete(name: string): string | undefined {
  if (name.startsWith('Heuristics.Limits.Exceeded'))
    return `ClamAV did not look at all of it: one of its limits was reached (${name}).`;
  if (name.startsWith('Heuristics.Encrypted'))
    return `ClamAV could not look into it: it is encrypted (${name}).`;
  if (name === '(null)') return 'ClamAV stopped without a name for what it found, as it does at its limits.';
  return undefined;
}

function findingOf(name: string, evidence: string): StageFinding {
  const isSupposed = /^(?:PUA|Heuristics)\./.test(name);
  return {
    id: `clamav.${name.replaceAll(/[^\w.:/-]/g, '_')}`,
    evidence,
    kind: {
      title: isSupposed ? `ClamAV supposes: ${name}` : `ClamAV knows it: ${name}`,
      score: isSupposed ? SUSPICIOUS : MALICIOUS,
    },
  };
}
