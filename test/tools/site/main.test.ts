import { run } from '../../../tools/kit/command-run';
import { site } from '../../../tools/site/main';

test('a base without slashes is refused before anything is built', async () => {
  const { code, stderr } = await run(site, '--base', 'pipeline');

  expect(stderr).toBe('--base pipeline begins or ends without a slash.\n');
  expect(code).toBe(2);
});
