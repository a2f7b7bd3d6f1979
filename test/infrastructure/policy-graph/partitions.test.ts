import { evaluate, TerraformExpressionError } from '../../../tools/kit/stacks/evaluate';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import type { Template } from '../../../tools/kit/stacks/template';

/** Partitions, each with a region (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
const REGIONS = { aws: 'ap-southeast-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };
type Partition = keyof typeof REGIONS;

/**
 * Principals that AWS has in each partition. Of the services in use, CloudWatch Logs alone has one that follows region and domain;
 * all others are universal: https://github.com/aws/aws-cdk/blob/v2.8.0/packages/@aws-cdk/region-info/lib/default.ts, and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html.
 */
const UNIVERSAL =
  /^(cloudtrail|cloudwatch|delivery\.logs|dynamodb|events|lambda|logs|s3|sns|sqs|vpc-flow-logs)\.amazonaws\.com$/;
const LOGS: Record<Partition, string> = {
  aws: 'logs.ap-southeast-1.amazonaws.com',
  'aws-cn': 'logs.cn-north-1.amazonaws.com.cn',
  'aws-us-gov': 'logs.us-gov-west-1.amazonaws.com',
};

/** In China, SQS and Lambda have endpoints of another name: https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/1121. */
const SERVICES: Record<Partition, string[]> = {
  aws: ['dynamodb', 'lambda', 'logs', 'secretsmanager', 'sns', 'sqs'].map(
    (name) => `com.amazonaws.ap-southeast-1.${name}`,
  ),
  'aws-cn': [
    ...['lambda', 'sqs'].map((name) => `cn.com.amazonaws.cn-north-1.${name}`),
    ...['dynamodb', 'logs', 'secretsmanager', 'sns'].map((name) => `com.amazonaws.cn-north-1.${name}`),
  ],
  'aws-us-gov': ['dynamodb', 'lambda', 'logs', 'secretsmanager', 'sns', 'sqs'].map(
    (name) => `com.amazonaws.us-gov-west-1.${name}`,
  ),
};

describe.each(Object.entries(REGIONS) as [Partition, string][])('a caller of the partition %s', (partition, region) => {
  const textsOf = (template: Template) => [
    ...textsWithin(template.json.resource, partition, region),
    ...textsWithin(template.json.data, partition, region),
  ];

  test.each(['deployed', 'production', 'sharing', 'roles', 'rolesWithPrivateLink'] as const)(
    'has no ARN of another partition: %s',
    (name) => {
      const arns = textsOf(readTemplate(name)).flatMap(
        (text) => text.match(/(?<!:)\barn:(?!log-stream)[^:]*(?=:)/g) ?? [],
      );
      expect(arns.length).toBeGreaterThan(20);
      expect(arns.filter((arn) => arn !== `arn:${partition}`)).toEqual([]);
    },
  );

  test.each(['deployed', 'roles'] as const)('names the service principals of its partition: %s', (name) => {
    const ofServices = principalsOf(readTemplate(name)).filter((principal) => principal !== LOGS[partition]);
    expect(ofServices.filter((principal) => !UNIVERSAL.test(principal))).toEqual([]);
  });

  test('encrypts log groups for CloudWatch Logs of its region', () => {
    expect(principalsOf(readTemplate('deployed'))).toContain(LOGS[partition]);
  });

  test('has endpoints of the services by their names there', () => {
    const names = Object.values(readTemplate('apiKey').json.resource.aws_vpc_endpoint!).map((endpoint) =>
      evaluated(endpoint.service_name, partition, region),
    );
    expect(names.sort()).toEqual(SERVICES[partition]);
  });

  function principalsOf({ json }: Template): string[] {
    const statements = Object.values(json.data.aws_iam_policy_document!).flatMap(
      ({ statement }) => statement as { principals?: { type: string; identifiers: string[] }[] }[],
    );
    const services = statements.flatMap(({ principals = [] }) => principals.filter(({ type }) => type === 'Service'));
    return services.flatMap(({ identifiers }) => identifiers.map((text) => String(evaluated(text, partition, region))));
  }
});

/** Every text within a value, as Terraform has it for a caller of the partition. */
function textsWithin(value: unknown, partition: Partition, region: string): string[] {
  if (typeof value === 'object' && value !== null)
    return Object.values(value).flatMap((item) => textsWithin(item, partition, region));
  return typeof value === 'string' ? [String(evaluated(value, partition, region))] : [];
}

function evaluated(value: unknown, partition: Partition, region: string): unknown {
  try {
    return evaluate(value, (path) => {
      if (path.join('.') === 'data.aws_caller_identity.current.arn')
        return `arn:${partition}:iam::123456789012:user/deployer`;
      return path.join('.') === 'data.aws_region.current.name' ? region : path.join('.');
    });
  } catch (error) {
    if (error instanceof TerraformExpressionError) return value; // of another function, with its texts as they are
    throw error;
  }
}
