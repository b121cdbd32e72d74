/** Text that Markdown leaves as it is: a file's or a person's name must not become a link in a page. */
export function asText(name: string): string {
  return name.replace(/[\\`*_{}[\]()<>#+!|~-]/g, '\\$&');
}
