import { packageCheck } from '../../../tools/package-check/main';
import { run } from '../../../tools/kit/command-run';

test('the help has examples, and comes before any work', async () => {
  const { code, stdout } = await run(packageCheck, '--', '--help');

  expect(stdout).toMatch(/Examples:\n {2}npx projen package:check/);
  expect(code).toBe(0);
});

test('an argument that it does not know is refused before any work', async () => {
  expect(await run(packageCheck, '--fast')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/--fast/) as string,
  });
});
