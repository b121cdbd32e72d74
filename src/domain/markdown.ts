/** On one line, and left as it is by Markdown: a file's or a person's name must not become a link in a page. */
export function asText(name: string): string {
  return name.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~]|^ ?[-+]/g, '\\$&');
}
