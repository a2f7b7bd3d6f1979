import { codeBlocks, pageText } from './documents';

const README = pageText('README.md');

/** The page's program. */
export const [README_APP = ''] = codeBlocks(README, 'ts');

/** The packages that its reader installs: the packed file, and the peers with their versions. */
export const [README_PACKAGES = []] = packagesInstalledBy(README);

/** Other peers for the same program. */
export const [PROVIDER_6_PACKAGES = [], TERRAIN_PACKAGES = []] = packagesInstalledBy(
  pageText('docs/explanation/ecosystems.md'),
);

/** What each command of a page installs that installs this package: the packed file is the first. */
function packagesInstalledBy(page: string): (readonly string[])[] {
  return codeBlocks(page, 'sh')
    .flatMap((block) => /^npm install (\S*cdktf-payment-pipeline[^]*)$/m.exec(block)?.[1] ?? [])
    .map((packages) => packages.split(/[\s\\]+/).filter((name) => name !== ''));
}
