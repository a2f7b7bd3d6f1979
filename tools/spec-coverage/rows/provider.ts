import * as at from '../addresses';
import type { Row } from '../row';

interface Tag {
  readonly key: string;
  readonly value: string;
}

const TAGS: readonly Tag[] = [
  { key: 'Environment', value: 'dev' },
  { key: 'DataClassification', value: 'sensitive' },
  { key: 'Compliance', value: 'pci-dss' },
  { key: 'Owner', value: 'platform-team' },
  { key: 'ManagedBy', value: 'terraform' },
];

const VARIABLE_OF: Readonly<Record<string, string>> = {
  Environment: 'environment',
  DataClassification: 'data_classification',
  Compliance: 'compliance',
  Owner: 'owner',
};

function defaultTag({ key, value }: Tag): Row {
  return {
    demand: `Default tag ${key} = "${value}"`,
    met: key in VARIABLE_OF ? `Variable \`${VARIABLE_OF[key]}\`, whose default it is.` : 'As asked.',
    resources: ['provider.aws'],
    shows: (stack) => {
      expect(stack.at('provider.aws')).toHaveProperty(`0.default_tags.0.tags.${key}`, value);
    },
  };
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

function variable({ name, type, value }: Variable): Row {
  return {
    demand: `Variable ${name}: ${type}, default ${JSON.stringify(value)}`,
    met: 'As asked, with a validation.',
    resources: [`var.${name}`],
    shows: (stack) => {
      expect(stack.at(`var.${name}`)).toMatchObject({
        type,
        default: value,
        validation: [
          {
            condition: expect.stringContaining(`var.${name}`) as string,
            error_message: expect.stringContaining(`${name} must be `) as string,
          },
        ],
      });
    },
  };
}

/** Provider Configuration. */
export const provider: readonly Row[] = [
  {
    demand: 'Terraform 1.5 or higher',
    met: 'As asked. The state is a local file, outside the generated directory.',
    resources: ['terraform.required_version', 'terraform.backend'],
    shows: (stack) => {
      expect(stack.at('terraform.required_version')).toBe('>= 1.5');
      expect(stack.at('terraform.backend')).toEqual({ local: { path: '../../../payment-pipeline.tfstate' } });
    },
  },
  {
    demand: 'AWS provider ~> 5.0',
    met: 'As asked; CDKTF by itself would ask for the one exact version that its bindings were made from.',
    deviation: 'D3',
    resources: ['terraform.required_providers', 'provider.aws'],
    shows: (stack) => {
      expect(stack.at('terraform.required_providers').aws).toEqual({ source: 'hashicorp/aws', version: '~> 5.0' });
    },
  },
  {
    demand: 'The random provider generates identifiers',
    met: "A release id, renewed when the functions' code changes and stamped on every payment record; never a name.",
    deviation: 'D22',
    resources: ['terraform.required_providers', 'provider.random', at.RELEASE, ...at.FUNCTIONS],
    shows: (stack) => {
      expect(stack.at('terraform.required_providers').random).toEqual({
        source: 'hashicorp/random',
        version: '~> 3.7',
      });
      expect(stack.at('provider.random')).toEqual([{}]);
      expect(stack.at(at.RELEASE).keepers).toEqual({
        payment_processor: `${at.ARCHIVES[0]!}.output_base64sha256`,
        dlq_processor: `${at.ARCHIVES[1]!}.output_base64sha256`,
      });
      for (const lambda of at.FUNCTIONS)
        expect(stack.at(lambda)).toHaveProperty('environment.variables.RELEASE_ID', `${at.RELEASE}.result`);
    },
  },
  {
    demand: 'The archive provider packages the functions',
    met: 'As asked.',
    resources: ['terraform.required_providers', 'provider.archive', ...at.ARCHIVES],
    shows: (stack) => {
      expect(stack.at('terraform.required_providers').archive).toEqual({
        source: 'hashicorp/archive',
        version: '~> 2.7',
      });
      expect(stack.at('provider.archive')).toEqual([{}]);
      expect(stack.each('data.archive_file', 'type')).toEqual(['zip', 'zip']);
    },
  },
  {
    demand: 'All resources are deployed to ap-southeast-1',
    met: 'One AWS provider, whose region is the variable `region`, with this default, and no resource with another.',
    resources: ['provider.aws'],
    shows: (stack) => {
      expect(stack.at('provider.aws')).toEqual([expect.objectContaining({ region: 'ap-southeast-1' })]);
      for (const address of stack.addresses.filter((address) => address.startsWith('aws_')))
        expect(stack.at(address)).not.toHaveProperty('provider');
    },
  },
  ...TAGS.map(defaultTag),
  {
    demand: 'The tags apply automatically across all resources',
    met: "They are the provider's default tags, and no resource has another value of one: where a resource has tags, it is its Name.",
    resources: ['provider.aws'],
    shows: (stack) => {
      const [aws] = stack.at('provider.aws') as unknown as { default_tags: { tags: object }[] }[];
      expect(aws!.default_tags.map(({ tags }) => Object.keys(tags).sort())).toEqual([
        TAGS.map(({ key }) => key).sort(),
      ]);
      const tagged = stack.addresses.filter(
        (address) => address.startsWith('aws_') && stack.at(address).tags !== undefined,
      );
      for (const address of tagged) expect(Object.keys(stack.at(address).tags as object)).toEqual(['Name']);
      expect(stack.given({ environment: 'test' }).at('provider.aws')).toHaveProperty(
        '0.default_tags.0.tags.Environment',
        'test',
      );
    },
  },
  {
    demand: 'Variables have type constraints',
    met: 'Each has one, and a description.',
    resources: Object.keys(at.VARIABLES),
    shows: (stack) => {
      for (const [variable, declared] of Object.entries(at.VARIABLES))
        expect([variable, stack.at(variable)]).toEqual([variable, expect.objectContaining(declared)]);
      expect(stack.each('var', 'description')).toEqual(
        stack.addressesOf('var').map(() => expect.stringMatching(/^[A-Z].{20,}\.$/) as string),
      );
    },
  },
  variable({ name: 'environment', type: 'string', value: 'dev' }),
  {
    demand: 'Variable alert_email: string, for the subscription',
    met: 'As asked, with a validation, and without a default: only the deployer knows it.',
    resources: ['var.alert_email'],
    shows: (stack) => {
      expect(stack.at('var.alert_email')).toMatchObject({
        type: 'string',
        validation: [
          { condition: expect.stringContaining('@') as string, error_message: 'alert_email must be an email address.' },
        ],
      });
      expect(stack.at('var.alert_email')).not.toHaveProperty('default');
    },
  },
  variable({ name: 'lambda_memory', type: 'number', value: 256 }),
  variable({ name: 'sqs_visibility_timeout', type: 'number', value: 360 }),
  variable({ name: 'dlq_retention_days', type: 'number', value: 14 }),
];
