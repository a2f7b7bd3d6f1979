import * as at from '../addresses';
import type { Row } from '../row';

const SERVICES = {
  [at.PROCESSOR_ID]: 'lambda.amazonaws.com',
  [at.DLQ_PROCESSOR_ID]: 'lambda.amazonaws.com',
  [at.FLOW_LOGS_ID]: 'vpc-flow-logs.amazonaws.com',
  [at.TRAIL_ID]: 'cloudtrail.amazonaws.com',
  [at.DELIVERY_STATUS_ID]: 'sns.amazonaws.com',
};
const IDS = Object.keys(SERVICES);

const FUNCTIONS_ALIKE = [...at.KEYS.map((key) => `${key}.arn`), '*'];
const OWN_RESOURCES = {
  [at.PROCESSOR_ID]: [
    `${at.PAYMENT_QUEUE}.arn`,
    `${at.DEAD_LETTER_QUEUE}.arn`,
    `${at.TABLE}.arn`,
    `${at.PROCESSOR_LOGS}.arn:*`,
    ...FUNCTIONS_ALIKE,
  ],
  [at.DLQ_PROCESSOR_ID]: [
    ...[
      `${at.PAYMENT_QUEUE}.arn`,
      `${at.DEAD_LETTER_QUEUE}.arn`,
      `${at.TABLE}.arn`,
      `${at.TABLE}.arn/index/status-timestamp-index`,
    ],
    ...[`${at.TOPIC}.arn`, `${at.DLQ_PROCESSOR_LOGS}.arn:*`, ...FUNCTIONS_ALIKE],
  ],
  [at.FLOW_LOGS_ID]: [`${at.FLOW_LOGS}.arn`, `${at.FLOW_LOGS}.arn:*`],
  [at.TRAIL_ID]: [
    `${at.BUCKET}.arn/AWSLogs/ACCOUNT_ID/*`,
    `${at.TRAIL_LOGS}.arn:log-stream:ACCOUNT_ID_CloudTrail_ap-southeast-1*`,
  ],
  [at.DELIVERY_STATUS_ID]: [at.DELIVERY_LOGS, at.DELIVERY_FAILURE_LOGS].flatMap((group) => [
    `${group}.arn`,
    `${group}.arn:*`,
  ]),
};
const DENIED_TO_CODE = {
  [at.PROCESSOR_ID]: 'lambda-payment-processor-dev',
  [at.DLQ_PROCESSOR_ID]: 'lambda-dlq-processor-dev',
};

