import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkStack } from '../../../tools/plan-review/stack-allowlist';
import { readStack } from '../../../tools/terraform/stack-file';
import { newDirectory } from '../../../tools/kit/new-directory';

type Block = Record<string, unknown>;
interface Stack extends Block {
  readonly terraform: { required_providers: Block; backend: Block };
  readonly provider: { aws: Block[] };
  readonly data: Record<string, Block>;
  readonly resource: Record<string, Block>;
}

/** The stack that the test command has synthesized; a workflow keeps its state in a bucket. */
const OWN = readStack(join(__dirname, '../../../cdktf.out/stacks/payment-pipeline')) as unknown as Stack;
OWN.terraform.backend = { s3: { bucket: 'b', key: 'k', region: 'r', encrypt: true, use_lockfile: true } };

function vetted(change: (stack: Stack) => void, files: readonly string[] = []): () => void {
  const [directory, stack] = [newDirectory(), structuredClone(OWN)];
  change(stack);
  writeFileSync(join(directory, 'cdk.tf.json'), JSON.stringify(stack));
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), '');
  }
  return () => {
    checkStack(directory);
  };
}

test("the project's own stack may be planned, with its bundles", () => {
  expect(vetted(() => undefined, ['assets/code/index.mjs'])).not.toThrow();
});

test.each<[string, (stack: Stack) => void, RegExp]>([
  [
    'another provider',
    ({ terraform }) => {
      terraform.required_providers.evil = { source: 'evil/aws' };
    },
    /it takes the provider evil\/aws/,
  ],
  [
    'our name for another provider',
    ({ terraform }) => {
      terraform.required_providers.aws = { source: 'evil/aws' };
    },
    /it takes the provider evil\/aws/,
  ],
  [
    'a type whose provider Terraform guesses',
    ({ data }) => {
      data.external = { run: { program: ['sh'] } };
    },
    /it has the type external/,
  ],
  [
    'a resource of the kind',
    ({ resource }) => {
      resource.null_resource = {};
    },
    /it has the type null_resource/,
  ],
  [
    'a module',
    (stack) => {
      stack.module = {};
    },
    /it has the block "module"/,
  ],
  [
    'credentials by a program',
    ({ provider }) => {
      provider.aws[0]!.shared_config_files = ['assets/config'];
    },
    /it has the setting of a provider "shared_config_files"/,
  ],
  [
    'a backend with credentials of its own',
    ({ terraform }) => {
      terraform.backend.s3 = { bucket: 'b', profile: 'p' };
    },
    /it has the setting of the backend "profile"/,
  ],
  [
    'a file that is read',
    ({ resource }) => {
      resource.aws_vpc!.v = { tags: '${file("/proc/self/environ")}' };
    },
    /it calls file\(\)/,
  ],
  [
    'a file that is read by another function',
    ({ resource }) => {
      resource.aws_vpc!.v = { tags: '${filebase64 ("x")}' };
    },
    /it calls filebase64\(\)/,
  ],
  [
    'a file that is read behind a comment',
    ({ resource }) => {
      resource.aws_vpc!.v = { tags: '${file/* x */("/proc/self/environ")}' };
    },
    /it calls file/,
  ],
  [
    'a file that is read on another line',
    ({ resource }) => {
      resource.aws_vpc!.v = { tags: '${templatefile // x\n("x", {})}' };
    },
    /it calls templatefile/,
  ],
  [
    'a file that is read by the name of a value',
    ({ resource }) => {
      resource.aws_vpc!.v = { tags: { '${file("x")}': '' } };
    },
    /it calls file/,
  ],
  [
    'a file that is read by the text of a variable',
    ({ resource }) => {
      resource.aws_vpc!.v = { tags: '${templatestring(var.x, {})}' };
    },
    /it calls templatestring\(\)/,
  ],
  [
    'files that are packed',
    ({ data }) => {
      data.archive_file!.x = { source_dir: '/proc/self' };
    },
    /it packs files that are not in assets\//,
  ],
  [
    'files that are packed on a detour',
    ({ data }) => {
      data.archive_file!.x = { source_dir: 'assets/../..' };
    },
    /it packs files that are not in assets\//,
  ],
  [
    'files that are packed on a detour that Terraform makes',
    ({ data }) => {
      data.archive_file!.x = { source_dir: 'assets/${"."}${"."}/x' };
    },
    /it packs files that are not in assets\//,
  ],
  [
    'a file that is written elsewhere',
    ({ data }) => {
      data.archive_file!.x = { source_dir: 'assets/x', output_path: '../../../tools/deploy/main.ts' };
    },
    /it packs files that are not in assets\//,
  ],
])('%s may not', (_what, change, sentence) => {
  expect(vetted(change)).toThrow(sentence);
});

test.each(['evil.tf', '.terraform.lock.hcl', 'override.tf.json', 'terraform.tfvars'])(
  'nor what comes with %s',
  (file) => {
    expect(vetted(() => undefined, [file])).toThrow(`it brings the file ${file}`);
  },
);

test('all faults are named at once', () => {
  expect(
    vetted(
      (stack) => {
        Object.assign(stack, { module: {}, check: {} });
      },
      ['evil.tf'],
    ),
  ).toThrow(/block "module"; .*block "check"; .*evil\.tf\. What main does not know/);
});
