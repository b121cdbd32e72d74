/** An event of a history, or several, as text with the payloads' own text in it. */
export function readableEvent(event: unknown): string {
  // As JSON of its own making, a payload is Base64.
  return JSON.stringify(event).replaceAll(/"data":"([A-Za-z0-9+/=]*)"/g, (_whole, base64: string) =>
    Buffer.from(base64, 'base64').toString(),
  );
}
