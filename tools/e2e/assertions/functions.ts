import { GetRoleCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetEventSourceMappingCommand, GetFunctionConcurrencyCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import { configuration } from '../support/lookups';
import { orGap, type Reader, recorded, textOf } from './reader';

/** As Lambda writes it: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
interface LambdaStatement {
  readonly Sid: string;
  readonly Action: string;
  readonly Resource: string;
  readonly Principal: { readonly Service?: string };
  readonly Condition?: { readonly ArnLike?: Readonly<Record<string, string>> };
}

/** Readers of Lambda and IAM. */
export const functions: Readonly<Record<string, Reader>> = {
  aws_lambda_function: async (asked, deployed) => {
    const found = await configuration(deployed, textOf(asked, 'function_name'));
    const { ReservedConcurrentExecutions } = await deployed.aws.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: found.FunctionName }),
    );
    return {
      function_name: found.FunctionName,
      runtime: found.Runtime,
      handler: found.Handler,
      timeout: found.Timeout,
      memory_size: found.MemorySize,
      architectures: orGap(found.Architectures, 'moto names no architecture'),
      role: found.Role,
      source_code_hash: found.CodeSha256,
      reserved_concurrent_executions: ReservedConcurrentExecutions,
      tracing_config: { mode: found.TracingConfig?.Mode },
      environment: { variables: found.Environment?.Variables },
      vpc_config: {
        subnet_ids: found.VpcConfig?.SubnetIds,
        security_group_ids: found.VpcConfig?.SecurityGroupIds,
      },
    };
  },

  aws_lambda_event_source_mapping: async (asked, { aws }) => {
    const found = await aws.lambda.send(new GetEventSourceMappingCommand({ UUID: recorded(asked, 'uuid') }));
    return {
      event_source_arn: found.EventSourceArn,
      function_name: found.FunctionArn,
      batch_size: found.BatchSize,
      function_response_types: found.FunctionResponseTypes,
      scaling_config: { maximum_concurrency: found.ScalingConfig?.MaximumConcurrency },
    };
  },

  aws_lambda_permission: async (asked, { aws }) => {
    const FunctionName = textOf(asked, 'function_name');
    const { Policy } = await aws.lambda.send(new GetPolicyCommand({ FunctionName }));
    const { Statement } = JSON.parse(Policy ?? '{}') as { readonly Statement?: readonly LambdaStatement[] };
    const [found] = Statement ?? [];
    return {
      statement_id: found?.Sid,
      action: found?.Action,
      function_name: found?.Resource.split(':').at(-1),
      principal: found?.Principal.Service,
      source_arn: found?.Condition?.ArnLike?.['AWS:SourceArn'],
    };
  },

  aws_iam_role: async (asked, { aws }) => {
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: textOf(asked, 'name') }));
    return {
      name: Role?.RoleName,
      assume_role_policy: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''),
      permissions_boundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
    };
  },

  aws_iam_role_policy: async (asked, { aws }) => {
    const found = await aws.iam.send(
      new GetRolePolicyCommand({ RoleName: textOf(asked, 'role'), PolicyName: textOf(asked, 'name') }),
    );
    return {
      name: found.PolicyName,
      role: found.RoleName,
      policy: decodeURIComponent(found.PolicyDocument ?? ''),
    };
  },
};
