import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, runAsProcess, type Command } from '../../src/cli/command';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { thisProject } from '../kit/project';
import { checkContents, PackageContentsError } from './contents';
import { build, pack } from './package-file';

const DESTINATION = 'dist/js';

const HELP = `Bundles the functions, compiles, and packs the npm package into ${DESTINATION}, which stays as it is when the package lacks a file
that its package.json promises or its code imports.

Usage: npx projen package

Examples:
  npx projen package

Exit codes: 0 packed, 1 the package is not complete, 2 it was not built. Behind npx projen every failure is 1.
`;

export const packaging: Command = {
  help: HELP,
  run: async (args, { stdout, stderr }) => {
    parseArgs({ args, options: {} });
    return inTemporaryDirectory(async (directory) => {
      await build(stderr);
      const packed = await pack(thisProject.root, directory);
      try {
        const contents = checkContents(packed);
        const file = join(DESTINATION, basename(packed.tarball));
        mkdirSync(join(thisProject.root, DESTINATION), { recursive: true });
        copyFileSync(packed.tarball, join(thisProject.root, file));
        stdout.write(`${file}: ${contents}.\n`);
        return EXIT.success;
      } catch (error) {
        if (!(error instanceof PackageContentsError)) throw error;
        stderr.write(`${error.message}\n`);
        return EXIT.failed;
      }
    });
  },
};

if (require.main === module) runAsProcess(packaging);
