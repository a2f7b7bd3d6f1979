import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../tools/kit/project';
import { synthHclCommand } from '../../../tools/synth-hcl/main';
import { fakeProgram, run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';

const FILE = 'cdktf.out/hcl/stacks/payment-pipeline/cdk.tf';

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

/** A project that synthesizes one line of HCL, and notes what it was asked for. */
function fakeProject({ isBundled = true } = {}) {
  const root = newDirectory();
  const calls: unknown[] = [];
  const project: Project = {
    root,
    isBundled: () => isBundled,
    bundle: async () => {
      calls.push('bundle');
    },
    synthesize: async (profile, given) => {
      calls.push([profile, given]);
      mkdirSync(join(root, FILE, '..'), { recursive: true });
      writeFileSync(join(root, FILE), 'a=1\n');
    },
  };
  return { root, calls, project };
}

test('the stack as HCL, in a directory of its own, for the same state, formatted', async () => {
  process.env.TERRAFORM_BINARY = fakeProgram('echo "$1" > cdk.tf');
  const { root, calls, project } = fakeProject();

  const { code, stdout } = await run(synthHclCommand(project), '--', '--profile', 'production');

  expect({ code, stdout }).toEqual({ code: 0, stdout: `${FILE}\n` });
  expect(calls).toEqual([
    [
      'production',
      {
        CDKTF_OUTDIR: join(root, 'cdktf.out/hcl'),
        SYNTH_HCL_OUTPUT: 'true',
        TF_STATE_PATH: '../../../../payment-pipeline.tfstate',
      },
    ],
  ]);
  expect(readFileSync(join(root, FILE), 'utf8')).toBe('fmt\n');
});

test.each([
  [{ TF_STATE_BUCKET: 'states' }, undefined],
  [{ TF_STATE_PATH: 'my.tfstate' }, '../../../stacks/payment-pipeline/my.tfstate'],
  [{ TF_STATE_PATH: '/states/my.tfstate' }, '/states/my.tfstate'],
])('the state that %p says is the same one from there', async (given, path) => {
  Object.assign(process.env, given);
  const { calls, project } = fakeProject();

  await run(synthHclCommand(project));

  expect((calls[0] as [string, { TF_STATE_PATH?: string }])[1].TF_STATE_PATH).toBe(path);
});

test.each([
  ['is missing', '/no/such/terraform', /not formatted: Terraform cannot be run as "\/no\/such\/terraform"/],
  ['fails', fakeProgram('echo "Error: odd" >&2; exit 3'), /not formatted: Error: odd/],
])('it is written, too, when Terraform %s, which is said', async (_what, binary, sentence) => {
  process.env.TERRAFORM_BINARY = binary;
  const { code, stdout } = await run(synthHclCommand(fakeProject().project));
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(sentence) });
});

test('missing bundles are built first', async () => {
  const { calls, project } = fakeProject({ isBundled: false });
  await run(synthHclCommand(project));
  expect(calls[0]).toBe('bundle');
});
