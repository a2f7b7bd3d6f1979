import { e2e } from '../../../tools/e2e/main';
import { run } from '../../../tools/kit/command-run';

test('an unknown fault is refused before any work', async () => {
  const { code, stderr } = await run(e2e, '--break', 'nothing');

  expect(stderr).toMatch(
    /'--break <fault>' argument 'nothing' is invalid\. Allowed choices are all, redrive-count, .*silent-alarm/,
  );
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
