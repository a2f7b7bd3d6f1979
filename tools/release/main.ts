import { join } from 'node:path';
import { EXIT } from '../../src/cli/command-error';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { refuseProgram, refuseUnmerged, refuseUntold, versionOf } from './refusals';

/** @param root the checkout of the tag */
export function releaseCommand(root: string): Program {
  return program('npx tsx tools/release/main.ts', {
    description:
      'Check that a tag may be published. A person pushed it, it names a version, CHANGELOG.md tells what is new in that version, and the commit is on main.',
    lists: { Environment: { GITHUB_EVENT_PATH: 'the file of the event, which a workflow is given' } },
    exitCodes: { success: 'it may', usageError: 'it may not' },
    examples: ['npx tsx tools/release/main.ts "$GITHUB_REF_NAME"'],
  })
    .argument('<tag>', 'such as v1.2.3')
    .work(async (_options, { stdout }, tag: string) => {
      const version = versionOf(tag);
      refuseProgram(process.env.GITHUB_EVENT_PATH ?? '');
      refuseUntold(version, root);
      await refuseUnmerged(root);
      stdout.write(`${version} may be published.\n`);
      return EXIT.success;
    });
}

if (require.main === module) runAsProcess(releaseCommand(join(__dirname, '../..')));
