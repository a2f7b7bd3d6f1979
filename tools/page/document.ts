import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Marked, type Tokens } from 'marked';
import { client, hashOf } from './html';

const ROOT = join(__dirname, '../..');

/** A page of this project's documentation, by its path. No part of a path begins with a dot. */
const DOCUMENT = /^\/docs(\/[\w-]+)+\.md$/;

const marked = new Marked({
  renderer: {
    heading({ tokens, depth, text }: Tokens.Heading) {
      return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
  },
});

/** A page of the documentation as HTML, so that a runbook is a click away. @returns undefined when there is none at this path */
export function renderDocument(path: string): string | undefined {
  const file = join(ROOT, path);
  if (!DOCUMENT.test(path) || !existsSync(file)) return undefined;
  const { style } = client();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(style)}'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${path.slice(1)}</title>
<style>${style}</style>
</head>
<body>
<main class="document">
<p class="note"><a href="/">Payment pipeline</a> / ${path.slice(1)}</p>
${marked.parse(readFileSync(file, 'utf8'), { async: false })}</main>
</body>
</html>
`;
}

/** The anchors that GitHub makes of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
