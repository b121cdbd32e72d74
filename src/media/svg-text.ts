/** Words as SVG takes them, in text and in attributes. */
export function svgText(words: string): string {
  return words.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
