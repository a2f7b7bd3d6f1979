import { join } from 'node:path';
import { EXIT } from '../../src/cli/command-error';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { refuseOddVersion, refuseProgram, refuseTagged, refuseUntold } from './refusals';

/** @param root the checkout of main */
export function releaseCommand(root: string): Program {
  return program('npx tsx tools/release/main.ts', {
    description:
      'Check that a version may be published. A person started it, CHANGELOG.md tells what is new in it, and it has no tag yet.',
    lists: { Environment: { GITHUB_EVENT_PATH: 'the file of the event, which a workflow is given' } },
    exitCodes: { success: 'it may', usageError: 'it may not' },
    examples: ['npx tsx tools/release/main.ts "$VERSION"'],
  })
    .argument('<version>', 'such as 1.2.3')
    .work(async (_options, { stdout }, version: string) => {
      refuseOddVersion(version);
      refuseProgram(process.env.GITHUB_EVENT_PATH ?? '');
      refuseUntold(version, root);
      await refuseTagged(version, root);
      stdout.write(`${version} may be published.\n`);
      return EXIT.success;
    });
}

if (require.main === module) runAsProcess(releaseCommand(join(__dirname, '../..')));
