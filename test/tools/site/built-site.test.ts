import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inTemporaryDirectory } from '../../../src/cli/temporary-directory';
import { faultsOf } from '../../../tools/site/built-site';

const SITE = {
  'index.html':
    '<link rel="stylesheet" href="/p/a.css"><script src="/p/a.js"></script><a href="./docs/b.html#two">b</a> <a href="https://example.com/x">x</a>',
  'docs/b.html':
    '<h2 id="two">2</h2><a href="/p/">home</a><a href="./../index.html">home</a><img src="data:image/png;base64,">',
  'a.css': '@font-face { src: url(/p/font.woff2) }',
  'a.js': 'fetch("/p/hashmap.json"); const home = "https://example.com";',
};

async function faults(changed: Record<string, string> = {}): Promise<string[]> {
  return inTemporaryDirectory((directory) => {
    for (const [file, text] of Object.entries({ ...SITE, ...changed })) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), text);
    }
    return Promise.resolve(faultsOf(directory, '/p/'));
  });
}

test('links to pages, anchors and other hosts are right', async () => {
  expect(await faults()).toEqual([]);
});

test.each([
  [
    'a page that is missing',
    { 'c.html': '<a href="./d.html">d</a>' },
    'c.html leads to ./d.html, which the site lacks',
  ],
  ['a path outside the site', { 'c.html': '<a href="/">/</a>' }, 'c.html leads to /, which the site lacks'],
  [
    'an anchor',
    { 'c.html': '<a href="docs/b.html#three">3</a>' },
    'c.html leads to docs/b.html#three, a page without this anchor',
  ],
  [
    'a script',
    { 'c.html': '<script defer src="https://cdn.example/x.js"></script>' },
    'c.html loads https://cdn.example/x.js from another host',
  ],
  [
    'a picture',
    { 'c.html': '<img alt="a" src="//cdn.example/x.png">' },
    'c.html loads //cdn.example/x.png from another host',
  ],
  [
    'a style',
    { 'c.html': '<link href="http://cdn.example/x.css" rel="stylesheet">' },
    'c.html loads http://cdn.example/x.css from another host',
  ],
  [
    'a font',
    { 'c.css': 'src:url("https://cdn.example/x.woff2")' },
    'c.css loads https://cdn.example/x.woff2 from another host',
  ],
  ['an import', { 'c.css': '@import "//cdn.example/x.css";' }, 'c.css loads //cdn.example/x.css from another host'],
  [
    'a request',
    { 'c.js': 'await fetch(`https://api.example/x`)' },
    'c.js loads https://api.example/x from another host',
  ],
  ['code', { 'c.js': 'import("https://cdn.example/x.js")' }, 'c.js loads https://cdn.example/x.js from another host'],
])('%s is found', async (_what, changed: Record<string, string>, fault) => {
  expect(await faults(changed)).toEqual([fault]);
});
