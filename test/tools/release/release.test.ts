import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseCommand } from '../../../tools/release/main';
import { newDirectory } from '../../../tools/kit/new-directory';
import { run } from '../../../tools/kit/command-run';

const PERSON = { login: 'ada', type: 'User' };
const CHANGES = '# Changes\n\n## 1.2.3 (2026-01-01)\n\n- More.\n\n## 1.2.2\n\n## 1.2.1\n\n- Less.\n';

interface World {
  readonly sender?: object;
  readonly tag?: string;
}

/** A checkout of main, with the event that a workflow is told of. */
function checkout({ sender = PERSON, tag = 'v1.2.1' }: World = {}): string {
  const root = newDirectory();
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args],
      { cwd: root },
    );
  writeFileSync(join(root, 'CHANGELOG.md'), CHANGES);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'main');
  git('tag', tag);
  process.env.GITHUB_EVENT_PATH = join(root, 'event.json');
  writeFileSync(join(root, 'event.json'), JSON.stringify({ sender }));
  return root;
}

afterEach(() => {
  delete process.env.GITHUB_EVENT_PATH;
});

test('a new version, started by a person, with what is new in it, may be published', async () => {
  expect(await run(releaseCommand(checkout()), '1.2.3')).toEqual({
    code: 0,
    stdout: '1.2.3 may be published.\n',
    stderr: '',
  });
});

test.each<[string, string, World, RegExp]>([
  ['half a version', '1.2', {}, /1\.2 is no version of a release: name it 1\.2\.3/],
  ['a tag', 'v1.2.3', {}, /v1\.2\.3 is no version/],
  ['a version with a zero before it', '1.02.3', {}, /is no version/],
  ['a version before a release', '1.2.3-rc.1', {}, /is no version/],
  ['a program', '1.2.3', { sender: { login: 'renovate', type: 'Bot' } }, /^renovate, which is a program, started this/],
  [
    'a program that is called a user',
    '1.2.3',
    { sender: { login: 'x[bot]', type: 'User' } },
    /^x\[bot\], which is a program/,
  ],
  ['no sender', '1.2.3', { sender: {} }, /does not say who started this/],
  ['a version without a word', '1.3.0', {}, /CHANGELOG\.md does not say what is new in 1\.3\.0/],
  ['a version with an empty section', '1.2.2', {}, /does not say what is new in 1\.2\.2/],
  ['a version that somebody tagged before', '1.2.3', { tag: 'v1.2.3' }, /There is a tag v1\.2\.3 already/],
])('%s may not', async (_what, version, world, sentence) => {
  const { code, stdout, stderr } = await run(releaseCommand(checkout(world)), version);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