/** IAM Roles and Policies: what holds for all roles. */
export const roles: readonly Row[] = [
  {
    demand: 'Four IAM roles',
    met: 'The four, and one with which SNS logs deliveries.',
    deviation: 'D13',
    resources: IDS.map(at.roleOf),
    shows: (stack) => {
      expect(stack.addressesOf('aws_iam_role').sort()).toEqual(IDS.map(at.roleOf).sort());
    },
  },
  {
    demand: 'Each role is for one service',
    met: 'Implied by least privilege: the trust policy names the service that takes the role, and no other principal. For flow logs it also names the AWS account and its flow logs.',
    resources: IDS.flatMap((id) => [at.roleOf(id), at.documentOf(`${id}_trust`)]),
    shows: (stack) => {
      for (const [id, service] of Object.entries(SERVICES)) {
        expect(stack.at(at.roleOf(id))).toMatchObject({ assume_role_policy: `${at.documentOf(`${id}_trust`)}.json` });
        const trust = stack.statements(`${id}_trust`);
        expect(trust).toEqual([
          expect.objectContaining({
            actions: ['sts:AssumeRole'],
            principals: [{ type: 'Service', identifiers: [service] }],
          }),
        ]);
      }
      expect(stack.statements(`${at.FLOW_LOGS_ID}_trust`)[0]!.condition).toEqual([
        { test: 'StringEquals', variable: 'aws:SourceAccount', values: ['ACCOUNT_ID'] },
        {
          test: 'ArnLike',
          variable: 'aws:SourceArn',
          values: ['arn:aws:ec2:ap-southeast-1:ACCOUNT_ID:vpc-flow-log/*'],
        },
      ]);
    },
  },
  {
    demand: 'Least privilege, with explicit resource ARNs',
    met: "Each role may use its own queue, table, log group and keys by ARN. On `*` are only X-Ray, and the network interfaces, for which Lambda demands it; to a function's own code these are denied.",
    deviation: 'D14',
    resources: IDS.map((id) => at.documentOf(`${id}_permissions`)),
    shows: (stack) => {
      for (const [id, resources] of Object.entries(OWN_RESOURCES)) {
        const allowed = stack.allowed(`${id}_permissions`);
        expect(Object.keys(allowed).sort()).toEqual([...resources].sort());
        expect(
          Object.values(allowed)
            .flat()
            .filter((action) => action.includes('*')),
        ).toEqual([]);
      }
      for (const [id, name] of Object.entries(DENIED_TO_CODE)) {
        const statements = stack.statements(`${id}_permissions`);
        const attach = statements.find(
          ({ effect, actions }) => effect !== 'Deny' && actions.includes('ec2:CreateNetworkInterface'),
        )!;
        expect(statements.filter(({ effect }) => effect === 'Deny')).toEqual([
          expect.objectContaining({
            actions: attach.actions,
            resources: ['*'],
            condition: [
              {
                test: 'ArnEquals',
                variable: 'lambda:SourceFunctionArn',
                values: [`arn:aws:lambda:ap-southeast-1:ACCOUNT_ID:function:${name}`],
              },
            ],
          }),
        ]);
      }
    },
  },
  {
    demand: 'All policies are aws_iam_policy_document data sources',
    met: 'As asked: trust, permissions, bucket, topic and keys. They are no lookups, so the section on data sources does not mean them.',
    deviation: 'D24',
    resources: IDS.map(at.policyOf),
    shows: (stack) => {
      for (const id of IDS) {
        expect(stack.at(at.policyOf(id))).toMatchObject({
          role: `${at.roleOf(id)}.id`,
          policy: `${at.documentOf(`${id}_permissions`)}.json`,
        });
      }
      expect(stack.addressesOf('aws_iam_role_policy').sort()).toEqual(IDS.map(at.policyOf).sort());
      expect(stack.types.filter((type) => /^aws_iam_(policy|role_policy_attachment|role_policies)/.test(type))).toEqual(
        [],
      );
      for (const address of stack.addressesOf('aws_iam_role')) {
        for (const inline of ['inline_policy', 'managed_policy_arns'])
          expect(stack.at(address)).not.toHaveProperty(inline);
      }
    },
  },
  {
    demand: 'Roles exist before their policies: explicit depends_on',
    met: 'As asked. The policies are inline ones: there is no attachment to wait for.',
    resources: IDS.map(at.policyOf),
    shows: (stack) => {
      for (const id of IDS) expect(stack.at(at.policyOf(id)).depends_on).toEqual([at.roleOf(id)]);
    },
  },
  {
    demand: 'Roles and policies exist before the functions and the trail: explicit depends_on',
    met: 'As asked; before the flow log to CloudWatch Logs and the topic as well.',
    resources: [...at.FUNCTIONS, at.TRAIL, at.FLOW_LOG_TO_LOG_GROUP, at.TOPIC],
    shows: (stack) => {
      const waits = {
        [at.PROCESSOR]: at.PROCESSOR_ID,
        [at.DLQ_PROCESSOR]: at.DLQ_PROCESSOR_ID,
        [at.TRAIL]: at.TRAIL_ID,
        [at.FLOW_LOG_TO_LOG_GROUP]: at.FLOW_LOGS_ID,
        [at.TOPIC]: at.DELIVERY_STATUS_ID,
      };
      for (const [address, id] of Object.entries(waits)) {
        expect(stack.at(address).depends_on).toEqual(expect.arrayContaining([at.roleOf(id), at.policyOf(id)]));
      }
    },
  },
];
