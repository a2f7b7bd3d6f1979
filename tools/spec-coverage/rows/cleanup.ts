import * as at from '../addresses';
import type { Row } from '../row';

/** Cleanup Configuration. */
export const cleanup: readonly Row[] = [
  {
    demand: 'Seven days until a deleted key is gone, on all three keys',
    met: 'In the profile `dev`, which is the default; `production` keeps what it stores.',
    deviation: 'D25',
    resources: at.KEYS,
    shows: (stack) => {
      expect(at.KEYS.map((key) => stack.at(key).deletion_window_in_days)).toEqual([7, 7, 7]);
    },
  },
  {
    demand: 'No deletion protection on the table',
    met: 'In the profile `dev`.',
    deviation: 'D25',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE).deletion_protection_enabled).toBe(false);
    },
  },
  {
    demand: 'force_destroy on the S3 bucket',
    met: 'In the profile `dev`.',
    deviation: 'D25',
    resources: [at.BUCKET],
    shows: (stack) => {
      expect(stack.at(at.BUCKET).force_destroy).toBe(true);
    },
  },
  {
    demand: 'One day of retention on all CloudWatch log groups',
    met: 'In the profile `dev`, those for the delivery status of alerts included.',
    deviation: 'D25',
    resources: [...at.LOG_GROUPS, at.DELIVERY_LOGS, at.DELIVERY_FAILURE_LOGS],
    shows: (stack) => {
      for (const group of [...at.LOG_GROUPS, at.DELIVERY_LOGS, at.DELIVERY_FAILURE_LOGS])
        expect(stack.at(group).retention_in_days).toBe(1);
    },
  },
  {
    demand: 'A recovery window of zero on Secrets Manager secrets, if any',
    met: "There are none: a fraud API's key lives in a secret of another stack.",
    deviation: 'D23',
    resources: [],
    shows: (stack) => {
      expect(stack.types.filter((type) => type.includes('secretsmanager'))).toEqual([]);
    },
  },
  {
    demand: 'Everything else is deleted without special configuration',
    met: 'No resource is kept, skipped or protected.',
    resources: [],
    shows: (stack) => {
      for (const address of stack.addresses.filter((address) => /^(aws|random)_/.test(address))) {
        for (const protection of ['lifecycle', 'skip_destroy', 'prevent_destroy'])
          expect(stack.at(address)).not.toHaveProperty(protection);
      }
    },
  },
  {
    demand: 'Terraform deletes VPC and subnets after what depends on them, by its graph',
    met: 'Everything in the VPC refers to it or to its subnets.',
    resources: [at.VPC, ...at.SUBNETS],
    shows: (stack) => {
      for (const type of [
        'aws_subnet',
        'aws_route_table',
        'aws_security_group',
        'aws_default_security_group',
        'aws_vpc_endpoint',
        'aws_flow_log',
      ]) {
        expect(new Set(stack.each(type, 'vpc_id'))).toEqual(new Set([`${at.VPC}.id`]));
      }
      for (const lambda of at.FUNCTIONS)
        expect(stack.at(lambda)).toMatchObject({ vpc_config: { subnet_ids: at.SUBNET_IDS } });
    },
  },
];
