import { expect, test } from '@jest/globals';
import { analyse } from '../../../../../src/kinds/technique/analysis/analyse.ts';
import { attachEvidence } from '../../../../../src/kinds/technique/analysis/findings/attach-evidence.ts';
import { writeReport } from '../../../../../src/kinds/technique/analysis/report/write-report.ts';
import { picturesAt } from '../../../../../src/kinds/technique/report-pictures.ts';
import { contextOf, film, type Posture } from '../stick-figure.ts';

function reportOf(
  posture: (time: number, i: number) => Posture | null,
  options = {},
  name = 'net session.mp4',
) {
  const sequence = film(90, posture);
  return writeReport(analyse(sequence, contextOf(sequence, options)), { file_name: name });
}

test('the report tells what was seen, what comes first, how sure it is, what is missing, the numbers and how to read it', () => {
  const report = reportOf((time) => ({ head: { x: 0.4 * Math.sin(4 * time), y: 0 } }));
  expect(report.sections.map(({ title }) => title)).toEqual([
    'In short',
    'What to work on first',
    'What we saw',
    'How sure we are',
    'What could not be measured',
    'The numbers',
    'How to read this',
  ]);
  expect(report.overall_level).toBe('high');
  expect(report.text).toMatch(/^# Technique: net session\.mp4 \(every frame\)\n/);
  expect(report.text).toMatch(/All 90 frames were looked at; the player is seen in 90 of them \(100 %\)/);
  expect(report.text).toMatch(/1\. \*\*First:\*\* The head moves a lot on the shoulders/);
  expect(report.text).toMatch(/See \d\.\d s, \d\.\d s and \d\.\d s\./);
  expect(report.text).toMatch(/\*\*Elbow drop\*\*: no arm is raised/);
  expect(report.text).toMatch(/thresholds are heuristics/);
  for (const { title, text } of report.sections) expect(report.text).toContain(`## ${title}\n\n${text}`);
});

test('nothing over a threshold: the coach is told to leave it', () => {
  const report = reportOf(() => ({}));
  expect(report.overall_level).toBe('low');
  expect(report.text).toMatch(/Nothing that was measured is over a threshold/);
});

test('too little seen: no metric has a number, and the way out is named', () => {
  const { text, sections } = reportOf((_, i) => (i < 10 ? {} : null));
  expect(text).toMatch(/10 of 90 frames \(11\.1 %\); at least 30 % are needed\. Film again/);
  expect(text).toMatch(/None of the five metrics, nor repetitions/);
  expect(sections.map(({ title }) => title)).not.toContain('The numbers');
});

test('what of the recording could not be read is said at once', () => {
  const sequence = film(90, () => ({}));
  const context = contextOf(sequence, {});
  const said = (video: object) =>
    writeReport(analyse(sequence, { ...context, video: { ...context.video, ...video } }), {
      file_name: 'a.mp4',
    }).text;
  expect(said({})).not.toMatch(/cut off|damaged/);
  expect(said({ missing_frames: 30 })).toMatch(
    /\*\*The file is cut off:\*\* it lists 120 frames, but only 90 are in it/,
  );
  expect(said({ corrupt_frames: 1 })).toMatch(/\*\*The file is damaged:\*\* one place could not/);
});

test('a file name is text, not Markdown', () => {
  expect(reportOf(() => ({}), {}, '[x](http://a)\n# <b>.mp4').text.split('\n')[0]).toBe(
    '# Technique: \\[x\\](http://a) \\# \\<b\\>.mp4 (every frame)',
  );
});

test('each evidence picture is named under its finding', () => {
  const sequence = film(90, (time) => ({ head: { x: 0.4 * Math.sin(4 * time), y: 0 } }));
  const measured = analyse(sequence, contextOf(sequence, {}));
  const worst = measured.findings.findings.flatMap(({ evidence }) => evidence.worst_frames);
  const drawn = worst.slice(0, 2).map(({ time_s }, i) => ({
    time_s,
    artifact_key: `jobs/5f0c/deep/evidence-0${i + 1}.jpg`,
  }));
  const findings = attachEvidence(measured.findings, drawn);
  const { text } = writeReport({ ...measured, findings }, { file_name: 'a.mp4' });
  expect(text).toMatch(
    /## In pictures\n\n\*\*Steady head\*\*\n\n!\[Steady head at \d\.\d s, evidence-01\.jpg\]\(evidence-01\.jpg\)\n/,
  );
  expect(picturesAt('deep/', text)).toContain('](deep/evidence-02.jpg)');
});
