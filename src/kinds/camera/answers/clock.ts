/** Words for moments, by the clock of a time zone. */
export interface WallClock {
  /** `2026-11-29` */
  day(at: Date): string;
  /** `17:04:09` */
  time(at: Date): string;
}

/** @param timeZone IANA, such as `Europe/Berlin` */
export function clockOf(timeZone: string): WallClock {
  // Swedish writes dates and times as ISO 8601 does.
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'medium' });
  return { day: (at) => day.format(at), time: (at) => time.format(at) };
}
