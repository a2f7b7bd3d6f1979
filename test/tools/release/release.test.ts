import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseCommand } from '../../../tools/release/main';
import { newDirectory } from '../../../tools/kit/new-directory';
import { run } from '../../../tools/kit/command-run';

const PERSON = { login: 'ada', type: 'User' };
const CHANGES = '# Changes\n\n## 1.2.3 (2026-01-01)\n\n- More.\n\n## 1.2.2\n\n## 1.2.1\n\n- Less.\n';

interface Tagged {
  readonly sender?: object;
  readonly changes?: string;
  readonly merged?: boolean;
}

/** A checkout of a tag, with the event that a workflow is told of. */
function tagged({ sender = PERSON, changes = CHANGES, merged = true }: Tagged = {}): string {
  const root = newDirectory();
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args],
      { cwd: root },
    );
  writeFileSync(join(root, 'CHANGELOG.md'), changes);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'main');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  if (!merged) git('commit', '--quiet', '--allow-empty', '-m', 'elsewhere');
  process.env.GITHUB_EVENT_PATH = join(root, 'event.json');
  writeFileSync(join(root, 'event.json'), JSON.stringify({ sender }));
  return root;
}

afterEach(() => {
  delete process.env.GITHUB_EVENT_PATH;
});

test('a tag of a person on main, with what is new in it, may be published', async () => {
  expect(await run(releaseCommand(tagged()), 'v1.2.3')).toEqual({
    code: 0,
    stdout: '1.2.3 may be published.\n',
    stderr: '',
  });
});

test.each<[string, string, Tagged, RegExp]>([
  ['a tag that is no version', 'v1.2', {}, /tag v1\.2 is no release: name it v1\.2\.3/],
  ['a version before a release', 'v1.2.3-rc.1', {}, /is no release/],
  ['a program', 'v1.2.3', { sender: { login: 'renovate', type: 'Bot' } }, /The tag is by renovate, which is a program/],
  [
    'a program that is called a user',
    'v1.2.3',
    { sender: { login: 'x[bot]', type: 'User' } },
    /by x\[bot\], which is a program/,
  ],
  ['no sender', 'v1.2.3', { sender: {} }, /does not say who made the tag/],
  ['a version without a word', 'v1.3.0', {}, /CHANGELOG\.md does not say what is new in 1\.3\.0/],
  ['a version with an empty section', 'v1.2.2', {}, /does not say what is new in 1\.2\.2/],
  ['a commit that is not on main', 'v1.2.3', { merged: false }, /not on main/],
])('%s may not', async (_what, tag, world, sentence) => {
  const { code, stdout, stderr } = await run(releaseCommand(tagged(world)), tag);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
