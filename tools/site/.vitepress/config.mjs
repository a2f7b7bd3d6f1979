import { resolve } from 'node:path';
import { defineConfig } from 'vitepress';
import { githubLinks, githubSlug } from '../links';
import { rewrites, sidebar } from '../navigation';

const ROOT = resolve(import.meta.dirname, '../../..');

export default defineConfig({
  title: 'cdktf-payment-pipeline',
  description: 'Payments checked against a fraud API, in strict order per account, as one CDKTF construct',
  lang: 'en-US',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: ROOT,
  srcExclude: ['!(docs|examples)/**/*.md'],
  rewrites: rewrites(),
  outDir: resolve(ROOT, 'dist/site'),
  cacheDir: resolve(ROOT, 'node_modules/.cache/vitepress'),
  markdown: {
    anchor: { slugify: githubSlug },
    config: (markdown) => githubLinks(process.env.SITE_SOURCE || undefined)(markdown),
  },
  themeConfig: {
    nav: [{ text: 'Documentation', link: '/docs/' }],
    sidebar: sidebar(),
    outline: [2, 3],
    search: {
      provider: 'local',
      // The specification repeats what the other pages explain.
      options: {
        _render: (text, env, markdown) => (env.relativePath.startsWith('docs/spec/') ? '' : markdown.render(text, env)),
      },
    },
  },
});
