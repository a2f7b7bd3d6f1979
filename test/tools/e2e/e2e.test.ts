import { e2e } from '../../../tools/e2e/main';
import { run } from '../../../tools/kit/command-run';

test('the help says what is done, with which faults, and gives examples', async () => {
  const { code, stdout } = await run(e2e, '--help');

  expect(stdout).toMatch(
    /Usage: npx projen e2e[^]*silent-alarm {2,}the alarm[^]*Examples:[^]*npx projen e2e --break all/,
  );
  expect(code).toBe(0);
});

test.each([
  [['--other'], /--other/],
  [['--break', 'nothing'], /'--break <fault>' argument 'nothing' is invalid\. Allowed choices are all, redrive-count/],
])('%j is refused before any work', async (args, message) => {
  const { code, stderr } = await run(e2e, ...args);

  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test('without Terraform nothing is begun', async () => {
  process.env.TERRAFORM_BINARY = '/no/such/terraform';
  const { code, stdout, stderr } = await run(e2e).finally(() => {
    delete process.env.TERRAFORM_BINARY;
  });

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Terraform cannot be run as "\/no\/such\/terraform": install Terraform 1\.5 or newer/);
});
