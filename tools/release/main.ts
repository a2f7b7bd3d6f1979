import { join } from 'node:path';
import { EXIT, runAsProcess, type Command } from '../../src/cli/command';
import { UsageError } from '../../src/cli/usage-error';
import { refuseProgram, refuseUnmerged, refuseUntold, versionOf } from './refusals';

const HELP = `Says whether a tag may be published: a person pushed it, it names a version, CHANGELOG.md tells what is new in that version, and
the commit is on main.

Usage: npx tsx tools/release/main.ts TAG

Environment:
  GITHUB_EVENT_PATH   what happened, as a workflow is told

Examples:
  npx tsx tools/release/main.ts "$GITHUB_REF_NAME"

Exit codes: 0 it may, 2 it may not.
`;

/** @param root the checkout of the tag */
export function releaseCommand(root: string): Command {
  return {
    help: HELP,
    run: async ([tag, ...more], { stdout }) => {
      if (tag === undefined || more.length > 0) throw new UsageError('Name one tag.');
      const version = versionOf(tag);
      refuseProgram(process.env.GITHUB_EVENT_PATH ?? '');
      refuseUntold(version, root);
      await refuseUnmerged(root);
      stdout.write(`${version} may be published.\n`);
      return EXIT.success;
    },
  };
}

if (require.main === module) runAsProcess(releaseCommand(join(__dirname, '../..')));
