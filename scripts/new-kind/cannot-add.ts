/** Why no kind was added, and what to do about it. Nothing has been written. */
export class CannotAdd extends Error {}
