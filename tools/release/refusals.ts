import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { runProgram } from '../kit/processes';
import { CommandError } from '../../src/cli/command-error';

const event = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ sender: v.object({ login: v.string(), type: v.string() }) }),
);

/** @returns the version. @throws CommandError unless the tag is `v` and three numbers */
export function versionOf(tag: string): string {
  const [, version] = /^v((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))$/.exec(tag) ?? [];
  if (version !== undefined) return version;
  throw new CommandError(`The tag ${tag} is no release: name it v1.2.3, with the version's numbers.`);
}

/** A program may make a tag, but not a release: what is published cannot be taken back. @throws CommandError */
export function refuseProgram(eventFile: string): void {
  const { success, output } = v.safeParse(event, existsSync(eventFile) ? readFileSync(eventFile, 'utf8') : '');
  if (!success)
    throw new CommandError(
      `GITHUB_EVENT_PATH does not say who made the tag (${eventFile}): only a workflow publishes.`,
    );
  const { login, type } = output.sender;
  if (type !== 'User' || login.endsWith('[bot]'))
    throw new CommandError(`The tag is by ${login}, which is a program: a person has to push it.`);
}

/** @throws CommandError */
export function refuseUntold(version: string, root: string): void {
  const lines = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split('\n');
  const begins = lines.findIndex(
    (line) => line.replace(/[[\]]/g, '').split(/\s/).slice(0, 2).join(' ') === `## ${version}`,
  );
  const told =
    begins !== -1 &&
    lines
      .slice(begins + 1)
      .join('\n')
      .split(/^## /m, 1)[0]!
      .trim() !== '';
  if (!told)
    throw new CommandError(
      `CHANGELOG.md does not say what is new in ${version}: give it a section "## ${version}", merge that, and tag it again.`,
    );
}

/** Refuses to publish code that was not reviewed. @throws CommandError */
export async function refuseUnmerged(root: string): Promise<void> {
  const { code } = await runProgram('git', ['merge-base', '--is-ancestor', 'HEAD', 'origin/main'], { directory: root });
  if (code !== 0) throw new CommandError('The tagged commit is not on main: tag one that is.');
}
