import * as at from '../addresses';
import type { Row } from '../row';

/** Data Source Restrictions. */
export const dataSources: readonly Row[] = [
  {
    demand: 'data.aws_caller_identity.current for the account id',
    met: 'As asked.',
    resources: ['data.aws_caller_identity.current'],
    shows: (stack) => {
      expect(stack.addressesOf('data.aws_caller_identity')).toEqual(['data.aws_caller_identity.current']);
      expect(stack.at(at.BUCKET).bucket).toContain('ACCOUNT_ID');
    },
  },
  {
    demand: 'data.aws_region.current for the region name',
    met: 'As asked.',
    resources: ['data.aws_region.current'],
    shows: (stack) => {
      expect(stack.addressesOf('data.aws_region')).toEqual(['data.aws_region.current']);
      expect(stack.at(at.DYNAMODB_ENDPOINT).service_name).toBe('com.amazonaws.ap-southeast-1.dynamodb');
    },
  },
  {
    demand: 'data.aws_availability_zones.available for the three zones',
    met: 'As asked, without zones that an account has to opt into, or that lack a service. A plan fails where there are fewer than three.',
    resources: ['data.aws_availability_zones.available'],
    shows: (stack) => {
      expect(stack.addressesOf('data.aws_availability_zones')).toEqual(['data.aws_availability_zones.available']);
      expect(stack.at('data.aws_availability_zones.available')).toMatchObject({
        state: 'available',
        filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
        exclude_zone_ids: ['use1-az3'],
        lifecycle: { postcondition: [{ condition: '${(length(self.names) >= 3)}' }] },
      });
    },
  },
  {
    demand: 'data.archive_file for the function packages, with source_dir or source_file on the code',
    met: 'One for each function, with source_dir on its bundle; the code is TypeScript rather than Python.',
    deviation: 'D2',
    resources: at.ARCHIVES,
    shows: (stack) => {
      expect(stack.addressesOf('data.archive_file').sort()).toEqual([...at.ARCHIVES].sort());
      expect(at.ARCHIVES.map((archive) => stack.at(archive).source_dir)).toEqual([
        expect.stringMatching(/^assets\/payments_payment_processor_bundle\/\w+$/),
        expect.stringMatching(/^assets\/payments_dlq_processor_bundle\/\w+$/),
      ]);
    },
  },
  {
    demand: 'No other data sources',
    met: 'The only other one is aws_iam_policy_document, as the section on IAM asks for it; it reads nothing from AWS.',
    deviation: 'D24',
    resources: [],
    shows: (stack) => {
      const data = stack.addresses
        .filter((address) => address.startsWith('data.'))
        .map((address) => address.split('.')[1]!);
      expect([...new Set(data)].sort()).toEqual([
        ...['archive_file', 'aws_availability_zones', 'aws_caller_identity', 'aws_iam_policy_document', 'aws_region'],
      ]);
    },
  },
  {
    demand: 'No data source refers to existing infrastructure',
    met: 'VPC, subnets, security groups and keys are all resources of the stack. Another stack may give the construct a VPC that exists, by its IDs: that reads no data source either.',
    resources: [at.VPC, ...at.SUBNETS, at.ENDPOINT_GROUP, at.FUNCTION_GROUP, ...at.KEYS],
    shows: (stack) => {
      const existing = /^data\.aws_(vpc|subnet|security_group|kms|sqs|s3|iam_role|lambda|dynamodb|ssm|secretsmanager)/;
      expect(stack.addresses.filter((address) => existing.test(address))).toEqual([]);
    },
    shownBy: [
      {
        file: 'test/infrastructure/policy-graph/existing-network.test.ts',
        test: 'what is made is in the given VPC, and changes nothing that others made in it',
      },
    ],
  },
];
