import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { UpdateContinuousBackupsCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Deployed } from '../assertions/assertion';
import {
  attributesOf,
  configuration,
  permissions,
  policyName,
  queueUrl,
  type RoleName,
  roleName,
} from '../support/lookups';
import { TABLE } from '../support/names';

/** Makes a fault in what was deployed. @returns what undoes it */
export type Plant = (deployed: Deployed) => Promise<() => Promise<unknown>>;

type MappingSettings = Omit<UpdateEventSourceMappingCommandInput, 'UUID'>;

export function mappingWith(fault: MappingSettings, sound: MappingSettings): Plant {
  return async ({ aws, outputs }) => {
    const set = (settings: MappingSettings) =>
      aws.lambda.send(
        new UpdateEventSourceMappingCommand({ UUID: String(outputs.payments_event_source_id), ...settings }),
      );
    await set(fault);
    return () => set(sound);
  };
}

export function queueWith(
  name: string,
  attributes: Record<string, string>,
  changePolicy?: (policy: Record<string, unknown>) => Record<string, unknown>,
): Plant {
  return async (deployed) => {
    const before = await attributesOf(deployed, name);
    const { RedrivePolicy = '{}' } = before;
    const fault = {
      ...attributes,
      ...(changePolicy && {
        RedrivePolicy: JSON.stringify(changePolicy(JSON.parse(RedrivePolicy) as Record<string, unknown>)),
      }),
    };
    const sound = Object.fromEntries(Object.keys(fault).map((attribute) => [attribute, before[attribute]!]));
    const QueueUrl = await queueUrl(deployed, name);
    const set = (Attributes: Record<string, string>) =>
      deployed.aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    await set(fault);
    return () => set(sound);
  };
}

export function roleWithout(role: RoleName, action: string): Plant {
  return async (deployed) => {
    const granted = await permissions(deployed, role);
    const set = (Statement: typeof granted) =>
      deployed.aws.iam.send(
        new PutRolePolicyCommand({
          RoleName: roleName(role),
          PolicyName: policyName(role),
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
        }),
      );
    await set(granted.map((one) => ({ ...one, Action: [one.Action].flat().filter((allowed) => allowed !== action) })));
    return () => set(granted);
  };
}

export function functionWith(FunctionName: string, change: Record<string, string | undefined>): Plant {
  return async (deployed) => {
    const { Environment } = await configuration(deployed, FunctionName);
    const before = Environment?.Variables ?? {};
    const set = (variables: Record<string, string | undefined>) => {
      const Variables = Object.fromEntries(
        Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      return deployed.aws.lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
      );
    };
    await set({ ...before, ...change });
    return () => set(before);
  };
}

export function reserving(FunctionName: string, fault: number, sound: number | undefined): Plant {
  return async ({ aws }) => {
    const reserve = (ReservedConcurrentExecutions: number) =>
      aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    await reserve(fault);
    return () =>
      sound === undefined ? aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })) : reserve(sound);
  };
}

export function alarmWith(AlarmName: string, change: { readonly ActionsEnabled: boolean } | 'deleted'): Plant {
  return async ({ aws: { cloudwatch } }) => {
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    const { EvaluationPeriods, ComparisonOperator, ...others } = MetricAlarms![0]!;
    const sound = { ...others, AlarmName, EvaluationPeriods, ComparisonOperator };
    if (change === 'deleted') await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
    else await cloudwatch.send(new PutMetricAlarmCommand({ ...sound, ...change }));
    return () => cloudwatch.send(new PutMetricAlarmCommand(sound));
  };
}

export const withoutRecovery: Plant = async ({ aws }) => {
  const set = (PointInTimeRecoveryEnabled: boolean) => {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled };
    return aws.dynamodb.send(
      new UpdateContinuousBackupsCommand({ TableName: TABLE, PointInTimeRecoverySpecification }),
    );
  };
  await set(false);
  return () => set(true);
};

type KeyCall = (kms: Deployed['aws']['kms'], key: { readonly KeyId: string }) => Promise<unknown>;

/** @param output names the key */
export function keyWith(output: string, fault: KeyCall, undo: KeyCall): Plant {
  return async ({ aws: { kms }, outputs }) => {
    const key = { KeyId: String(outputs[output]) };
    await fault(kms, key);
    return () => undo(kms, key);
  };
}

export const withDeletionProtection: Plant = async ({ aws }) => {
  const set = (DeletionProtectionEnabled: boolean) =>
    aws.dynamodb.send(new UpdateTableCommand({ TableName: TABLE, DeletionProtectionEnabled }));
  await set(true);
  return () => set(false);
};

export function logKept(logGroupName: string, faultDays: number, soundDays: number): Plant {
  return async ({ aws }) => {
    const set = (retentionInDays: number) =>
      aws.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    await set(faultDays);
    return () => set(soundDays);
  };
}
