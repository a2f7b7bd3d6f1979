import type { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { Construct } from 'constructs';
import type { HandlerNames } from './names';

const LOG_RETENTION_DAYS = 1;

const WRITE_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const WRITE_TRACES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

export interface HandlerFunctionConfig {
  readonly names: HandlerNames;
  readonly archive: DataArchiveFile;
  /** MB */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** -1 reserves none. */
  readonly reservedConcurrency: number;
  readonly environment: Record<string, string>;
  /** What the handler does, besides writing its logs and traces. */
  readonly permissions: DataAwsIamPolicyDocumentStatement[];
}

export interface HandlerFunction {
  readonly lambda: LambdaFunction;
  /** What else calls the function's permissions into use waits for it. */
  readonly policy: IamRolePolicy;
}

/** A function for one of the bundled handlers, with its log group and a role that may do what the handler does. */
export function createHandlerFunction(scope: Construct, id: string, config: HandlerFunctionConfig): HandlerFunction {
  const { names, archive } = config;

  const logGroup = new CloudwatchLogGroup(scope, `${id}_log_group`, {
    name: names.logGroup,
    retentionInDays: LOG_RETENTION_DAYS,
  });

  const role = new IamRole(scope, `${id}_role`, {
    name: names.role,
    assumeRolePolicy: new DataAwsIamPolicyDocument(scope, `${id}_trust`, {
      statement: [
        { actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }] },
      ],
    }).json,
  });

  const policy = new IamRolePolicy(scope, `${id}_policy`, {
    name: names.policy,
    role: role.id,
    policy: new DataAwsIamPolicyDocument(scope, `${id}_permissions`, {
      statement: [
        ...config.permissions,
        { sid: 'WriteLogs', actions: WRITE_LOGS, resources: [`${logGroup.arn}:*`] },
        // X-Ray has no resource ARNs.
        { sid: 'WriteTraces', actions: WRITE_TRACES, resources: ['*'] },
      ],
    }).json,
    dependsOn: [role],
  });

  const lambda = new LambdaFunction(scope, id, {
    functionName: names.function,
    role: role.arn,
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    filename: archive.outputPath,
    sourceCodeHash: archive.outputBase64Sha256,
    memorySize: config.memory,
    timeout: config.timeout,
    reservedConcurrentExecutions: config.reservedConcurrency,
    tracingConfig: { mode: 'Active' },
    environment: { variables: config.environment },
    // IAM is eventually consistent; and a log group that Lambda makes itself never expires.
    dependsOn: [role, policy, logGroup],
  });

  return { lambda, policy };
}
