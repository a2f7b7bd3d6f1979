import type { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import type { Encryption } from '../encryption';
import { createLogGroup } from '../log-group';
import type { HandlerNames } from '../resource-names';
import type { Network } from '../network/network';
import { createServiceRole, type Statement } from '../policy';
import type { Settings } from '../props';
import { platformPermissions } from './platform-permissions';

/** The configuration that both functions share. */
export interface FunctionContext {
  readonly settings: Settings;
  readonly encryption: Encryption;
  readonly network: Network;
}

export interface HandlerFunctionConfig extends FunctionContext {
  readonly names: HandlerNames;
  readonly archive: DataArchiveFile;
  /** Seconds. */
  readonly timeout: number;
  /** Reserves none, and says so to Lambda, when -1. */
  readonly reservedConcurrency?: number;
  readonly environment: Record<string, string>;
  /** The handler's own permissions, in addition to those of every function in the VPC. */
  readonly permissions: Statement[];
}

export interface HandlerFunction {
  readonly lambda: LambdaFunction;
  readonly role: IamRole;
  /** Resources that use the function's permissions depend on it. */
  readonly policy: IamRolePolicy;
  readonly logGroup: CloudwatchLogGroup;
}

/** Creates the function of a bundled handler, with its log group and a role with the handler's permissions. */
export function createHandlerFunction(scope: Construct, id: string, config: HandlerFunctionConfig): HandlerFunction {
  const { names, archive, settings, encryption, network } = config;
  const functionArn = awsEnvironmentOf(scope).functionArn(names.function);

  const logGroup = createLogGroup(scope, `${id}_log_group`, { ...settings, encryption, name: names.logGroup });
  const { role, policy } = createServiceRole(scope, id, {
    ...names,
    service: 'lambda.amazonaws.com',
    permissions: [...config.permissions, ...platformPermissions({ functionArn, logGroup, encryption })],
  });

  const lambda = new LambdaFunction(scope, id, {
    functionName: names.function,
    role: role.arn,
    runtime: settings.lambdaRuntime,
    architectures: ['arm64'],
    handler: 'index.handler',
    filename: archive.outputPath,
    sourceCodeHash: archive.outputBase64Sha256,
    memorySize: settings.lambdaMemory,
    timeout: config.timeout,
    ...(config.reservedConcurrency !== undefined && { reservedConcurrentExecutions: config.reservedConcurrency }),
    vpcConfig: {
      subnetIds: [...network.subnetIds],
      securityGroupIds: [network.functionSecurityGroup.id],
    },
    tracingConfig: { mode: 'Active' },
    environment: { variables: { ...config.environment, ...network.functionVariables } },
    // IAM is eventually consistent; and a log group that Lambda makes itself never expires.
    dependsOn: [role, policy, logGroup],
  });

  network.keepWhileAttached(policy);

  return { lambda, role, policy, logGroup };
}
