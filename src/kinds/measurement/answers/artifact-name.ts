/**
 * The name of what a version of a measurement stores: `annotated.jpg` is the machine's, `annotated-2.jpg` the one after an
 * answer, `annotated-2.a3.jpg` that of the third attempt. What a late activity of an earlier attempt still writes is never
 * what a later one has written.
 */
export function measuredName(
  stem: string,
  ending: string,
  { version, attempt }: { version: number; attempt: number },
): string {
  const name = version === 1 ? stem : `${stem}-${version}`;
  return attempt === 1 ? `${name}.${ending}` : `${name}.a${attempt}.${ending}`;
}
