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

/** @throws CommandError unless the version is three numbers */
export function refuseOddVersion(version: string): void {
  if (/^(?:(?:0|[1-9]\d*)(?:\.(?!$)|$)){3}$/.test(version)) return;
  throw new CommandError(`${version} is no version of a release: name it 1.2.3.`);
}

/** A program may start a workflow, but not a release: what is published cannot be taken back. @throws CommandError */
export function refuseProgram(eventFile: string): void {
  const { success, output } = v.safeParse(event, existsSync(eventFile) ? readFileSync(eventFile, 'utf8') : '');
  if (!success)
    throw new CommandError(
      `GITHUB_EVENT_PATH does not say who started this (${eventFile}): only a workflow publishes.`,
    );
  const { login, type } = output.sender;
  if (type !== 'User' || login.endsWith('[bot]'))
    throw new CommandError(`${login}, which is a program, started this: a person has to.`);
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
      `CHANGELOG.md does not say what is new in ${version}: give it a section "## ${version}", and merge that.`,
    );
}

/** GitHub would keep a tag that somebody else made, and the package would be of another commit. @throws CommandError */
export async function refuseTagged(version: string, root: string): Promise<void> {
  const { code } = await runProgram('git', ['rev-parse', '--quiet', '--verify', `refs/tags/v${version}`], {
    directory: root,
  });
  if (code === 0) throw new CommandError(`There is a tag v${version} already: release another version, or delete it.`);
}
