/** A source cannot be read now; the message is a clause for the camera's owner, without any address. */
export class SourceAway extends Error {}
