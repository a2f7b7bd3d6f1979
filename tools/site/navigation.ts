import { dirname, join, normalize } from 'node:path';
import { type Document, documents, pageText } from '../kit/documents';

/** The page that lists the others. */
const CONTENTS = 'docs/README.md';

/** An entry of VitePress's sidebar. */
export interface SidebarItem {
  readonly text: string;
  /** Relative to the site's root. */
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly SidebarItem[];
}

/** Files by the names that the site gives them: a README is the index of its folder. */
export function rewrites(pages: readonly Document[] = documents()): Readonly<Record<string, string>> {
  const indexes = pages.map(({ file }) => file).filter((file) => isIndex(file));
  return Object.fromEntries(indexes.map((file) => [file, file.replace(/README\.md$/, 'index.md')]));
}

/** The sections of docs/README.md with the pages that they link. A README among them brings the pages of its folder, which it links. */
export function sidebar(pages: readonly Document[] = documents()): SidebarItem[] {
  const titles = new Map(pages.map(({ file, headings }) => [file, plain(headings[0] ?? file)]));
  const item = (file: string, text: string): SidebarItem => {
    const children = isIndex(file) ? childrenOf(file).filter((child) => titles.has(child)) : [];
    return {
      text,
      link: `/${file.replace(/README\.md$/, '').replace(/\.md$/, '.html')}`,
      ...(children.length > 0 && { collapsed: true, items: children.map((child) => item(child, titles.get(child)!)) }),
    };
  };

  const [start = '', ...sections] = pageText(CONTENTS).split(/^## /m);
  const contents = ['Start\n' + start, ...sections].map((section) => ({
    text: section.slice(0, section.indexOf('\n')),
    items: linksOf(CONTENTS, section)
      .filter(({ file }) => titles.has(file))
      .map(({ file, text }) => item(file, text)),
  }));
  const listed = new Set(contents.flatMap(({ items }) => items.map(({ link }) => link)));
  const project = pages
    .filter(({ file }) => !file.startsWith('docs/') && file !== 'README.md')
    .map(({ file }) => item(file, titles.get(file)!))
    .filter(({ link }) => !listed.has(link));
  return [...contents.filter(({ items }) => items.length > 0), { text: 'Project', items: project }];
}

function isIndex(file: string): boolean {
  return /(^|\/)README\.md$/.test(file);
}

function childrenOf(index: string): string[] {
  const links = linksOf(index, pageText(index)).map(({ file }) => file);
  return [...new Set(links)].filter((file) => file !== index && file.startsWith(`${dirname(index)}/`));
}

/** Links to pages, not to sections of them. */
function linksOf(page: string, text: string): { file: string; text: string }[] {
  return [...text.matchAll(/\[([^\]]+)\]\(([^)\s#:]+\.md)\)/g)].map(([, words, path]) => ({
    file: normalize(join(dirname(page), path!)),
    text: plain(words!),
  }));
}

function plain(markdown: string): string {
  return markdown.replace(/`|\*\*/g, '');
}
