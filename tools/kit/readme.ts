import { codeBlocks, pageText } from './documents';

const README = pageText('README.md');

/** The page's program. */
export const [README_APP = ''] = codeBlocks(README, 'ts');

/** The packages that its reader installs: the packed file, and the peers with their versions. */
export const README_PACKAGES: readonly string[] = codeBlocks(README, 'sh')
  .flatMap((block) => /^npm install (\S*cdktf-payment-pipeline[^]*)$/m.exec(block)?.[1] ?? [])
  .flatMap((packages) => packages.split(/[\s\\]+/).filter((name) => name !== ''));
