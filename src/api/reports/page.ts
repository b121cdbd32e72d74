import { createHash } from 'node:crypto';
import MarkdownIt from 'markdown-it';

const style = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2rem; }
img { max-width: 100%; margin: .25rem 0; border-radius: .25rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #8888; padding: .25rem .5rem; text-align: left; }
pre { overflow-x: auto; }
footer { margin-top: 3rem; border-top: 1px solid #8888; font-size: .875rem; }
`;

/** HTML in the text is shown, not obeyed, and links are checked: a report holds words of whoever uploaded. */
const markdown = new MarkdownIt({ html: false });

/** Headings of one word are places that links within a report lead to, such as the sources that it cites. */
markdown.core.ruler.push('heading-ids', ({ tokens }) => {
  for (const [at, token] of tokens.entries()) {
    const words = tokens[at + 1]?.content ?? '';
    if (token.type === 'heading_open' && /^[a-z][a-z0-9-]{0,40}$/.test(words)) token.attrSet('id', words);
  }
});

export interface Page {
  title: string;
  /** Markdown. */
  text: string;
  /** Addresses by what is behind them, for the last line. */
  links?: Readonly<Record<string, string>>;
}

/** A page that needs nothing but itself and its pictures. */
export function pageOf({ title, text, links = {} }: Page): string {
  const escaped = markdown.utils.escapeHtml;
  const more = Object.entries(links).map(([name, href]) => `<a href="${escaped(href)}">${escaped(name)}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${markdown.render(text)}</main>
<footer>${more.join(' · ')}</footer>
</body>
</html>
`;
}

const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** No script, no frame, this one style; pictures from here and from where our links to S3 lead. */
export function policyOf(pictureOrigins: readonly string[] = []): string {
  const images = ["'self'", ...pictureOrigins].join(' ');
  return `default-src 'none'; style-src ${styleHash}; img-src ${images}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
