/**
 * The only containers that are opened, and the only protocol. Without this an uploaded playlist (HLS,
 * concat, DASH) could make FFmpeg read other files of the machine or call URLs.
 */
const acceptedDemuxers = [
  'mov',
  'mp4',
  'm4a',
  '3gp',
  '3g2',
  'mj2',
  'matroska',
  'webm',
  'avi',
  'mpegts',
  'mpeg',
];

export const demuxerOptions = {
  protocol_whitelist: 'file',
  format_whitelist: acceptedDemuxers.join(','),
  // A MOV can name other files as its media ("data references"); it may not.
  enable_drefs: '0',
  // Presentation times are worked out where the container keeps decoding times only (AVI, MPEG-PS).
  fflags: '+genpts',
} as const;
