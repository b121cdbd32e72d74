/** What a video lacks of what it promised. */
export interface VideoDamage {
  frame_count: number;
  /** Frames that the file lists and does not hold. */
  missing_frames: number;
  /** Places that could not be decoded cleanly. */
  corrupt_frames: number;
}

/** In sentences for whoever reads the findings: a heading and what follows it. Empty for a sound file. */
export function damageInWords({ frame_count, missing_frames, corrupt_frames }: VideoDamage) {
  const told: { title: string; text: string }[] = [];
  if (missing_frames > 0) {
    told.push({
      title: 'The file is cut off:',
      text: `it lists ${frame_count + missing_frames} frames, but only ${frame_count} are in it. All that is said here is of those; upload the whole file to have the rest analysed.`,
    });
  }
  if (corrupt_frames > 0) {
    const places = corrupt_frames === 1 ? 'one place' : `${corrupt_frames} places`;
    told.push({
      title: 'The file is damaged:',
      text: `${places} could not be decoded cleanly. What is seen there may be missing or wrong.`,
    });
  }
  return told;
}
