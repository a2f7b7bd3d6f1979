import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { documents, ROOT } from '../kit/documents';

/** The part of markdown-it's token that is used here. */
interface Token {
  readonly type: string;
  readonly children: Token[] | null;
  attrs: [string, string][] | null;
}

interface MarkdownIt {
  readonly core: {
    readonly ruler: {
      push: (name: string, rule: (state: { tokens: Token[]; env: { relativePath?: string } }) => void) => void;
    };
  };
}

/**
 * Makes links that are right on GitHub right on the site.
 * @param source address of the project's files, such as `https://github.com/OWNER/NAME/blob/v1.2.3`. Without it a link to a file that is no
 * page becomes text
 */
export function githubLinks(source: string | undefined) {
  const pages = new Set(documents().map(({ file }) => file));
  return (markdown: MarkdownIt): void => {
    markdown.core.ruler.push('github-links', ({ tokens, env }) => {
      const page = (env.relativePath ?? '').replace(/index\.md$/, 'README.md');
      for (const token of tokens.flatMap(({ children }) => children ?? [])) {
        const link = token.attrs?.find(([name]) => name === 'href');
        if (token.type !== 'link_open' || link === undefined) continue;
        const address = siteAddress(page, link[1], pages, source);
        if (address === undefined) token.attrs = null;
        else link[1] = address;
      }
    });
  };
}

/** @returns nothing if the site does not have the target */
export function siteAddress(
  page: string,
  address: string,
  pages: ReadonlySet<string>,
  source: string | undefined,
): string | undefined {
  if (/^([a-z]+:|#)/.test(address)) return address;
  const [path = '', anchor] = address.split('#');
  const file = normalize(join(dirname(page), decodeURI(path))).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (pages.has(file)) return `${path.replace(/README\.md$/, 'index.md')}${hash}`;
  if (pages.has(`${file}/README.md`)) return `${path.replace(/\/?$/, '/')}index.md${hash}`;
  if (!existsSync(join(ROOT, file))) return address; // VitePress reports it
  return source === undefined ? undefined : `${source}/${file}${hash}`;
}

/** The anchor that GitHub gives a heading. */
export function githubSlug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
