import type { TermName } from '../../outcome.ts';

/** Where a term's score is 1, where it is 0.7 and where it is 0; straight lines between. */
export interface Threshold {
  full: number;
  gate: number;
  none: number;
}

/**
 * Heuristics, each with its reason. 0.7 is the gate's default, so `gate` is the worst that passes unasked.
 * `docs/accuracy.md` shows what they let through.
 */
export const thresholds: Readonly<Record<TermName, Threshold>> = {
  /** Side in pixels. A module of a 5 × 5 marker is a seventh of it: under four pixels the sides' edges run together. */
  marker_size: { full: 60, gate: 28, none: 14 },
  /** Misfit, as a share, of the corners to a flat square seen by an ordinary lens: bent paper, a false corner. */
  marker_squareness: { full: 0.03, gate: 0.08, none: 0.15 },
  /** Degrees between the line of sight and the plane's normal: from here on a pixel's error grows by 1 / cos² and more. */
  tilt: { full: 45, gate: 60, none: 72 },
  /** Misfit, as a share of the side, of all markers to one plane: more than their corners' error is another plane. */
  reference_agreement: { full: 0.004, gate: 0.01, none: 0.025 },
  /** Distance, as a share of the side, of edge points from the straight sides or the ellipse: crumpled, covered, not it. */
  reference_fit: { full: 0.006, gate: 0.015, none: 0.03 },
  /**
   * How far the rounding cuts a card's corner off, in pixels: from 2 on, `reference/card.ts` tells it from a sharp corner.
   * Without it any rectangle is a card seen from some side: a square marker, from 51°.
   */
  card_corners: { full: 2, gate: 2, none: 0.5 },
  /** The object's shorter side in pixels: an edge is known to a few tenths of a pixel, twice. */
  resolution: { full: 60, gate: 25, none: 8 },
  /** Area over hull: an outline all bays and spikes is often two things, or a reflection. */
  outline_solidity: { full: 0.5, gate: 0.3, none: 0.1 },
  /** Share of the outline with a sharp edge to the table. */
  edge_clarity: { full: 0.97, gate: 0.88, none: 0.7 },
  /** Share of the outline at the border of the picture: what is cut off is measured too small. */
  border_contact: { full: 0, gate: 0.004, none: 0.02 },
  /** Share of the area that belongs to it only by a lenient idea of where it ends: a shadow, a pale part. */
  ambiguity: { full: 0.03, gate: 0.08, none: 0.2 },
  /** Error to expect, as a share, from the reference's corners alone: grows with the distance from a small reference. */
  plane_distance: { full: 0.006, gate: 0.025, none: 0.055 },
};

const GATE = 0.7;

/** 0–1; see `thresholds`. */
export function scoreOf(name: TermName, value: number): number {
  const { full, gate, none } = thresholds[name];
  const between = (from: number, to: number) =>
    from === to ? 1 : Math.min(1, Math.max(0, (value - to) / (from - to)));
  const isBeyondGate = full > none ? value >= gate : value <= gate;
  const score = isBeyondGate ? GATE + (1 - GATE) * between(full, gate) : GATE * between(gate, none);
  return Math.round(score * 1000) / 1000;
}
