import { Testing } from 'cdktf';
import {
  offlineStack,
  type ArchiveFile,
  type PackageDirectory,
  type TerraformJson,
} from '../../../tools/terraform/offline-stack';
import { NoStandInError } from '../../../tools/terraform/stand-ins';
import { PaymentStack } from '../../../src/app/payment-stack';
import { testApp } from '../../../tools/kit/stacks/synthesize';

const ARCHIVE = {
  type: 'zip',
  source_dir: 'assets/code',
  output_path: 'assets/code.zip',
  excludes: ['code.map'],
  output_file_mode: '0644',
};
const PACKAGED = { path: '/tmp/code.zip', base64sha256: Buffer.from('hash').toString('base64') };

function offline(stack: TerraformJson, packageDirectory: PackageDirectory = () => PACKAGED) {
  return offlineStack(
    { terraform: { required_version: '>= 1.5', required_providers: {} }, ...stack },
    packageDirectory,
  );
}

test('the providers archive and random are needed no more; all else stays', () => {
  const stack = {
    '//': { metadata: { path: 'random_uuid' } },
    terraform: {
      required_providers: { aws: { source: 'aws' }, archive: { source: 'archive' }, random: { source: 'random' } },
      backend: {},
    },
    provider: { aws: [{ region: 'eu-west-1' }], archive: [{}], random: [{}] },
    resource: {
      aws_sqs_queue: { main: { name: 'main-${var.environment}', delay_seconds: 3, fifo_queue: false, tags: null } },
    },
    variable: { environment: { default: 'dev' } },
  };

  expect(offline(stack)).toEqual({
    ...stack,
    terraform: { required_providers: { aws: { source: 'aws' } }, backend: {} },
    provider: { aws: [{ region: 'eu-west-1' }] },
    data: {},
    resource: { ...stack.resource, terraform_data: {} },
    locals: {},
  });
});

test('an archive is packaged, and what Terraform would find out about it becomes a local value', () => {
  const packageDirectory = jest.fn((_archive: ArchiveFile) => PACKAGED);

  const stack = offline(
    {
      locals: { own: '${data.archive_file.code.output_path}' },
      data: { archive_file: { code: ARCHIVE }, aws_region: { here: { depends_on: ['data.archive_file.code'] } } },
      resource: {
        aws_lambda_function: {
          f: {
            filename: '${data.archive_file.code.output_path}',
            source_code_hash: '${data.archive_file.code.output_base64sha256}',
            environment: { variables: { SHA: 'sha-${lower(data.archive_file.code.output_sha256)}' } },
            depends_on: ['data.archive_file.code', 'aws_iam_role.r'],
          },
        },
      },
    },
    packageDirectory,
  );

  expect(packageDirectory.mock.calls).toEqual([
    [{ id: 'code', sourceDirectory: 'assets/code', outputPath: 'assets/code.zip', excludes: ['code.map'] }],
  ]);
  expect(stack).toMatchObject({
    locals: {
      own: '${local.archive_file_code.output_path}',
      archive_file_code: {
        output_path: '/tmp/code.zip',
        output_base64sha256: PACKAGED.base64sha256,
        output_sha256: Buffer.from('hash').toString('hex'),
      },
    },
    data: { aws_region: { here: { depends_on: [] } } },
    resource: {
      aws_lambda_function: {
        f: {
          filename: '${local.archive_file_code.output_path}',
          source_code_hash: '${local.archive_file_code.output_base64sha256}',
          environment: { variables: { SHA: 'sha-${lower(local.archive_file_code.output_sha256)}' } },
          depends_on: ['aws_iam_role.r'],
        },
      },
    },
  });
  expect(stack).not.toHaveProperty('data.archive_file');
});

test('a random_uuid becomes a terraform_data that is renewed with the keepers', () => {
  const stack = offline({
    data: { archive_file: { code: ARCHIVE } },
    resource: {
      random_uuid: {
        release: {
          keepers: { code: '${data.archive_file.code.output_base64sha256}' },
          depends_on: ['aws_sqs_queue.q'],
        },
        bare: {},
      },
      terraform_data: { own: { input: '${random_uuid.release.keepers.code}' } },
      aws_sqs_queue: {
        q: {
          name: '${random_uuid.release.result}-${random_uuid.bare.id}',
          depends_on: ['random_uuid.release'],
          lifecycle: { replace_triggered_by: ['random_uuid.release.result', 'random_uuid.bare'] },
        },
      },
    },
    output: { release: { value: '${random_uuid.release.result}', depends_on: ['random_uuid.bare'] } },
  });

  expect(stack).toMatchObject({
    resource: {
      terraform_data: {
        release: {
          triggers_replace: { code: '${local.archive_file_code.output_base64sha256}' },
          depends_on: ['aws_sqs_queue.q'],
        },
        bare: {},
        own: { input: '${terraform_data.release.triggers_replace.code}' },
      },
      aws_sqs_queue: {
        q: {
          name: '${terraform_data.release.id}-${terraform_data.bare.id}',
          depends_on: ['terraform_data.release'],
          lifecycle: { replace_triggered_by: ['terraform_data.release.id', 'terraform_data.bare'] },
        },
      },
    },
    output: { release: { value: '${terraform_data.release.id}', depends_on: ['terraform_data.bare'] } },
  });
  expect(stack).not.toHaveProperty('resource.random_uuid');
  expect(stack).not.toHaveProperty('resource.terraform_data.release.keepers');
});

