import { Testing } from 'cdktf';
import { withoutTraces } from '../../src/app/without-traces';
import { addBackend, StateLocationError } from '../../src/app/backend';
import { PaymentStack } from '../../src/app/payment-stack';
import { ReadableIdStack } from '../../src/app/readable-id-stack';
import { REQUIRED_VARIABLES } from '../../tools/deploy/variables';
import { readTemplate } from '../../tools/kit/stacks/stacks';
import { templateOf, testApp } from '../../tools/kit/stacks/synthesize';

function backendFor(environment: NodeJS.ProcessEnv) {
  const stack = new ReadableIdStack(testApp(), 'test');
  const oldest = withoutTraces(() => addBackend(stack, environment));
  return { oldest, backend: templateOf(stack).json };
}

test.each<[string, NodeJS.ProcessEnv, object]>([
  ['a file beside the project', {}, { local: { path: '../../../payment-pipeline.tfstate' } }],
  ['a file elsewhere', { TF_STATE_PATH: '/states/my.tfstate' }, { local: { path: '/states/my.tfstate' } }],
  [
    'a file, where a workflow leaves the variables empty',
    { TF_STATE_BUCKET: '', TF_STATE_KEY: '', TF_STATE_PATH: '' },
    { local: { path: '../../../payment-pipeline.tfstate' } },
  ],
  [
    "a bucket, in the stack's region",
    { TF_STATE_BUCKET: 'states' },
    {
      s3: {
        bucket: 'states',
        key: 'payment-pipeline.tfstate',
        region: 'ap-southeast-1',
        encrypt: true,
        use_lockfile: true,
      },
    },
  ],
  [
    'a bucket, all of it chosen',
    { TF_STATE_BUCKET: 'states', TF_STATE_KEY: 'prod/pipeline', TF_STATE_REGION: 'eu-west-1' },
    { s3: { bucket: 'states', key: 'prod/pipeline', region: 'eu-west-1', encrypt: true, use_lockfile: true } },
  ],
])('the state is in %s', (_where, environment, backend) => {
  expect(backendFor(environment).backend).toHaveProperty('terraform.backend', backend);
});

test("CDK Terrain reads from the stack's context that its Terraform can lock the state", () => {
  const stack = new ReadableIdStack(testApp(), 'test');
  addBackend(stack, { TF_STATE_BUCKET: 'states' });
  expect(stack.node.tryGetContext('targetVersions')).toEqual({ terraform: '>=1.10', opentofu: '>=1.10' });
});

test('a state in S3 needs a Terraform that locks it by a file', () => {
  expect(backendFor({}).oldest).toBe('1.5');
  expect(backendFor({ TF_STATE_BUCKET: 'states' }).oldest).toBe('1.10');
});

test.each([{ TF_STATE_KEY: 'x' }, { TF_STATE_REGION: 'x' }, { TF_STATE_BUCKET: 'x', TF_STATE_PATH: 'y' }])(
  'refused: %p',
  (environment) => {
    expect(() => backendFor(environment)).toThrow(StateLocationError);
  },
);

describe('the stack, for a bucket', () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env.TF_STATE_BUCKET = 'states';
  });
  afterEach(() => {
    process.env = before;
  });

  test('says so itself, as JSON and as HCL', () => {
    const stack = withoutTraces(() => new PaymentStack(testApp()));
    const hcl = withoutTraces(() => String(Testing.synthHcl(stack, true)));

    expect(templateOf(stack).json.terraform).toMatchObject({
      required_version: '>= 1.10',
      backend: { s3: { bucket: 'states', use_lockfile: true } },
    });
    expect(hcl).toMatch(/backend "s3" \{[^}]*use_lockfile = true\n\}[^]*required_version = ">= 1\.10"/);
  });
});

interface Declared {
  readonly default?: unknown;
  readonly validation?: { condition: string }[];
}

test('Terraform asks only for the variables that have no default, or one that is refused', () => {
  const { json } = readTemplate('deployed');
  const variable = json.variable as Record<string, Declared>;
  const refusesDefault = ({ default: value, validation = [] }: Declared) =>
    validation.some(({ condition }) => condition.includes(`!= "${String(value)}"`));
  const asked = Object.entries(variable).filter(
    ([, declared]) => declared.default === undefined || refusesDefault(declared),
  );

  expect(asked.map(([name]) => name).sort()).toEqual(Object.keys(REQUIRED_VARIABLES).sort());
});
