import { githubLinks, githubSlug, siteAddress } from '../../../tools/site/links';

const PAGES = new Set(['README.md', 'docs/README.md', 'docs/how-to/deploy.md', 'docs/decisions/README.md']);
const SOURCE = 'https://example.com/blob/v1.2.3';

test.each([
  ['deploy.md#variables', 'deploy.md#variables'],
  ['../README.md', '../index.md'],
  ['../../README.md#start', '../../index.md#start'],
  ['../decisions/', '../decisions/index.md'],
  ['../decisions', '../decisions/index.md'],
  ['#below', '#below'],
  ['https://example.com/README.md', 'https://example.com/README.md'],
  ['../../projenrc/lanes.ts', `${SOURCE}/projenrc/lanes.ts`],
  ['../../tools/kit/', `${SOURCE}/tools/kit`],
  ['missing.md', 'missing.md'],
])('%s leads to %s', (address, expected) => {
  expect(siteAddress('docs/how-to/deploy.md', address, PAGES, SOURCE)).toBe(expected);
});

test('a link to a file that is no page is text when nobody knows where the files are', () => {
  const rules: Parameters<Parameters<ReturnType<typeof githubLinks>>[0]['core']['ruler']['push']>[1][] = [];
  const link = (href: string) => ({ type: 'link_open', children: null, attrs: [['href', href]] as [string, string][] });
  const links = [link('../projenrc/lanes.ts'), link('README.md')];
  githubLinks(undefined)({ core: { ruler: { push: (_name, rule) => rules.push(rule) } } });
  rules[0]!({ tokens: [{ type: 'inline', children: links, attrs: null }], env: { relativePath: 'docs/index.md' } });

  expect(links.map(({ attrs }) => attrs)).toEqual([null, [['href', 'index.md']]]);
});

test.each([
  ['What the `hold` does, and why', 'what-the-hold-does-and-why'],
  ['ADR-001: One queue', 'adr-001-one-queue'],
  ['TF_VAR_x & y', 'tf_var_x--y'],
])('the anchor of "%s" is that of GitHub', (heading, slug) => {
  expect(githubSlug(heading.replaceAll('`', ''))).toBe(slug);
});
