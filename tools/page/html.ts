import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { PageModel } from './model';

/** Whether the page follows a server, or is a file. */
export type PageKind = 'live' | 'saved';

/** Browsers that know `light-dark()`. */
const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];

/**
 * Makes the page with the model in it. It needs nothing else: its policy forbids every request, except that a live page
 * talks to its own server.
 */
export function renderPage(model: PageModel, kind: PageKind): string {
  const { script, style } = client();
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    ...(kind === 'live' ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    'img-src data:',
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en"${kind === 'live' ? ' data-live' : ''}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Payment pipeline</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="model">${jsonInScript(model)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that cannot end its element, or begin a comment in it: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

interface Client {
  readonly script: string;
  readonly style: string;
}

let built: Client | undefined;

/** The page's program and its style, each in one piece. A terminal's Ctrl-C also ends esbuild's process: call it before, if the page is made after. */
export function client(): Client {
  built ??= build();
  return built;
}

function build(): Client {
  const { outputFiles } = buildSync({
    absWorkingDir: join(__dirname, 'client'),
    entryPoints: ['main.ts', 'page.css'],
    outdir: 'out',
    write: false,
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'iife',
    target: BROWSERS,
    legalComments: 'inline',
    logLevel: 'warning',
  });
  const text = (extension: string) => {
    const { text: content } = outputFiles.find(({ path }) => path.endsWith(extension))!;
    if (/<\/(script|style)/i.test(content)) throw new Error(`The page's ${extension} file would end its element.`);
    return content.trim();
  };
  return { script: text('.js'), style: text('.css') };
}

/** Names a script or style in the page's policy. */
export function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
