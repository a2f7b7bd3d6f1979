import { documents } from '../../../tools/kit/documents';
import { rewrites, sidebar, type SidebarItem } from '../../../tools/site/navigation';

function addressesOf(items: readonly SidebarItem[]): string[] {
  return items.flatMap(({ link, items: inner = [] }) => [...(link === undefined ? [] : [link]), ...addressesOf(inner)]);
}

test('the sidebar has every page', () => {
  const pages = documents().map(({ file }) => `/${file.replace(/README\.md$/, '').replace(/\.md$/, '.html')}`);
  const home = ['/', '/docs/']; // the title and the navigation bar lead there

  expect(pages.filter((page) => !home.includes(page) && !addressesOf(sidebar()).includes(page))).toEqual([]);
});

test('it has the sections of docs/README.md, each with the pages that the section links', () => {
  const sections = sidebar();
  const items = Object.fromEntries(sections.map(({ text, items = [] }) => [text, items]));

  expect(sections.map(({ text }) => text)).toEqual(expect.arrayContaining(['How-to guides', 'Explanation', 'Project']));
  expect(items['How-to guides']).toContainEqual({ text: 'Deploy', link: '/docs/how-to/deploy.html' });
  expect(items.Explanation).not.toContainEqual(expect.objectContaining({ link: '/docs/how-to/deploy.html' }));
});

test('the README of a folder brings the pages that it links, under their own titles', () => {
  const decisions = sidebar()
    .flatMap(({ items = [] }) => items)
    .find(({ link }) => link === '/docs/decisions/');

  expect(decisions).toMatchObject({ text: 'Decisions', collapsed: true });
  expect(decisions?.items).toContainEqual({
    text: 'ADR-001: The account is the message group of one FIFO queue',
    link: '/docs/decisions/001-account-as-message-group.html',
  });
});

test('a README is the index of its folder', () => {
  expect(rewrites()).toMatchObject({ 'README.md': 'index.md', 'docs/decisions/README.md': 'docs/decisions/index.md' });
});
