import type { Level } from '../../finding.ts';
import { metricTitles } from '../../technique-titles.ts';
import type { MetricName } from '../metrics/metric.ts';

/** A sentence by metric and level, `{value}` being what was measured. */
const sentences: Readonly<Record<MetricName, Readonly<Record<Level, string>>>> = {
  head_stability: {
    low: 'The head stays quiet on the shoulders: it moves by {value}.',
    medium: 'The head moves on the shoulders by {value}: worth a look whether the eyes stay level.',
    high: 'The head moves a lot on the shoulders, by {value}. Work on keeping it still and the eyes level.',
  },
  balance_drift: {
    low: 'The weight stays over the feet: it wanders by {value}.',
    medium: 'The weight wanders over the feet by {value}: worth a look at the worst moments.',
    high: 'The weight leaves its place over the feet by {value}. Work on staying balanced through the movement.',
  },
  knee_brace: {
    low: 'The front knee stays firm: it bends no more than {value} on the standing foot.',
    medium: 'The front knee gives way to {value} on the standing foot: worth a look at the landing.',
    high: 'The front knee collapses to {value} on the standing foot. Work on a firmer front leg.',
  },
  hip_shoulder_separation: {
    low: 'Shoulders and hips stay together as far as this view shows: {value} apart.',
    medium: 'Shoulders and hips come {value} apart in this view: worth a look.',
    high: 'Shoulders and hips come {value} apart in this view, enough to load the lower back. Look at the alignment of hips and shoulders first.',
  },
  elbow_drop: {
    low: 'The elbow of the raised arm stays up: {value}.',
    medium: 'The elbow of the raised arm hangs {value}: worth a look.',
    high: 'The elbow of the raised arm drops {value}. Work on keeping it at shoulder height.',
  },
};

/** Where the option turned the threshold round (small is worse), the sentences above would say the opposite. */
const turnedRound: Readonly<Record<Level, string>> = {
  low: '{title}: {value}, as much as was asked for.',
  medium: '{title}: {value}, less than was asked for; worth a look.',
  high: '{title}: {value}, much less than was asked for. Work on it first.',
};

export function messageFor(
  name: MetricName,
  level: Level,
  value: number,
  unit: string,
  smallIsWorse: boolean,
): string {
  const sentence = smallIsWorse ? turnedRound[level] : sentences[name][level];
  return sentence.replace('{title}', metricTitles[name]).replace('{value}', inWords(name, value, unit));
}

/** For what a repeated knee bend brings with it; see `exercise.ts`. */
export function exerciseMessage(name: MetricName, value: number, unit: string, repetitions: number): string {
  const what = inWords(name, value, unit);
  return name === 'knee_brace'
    ? `The knee bends to ${what} in ${repetitions} repetitions: bending is the exercise here, so it is not judged as a weak brace.`
    : `The elbow of the raised arm hangs ${what}: in ${repetitions} repetitions of a knee bend the arms keep the balance, so it is not judged as a dropped elbow.`;
}

/** An adult's torso is about half a metre; written as "about" since nobody measured this one. */
const CM_A_TORSO = 50;

export function inWords(name: MetricName, value: number, unit: string): string {
  if (unit === 'degrees') return degrees(value);
  const length = `${Math.abs(value).toFixed(2)} torso lengths (about ${Math.round(Math.abs(value) * CM_A_TORSO)} cm on an adult)`;
  if (name !== 'elbow_drop') return length;
  return value > 0 ? `${length} below the shoulder` : `${length} above the shoulder`;
}

function degrees(value: number): string {
  return `${Math.round(value)}°`;
}
