import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { validate } from '../../../tools/validate/main';
import { fakeProgram, run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';

const NO_NETWORK = 'Error: Failed to query available provider packages';
const FAILING_INIT = (message: string) => `echo "${message}" >&2; exit 1`;

/** A Terraform that answers with these commands; each run's directory and arguments are in the log. */
function fakeTerraform({ init = 'exit 0', initFromMirror = 'exit 0', diagnostics = [] as unknown[] }) {
  const log = join(newDirectory(), 'log');
  writeFileSync(log, '');
  const answer = JSON.stringify({ diagnostics });
  process.env.TERRAFORM_BINARY = fakeProgram(`
    echo "$PWD $*" >> ${log}
    case "$*" in
      *-plugin-dir=*) cp cdk.tf.json ${log}.stack; ${initFromMirror} ;;
      init*) ${init} ;;
      validate*) echo '${answer}'; ${diagnostics.length > 0 ? 'exit 1' : ''} ;;
    esac`);
  return {
    runs: () => readFileSync(log, 'utf8').trim().split('\n'),
    stackFromMirror: () => JSON.parse(readFileSync(`${log}.stack`, 'utf8')) as Record<string, unknown>,
  };
}

const stack = join(newDirectory(), 'cdktf.out', 'stacks', 'payments');
mkdirSync(join(stack, 'code'), { recursive: true });
mkdirSync(join(stack, '.terraform'));
writeFileSync(join(stack, 'code', 'index.mjs'), 'export {};');
writeFileSync(
  join(stack, 'cdk.tf.json'),
  JSON.stringify({
    terraform: {
      required_providers: {
        aws: { source: 'hashicorp/aws' },
        archive: { source: 'hashicorp/archive' },
        random: { source: 'hashicorp/random' },
      },
    },
    data: { archive_file: { code: { type: 'zip', source_dir: 'code', output_path: 'code.zip' } } },
    resource: { random_uuid: { release: { keepers: { code: '${data.archive_file.code.output_base64sha256}' } } } },
  }),
);

function mirrorOf(...types: string[]): string {
  const mirror = newDirectory();
  for (const type of types) mkdirSync(join(mirror, 'registry.terraform.io', 'hashicorp', type), { recursive: true });
  return mirror;
}

afterEach(() => {
  delete process.env.TERRAFORM_BINARY;
  delete process.env.TF_PLUGIN_MIRROR;
});

describe('where the providers can be downloaded, the stack itself is validated', () => {
  test('valid', async () => {
    const terraform = fakeTerraform({});

    const { code, stdout, stderr } = await run(validate, '--', '--stack', stack);

    expect(stdout).toContain('The stack is valid');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(terraform.runs()).toEqual([
      `${stack} init -backend=false -input=false -no-color`,
      `${stack} validate -json -no-color`,
    ]);
  });

  test('a warning alone fails', async () => {
    fakeTerraform({
      diagnostics: [{ severity: 'warning', summary: 'Argument is deprecated', address: 'aws_s3_bucket.b' }],
    });

    const { code, stdout } = await run(validate, '--stack', stack);

    expect(stdout).toContain('warning  aws_s3_bucket.b');
    expect(code).toBe(1);
  });

  test('a stack that cannot even be initialised', async () => {
    fakeTerraform({ init: FAILING_INIT('Error: Unsupported Terraform Core version') });

    const { code, stdout } = await run(validate, '--stack', stack);

    expect(stdout).toContain('Unsupported Terraform Core version');
    expect(code).toBe(1);
  });
});

describe('from a mirror', () => {
  test('without archive and random: a copy with stand-ins, and a line that says so', async () => {
    process.env.TF_PLUGIN_MIRROR = mirrorOf('aws');
    const terraform = fakeTerraform({ init: FAILING_INIT(NO_NETWORK) });

    const { code, stderr } = await run(validate, '--stack', stack);

    expect(stderr).toContain(`come from ${process.env.TF_PLUGIN_MIRROR}, which lacks archive and random`);
    expect(code).toBe(0);
    const [init, validation] = terraform.runs();
    const copy = init!.split(' ')[0]!;
    expect(init).toBe(`${copy} init -backend=false -input=false -no-color -plugin-dir=${process.env.TF_PLUGIN_MIRROR}`);
    expect(validation).toBe(`${copy} validate -json -no-color`);
    expect(copy).not.toBe(stack);
    expect(existsSync(copy)).toBe(false);
    expect(terraform.stackFromMirror()).toMatchObject({
      terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
    });
    expect(terraform.stackFromMirror()).toHaveProperty('resource.terraform_data.release');
  });

  test('with all of them: a copy of the stack as it is', async () => {
    process.env.TF_PLUGIN_MIRROR = mirrorOf('aws', 'archive', 'random');
    const terraform = fakeTerraform({});

    const { code, stderr } = await run(validate, '--stack', stack);

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(terraform.stackFromMirror()).toEqual(JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')));
  });

  test('that lacks still more', async () => {
    process.env.TF_PLUGIN_MIRROR = mirrorOf('other');
    fakeTerraform({ initFromMirror: FAILING_INIT(NO_NETWORK) });

    const { code, stderr } = await run(validate, '--stack', stack);

    expect(stderr).toContain(NO_NETWORK);
    expect(code).toBe(3);
  });
});

test('relative paths are relative to where the command runs', async () => {
  const fromHere = (path: string) => relative(process.cwd(), path);
  const terraform = fakeTerraform({});
  process.env.TERRAFORM_BINARY = fromHere(process.env.TERRAFORM_BINARY!);
  const mirror = mirrorOf('aws', 'archive', 'random');

  expect(await run(validate, '--stack', fromHere(stack))).toMatchObject({ code: 0 });
  process.env.TF_PLUGIN_MIRROR = fromHere(mirror);
  expect(await run(validate, '--stack', fromHere(stack))).toMatchObject({ code: 0 });
  expect(terraform.runs()[2]).toContain(`-plugin-dir=${mirror}`);
});

describe('nothing is validated', () => {
  test('without Terraform', async () => {
    process.env.TERRAFORM_BINARY = '/no/such/terraform';

    const { code, stdout, stderr } = await run(validate, '--stack', stack);

    expect(stderr).toMatch(/\/no\/such\/terraform.*install Terraform.*TERRAFORM_BINARY/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('without a stack', async () => {
    const { code, stderr } = await run(validate, '--stack', '/no/such/stack');

    expect(stderr).toMatch(/npx projen synth/);
    expect(code).toBe(2);
  });
});
