/** Pictures a report shows, by the names they have beside it. */
const beside = /(!\[[^\]\n]*\]\()(evidence-\d+\.jpg\))/g;

/** The report with its pictures looked for at `base` (ends in a slash), for a reader who has it from elsewhere. */
export function picturesAt(base: string, markdown: string): string {
  return markdown.replace(beside, (_, open: string, name: string) => `${open}${base}${name}`);
}