test('a random_bytes becomes a terraform_data, whose id is a secret where it is used', () => {
  const stack = offline({
    resource: {
      random_uuid: { release: {} },
      random_bytes: { key: { length: 32, depends_on: ['random_uuid.release'] } },
      aws_lambda_function: {
        f: { environment: { variables: { KEY: '${random_bytes.key.hex}' } }, depends_on: ['random_bytes.key'] },
      },
    },
  });

  expect(stack).toMatchObject({
    resource: {
      terraform_data: { release: {}, key: { depends_on: ['terraform_data.release'] } },
      aws_lambda_function: {
        f: {
          environment: { variables: { KEY: '${sensitive(terraform_data.key.id)}' } },
          depends_on: ['terraform_data.key'],
        },
      },
    },
  });
  expect(stack).not.toHaveProperty('resource.random_bytes');
  expect(stack).not.toHaveProperty('resource.terraform_data.key.length');
});

test('an undeclared resource is left for Terraform to refuse', () => {
  const resource = {
    aws_sqs_queue: { q: { name: '${random_uuid.none.result}', url: '${data.archive_file.none.output_path}' } },
  };

  expect(offline({ resource })).toMatchObject({ resource });
});

test("the packager's path is no template", () => {
  const stack = offline({ data: { archive_file: { code: ARCHIVE } } }, () => ({ ...PACKAGED, path: '/tmp/${x}/%{y}' }));

  expect(stack).toHaveProperty('locals.archive_file_code.output_path', '/tmp/$${x}/%%{y}');
});

test.each<[string, TerraformJson, string]>([
  ['another resource of the providers', { resource: { random_pet: { p: {} } } }, 'random_pet'],
  ['another data source of the providers', { data: { archive_other: { o: {} } } }, 'archive_other'],
  [
    'a template as the source',
    { data: { archive_file: { code: { ...ARCHIVE, source_dir: '${path.module}/x' } } } },
    'data.archive_file.code',
  ],
  [
    'a single file',
    { data: { archive_file: { code: { type: 'zip', source_file: 'x', output_path: 'y' } } } },
    'data.archive_file.code',
  ],
  ['several archives', { data: { archive_file: { code: { ...ARCHIVE, for_each: {} } } } }, 'data.archive_file.code'],
  ['an id that is taken', { resource: { random_uuid: { x: {} }, terraform_data: { x: {} } } }, 'random_uuid.x'],
  [
    'one id of two random resources',
    { resource: { random_uuid: { x: {} }, random_bytes: { x: {} } } },
    'random_bytes.x',
  ],
  [
    'another attribute of a random_bytes',
    { resource: { random_bytes: { x: {} } }, locals: { y: '${random_bytes.x.base64}' } },
    'random_bytes.x.base64',
  ],
  [
    'another attribute of an archive',
    { data: { archive_file: { code: ARCHIVE } }, output: { size: { value: '${data.archive_file.code.output_size}' } } },
    'data.archive_file.code.output_size',
  ],
  [
    'another attribute of a random_uuid',
    { resource: { random_uuid: { x: {} } }, locals: { y: '${random_uuid.x.urn}' } },
    'random_uuid.x.urn',
  ],
])('refused: %s', (_what, stack, named) => {
  expect(() => offline(stack)).toThrow(NoStandInError);
  expect(() => offline(stack)).toThrow(named);
});

test('nothing of the two providers is left in the stack that we deploy', () => {
  const stack = JSON.parse(Testing.synth(new PaymentStack(testApp()), true)) as TerraformJson;
  const text = JSON.stringify(offlineStack(stack, () => PACKAGED));

  expect(text).toMatch(/local\.archive_file_\w+\.output_path/);
  expect(text).toMatch(/terraform_data\.\w+\.id/);
  expect(text).not.toMatch(/data\.archive_file|random_uuid|random_bytes|"archive_file"|"hashicorp\/(archive|random)"/);
});
