import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Document, documents, pageText, ROOT, savedFiles } from '../../tools/kit/documents';

/** Made by a command, and not there in a fresh clone. */
const GENERATED = /^(assets|cdktf\.out|coverage|dist|lib|node_modules|\.e2e|\.runs|\.venv)(\/|$)/;

const pages = documents();
const sources = ['.ci', 'docs', 'examples', 'projenrc', 'src', 'test', 'tools'].flatMap(filesIn);

test('there are pages to look at', () => {
  expect(pages.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/decisions/README.md']),
  );
  expect(pages.flatMap(linksOf).length).toBeGreaterThan(50);
});

describe.each(pages)('$file', (page) => {
  test('leads where it says', () => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  test('speaks of files that are there', () => {
    const saved = Object.keys(savedFiles(pageText(page.file)));
    const told = page.quoted.filter(isOurFile).filter((file) => !saved.includes(file));
    expect(told.filter((file) => !isThere(file))).toEqual([]);
  });

  test('speaks of variables and codes that the sources have', () => {
    const named = page.quoted.filter((code) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(code));
    expect(named.filter((name) => !allText().includes(name))).toEqual([]);
  });
});

/** Relative ones; absolute ones are not checked. */
function linksOf({ prose }: Document): string[] {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: Document, link: string): boolean {
  const [path, anchor] = link.split('#') as [string, string | undefined];
  const file = path === '' ? page.file : normalize(join(dirname(page.file), path));
  if (file.startsWith('..') || GENERATED.test(file) || !existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(pages.find((other) => other.file === file)).includes(anchor);
}

/** The anchors that GitHub makes of the headings. */
function anchorsOf(page: Document | undefined): string[] {
  const slugs = (page?.headings ?? []).map((heading) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
  return slugs.map((slug, index) => {
    const before = slugs.slice(0, index).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** A path, or at least a file's name, rather than something else with a slash or a dot in it. */
function isOurFile(code: string): boolean {
  if (GENERATED.test(code)) return false;
  return (
    /^(\.ci|docs|examples|projenrc|src|test|tools)\/[\w./-]+$/.test(code) ||
    /^[a-z.][\w.-]*(\/[\w.-]+)*(\.(md|mjs|ts)|\/)$/.test(code)
  );
}

function isThere(file: string): boolean {
  if (existsSync(join(ROOT, file))) return true;
  const tail = `/${file.replace(/\/$/, '')}`;
  return sources.some((source) => source.endsWith(tail) || (file.endsWith('/') && source.includes(`${tail}/`)));
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

let text: string | undefined;

function allText(): string {
  text ??= sources
    .filter((file) => /\.(ts|mjs|py)$|\.ci\/run$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return text;
}
