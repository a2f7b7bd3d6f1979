import type { AwsEnvironment } from '../aws-environment';
import type { Names } from '../resource-names';
import type { Statement } from '../policy';

/** The pipeline that the roles deploy, by its names: the roles exist before it. */
export interface PipelineArns {
  readonly names: Names;
  readonly deployment: AwsEnvironment;
}

/** The permissions that Terraform needs for some of a pipeline's resources. */
export interface PermissionSet {
  /** Read the configuration, never the data. */
  readonly read: Statement[];
  readonly write: Statement[];
}

/** The names of the roles that the pipeline's services assume. */
export function serviceRoles({ names }: PipelineArns): string[] {
  return [names.paymentProcessor, names.dlqProcessor, names.flowLogs, names.cloudTrail, names.snsDeliveryStatus].map(
    ({ role }) => role,
  );
}

export function roleArn({ deployment }: PipelineArns, role: string): string {
  return deployment.globalArn('iam', `role/${role}`);
}

export function queueArns({ names, deployment }: PipelineArns): string[] {
  return [names.paymentQueue, names.deadLetterQueue].map((name) => deployment.arn('sqs', name));
}

export function tableArn({ names, deployment }: PipelineArns): string {
  return deployment.arn('dynamodb', `table/${names.paymentTable}`);
}

export function auditBucketArn({ names, deployment }: PipelineArns): string {
  return deployment.bucketArn(names.auditBucket(deployment.accountId));
}

export function functionArns({ names, deployment }: PipelineArns): string[] {
  return [names.paymentProcessor, names.dlqProcessor].map((handler) => deployment.functionArn(handler.function));
}

/** Each log group and its streams: some actions name the group, others its streams. */
export function logGroupArns(target: PipelineArns): string[] {
  const { paymentProcessor, dlqProcessor, flowLogGroup, trailLogGroup } = target.names;
  const groups = [paymentProcessor.logGroup, dlqProcessor.logGroup, flowLogGroup, trailLogGroup];
  return [...groups.flatMap((name) => withStreams(target, name)), ...deliveryLogGroupArns(target)];
}

/** The log groups of SNS's deliveries, and their streams. */
export function deliveryLogGroupArns(target: PipelineArns): string[] {
  const { region, accountId } = target.deployment;
  const deliveries = `sns/${region}/${accountId}/${target.names.topic}`;
  return [deliveries, `${deliveries}/Failure`].flatMap((name) => withStreams(target, name));
}

function withStreams({ deployment }: PipelineArns, name: string): string[] {
  const group = deployment.logGroupArn(name);
  return [group, `${group}:*`];
}
