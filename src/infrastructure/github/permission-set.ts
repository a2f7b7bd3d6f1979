import { type AwsEnvironment, bucketArn } from '../aws-environment';
import type { Names } from '../names';
import type { Statement } from '../policy';

/** The pipeline that is deployed, known by its names: the roles are there before it is. */
export interface PipelineArns {
  readonly names: Names;
  readonly deployment: AwsEnvironment;
}

/** What Terraform asks AWS about some of a pipeline's resources, and how it makes, changes and deletes them. */
export interface PermissionSet {
  /** Of how they are set up; never of what they hold. */
  readonly read: Statement[];
  readonly write: Statement[];
}

/** The roles that the pipeline's services take. */
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

export function topicArn({ names, deployment }: PipelineArns): string {
  return deployment.arn('sns', names.topic);
}

export function auditBucketArn({ names, deployment }: PipelineArns): string {
  return bucketArn(names.auditBucket(deployment.accountId));
}

export function functionArns({ names, deployment }: PipelineArns): string[] {
  return [names.paymentProcessor, names.dlqProcessor].map((handler) => deployment.functionArn(handler.function));
}

/** With what is in them: some actions are about a group, and some about its streams. */
export function logGroupArns({ names, deployment }: PipelineArns): string[] {
  const { region, accountId } = deployment;
  const deliveries = `sns/${region}/${accountId}/${names.topic}`;
  const groups = [
    names.paymentProcessor.logGroup,
    names.dlqProcessor.logGroup,
    names.flowLogGroup,
    names.trailLogGroup,
    deliveries,
    `${deliveries}/Failure`,
  ];
  return groups.map((name) => deployment.logGroupArn(name)).flatMap((group) => [group, `${group}:*`]);
}
