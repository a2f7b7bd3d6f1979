import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXIT } from '../../src/cli/command-error';
import { program, runAsProcess } from '../../src/cli/program';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { thisProject } from '../kit/project';
import { checkContents } from './contents';
import { build, pack } from './package-file';

const DESTINATION = 'dist/js';

export const packaging = program('npx projen package', {
  description: [
    `Bundle the functions, compile, and pack the npm package into ${DESTINATION}.`,
    'That directory stays as it is when the package lacks a file that its package.json promises or its code imports.',
  ],
  exitCodes: { success: 'packed', failed: 'the package is not complete', usageError: 'it was not built' },
  examples: ['npx projen package'],
}).work((_options, { stdout, stderr }) =>
  inTemporaryDirectory(async (directory) => {
    await build(stderr);
    const packed = await pack(thisProject.root, directory);
    const contents = checkContents(packed);
    const file = join(DESTINATION, basename(packed.tarball));
    mkdirSync(join(thisProject.root, DESTINATION), { recursive: true });
    copyFileSync(packed.tarball, join(thisProject.root, file));
    stdout.write(`${file}: ${contents}.\n`);
    return EXIT.success;
  }),
);

if (require.main === module) runAsProcess(packaging);
