/**
 * How long an unfinished upload may be continued, in hours. A shorter grace for what no row claims doesn't take it
 * away: the sweep leaves uploads and their parts this long at least.
 */
export const uploadLifeHours = 24;
