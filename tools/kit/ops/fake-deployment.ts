import { findPipeline, type Pipeline } from '../../../src/ops/pipeline';
import type { CheckResult } from '../../../src/ops/verify/check';
import { runChecks } from '../../../src/ops/verify/checks';
import type { Clients } from '../../../src/ops/verify/clients';
import { AwsDeployment } from '../../../src/ops/verify/deployment';
import { fileOf } from './ops-bench';
import { arn, type DeploymentState, OUTCOME_TOPIC, OUTPUTS, REGION, soundState } from './sound-deployment';

/** The pipeline by its outputs. */
export function outputsPipeline(outputs: object = OUTPUTS): Pipeline {
  return findPipeline({ outputs: fileOf(outputs), environment: 'dev', queueName: 'payment-processing' });
}

/** The deployment in this state, read as in AWS but for the network. */
export function fakeDeployment(state: DeploymentState, pipeline = outputsPipeline()): AwsDeployment {
  return new AwsDeployment(pipeline, { region: REGION, foundBy: 'the names' }, clientsOf(state));
}

export type Change = (state: DeploymentState) => void;

/** What does not pass in a sound deployment after the change. */
export async function failedChecks(change: Change, pipeline = outputsPipeline()): Promise<readonly CheckResult[]> {
  const state = soundState();
  change(state);
  const results = await runChecks(fakeDeployment(state, pipeline));
  return results.filter(({ result }) => result !== 'passed');
}

function clientsOf(state: DeploymentState): Clients {
  const call =
    <Input, Output>(action: string, answer: (input: Input) => Output) =>
    (input: Input): Promise<Output> => {
      state.called.push(action);
      const name = state.denied[action] ?? state.missing[action];
      if (name !== undefined) return Promise.reject(Object.assign(new Error(`User: x is not authorized`), { name }));
      return new Promise((resolve) => {
        resolve(answer(input)); // rejects when the answer is an error
      });
    };
  const keyOf = (id: string) => id.split('/').at(-1)!;
  return {
    lambda: {
      getFunctionConfiguration: call(
        'lambda:GetFunctionConfiguration',
        ({ FunctionName }: { FunctionName: string }) => state.functions[FunctionName],
      ),
      getPolicy: call('lambda:GetPolicy', () => ({ Policy: JSON.stringify(state.dlqProcessorPolicy) })),
      listEventSourceMappings: call('lambda:ListEventSourceMappings', () => ({ EventSourceMappings: state.mappings })),
      getAccountSettings: call('lambda:GetAccountSettings', () => ({ AccountLimit: state.quota })),
      getFunctionConcurrency: call('lambda:GetFunctionConcurrency', () => ({
        ReservedConcurrentExecutions: state.reserved,
      })),
    },
    sqs: {
      getQueueUrl: call('sqs:GetQueueUrl', ({ QueueName }: { QueueName: string }) => ({ QueueUrl: QueueName })),
      getQueueAttributes: call('sqs:GetQueueAttributes', ({ QueueUrl }: { QueueUrl: string }) => ({
        Attributes: state.queues[QueueUrl],
      })),
    },
    dynamoDb: {
      describeTable: call('dynamodb:DescribeTable', () => ({ Table: state.table })),
      describeContinuousBackups: call('dynamodb:DescribeContinuousBackups', () => ({
        ContinuousBackupsDescription: {
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: state.recovery },
        },
      })),
    },
    kms: {
      describeKey: call('kms:DescribeKey', ({ KeyId }: { KeyId: string }) => ({
        KeyMetadata: {
          KeyId,
          Arn: KeyId,
          KeyManager: keyOf(KeyId) === 'secretsmanager' ? 'AWS' : 'CUSTOMER',
          KeyState: state.keyStates[keyOf(KeyId)],
        },
      })),
      getKeyRotationStatus: call('kms:GetKeyRotationStatus', () => ({ KeyRotationEnabled: state.rotates })),
    },
    cloudTrail: {
      getTrail: call('cloudtrail:GetTrail', () => ({ Trail: state.trail })),
      getTrailStatus: call('cloudtrail:GetTrailStatus', () => state.trailStatus),
      getEventSelectors: call('cloudtrail:GetEventSelectors', () => ({ AdvancedEventSelectors: state.selectors })),
    },
    ec2: {
      describeVpcEndpoints: call('ec2:DescribeVpcEndpoints', () => ({ VpcEndpoints: state.endpoints })),
      describeFlowLogs: call('ec2:DescribeFlowLogs', () => ({ FlowLogs: state.flowLogs })),
    },
    sns: {
      listSubscriptionsByTopic: call('sns:ListSubscriptionsByTopic', ({ TopicArn }: { TopicArn: string }) => ({
        Subscriptions: state.subscriptions[TopicArn],
      })),
      getTopicAttributes: call('sns:GetTopicAttributes', ({ TopicArn }: { TopicArn: string }) => ({
        Attributes:
          TopicArn === OUTCOME_TOPIC
            ? state.outcomeTopic
            : { Policy: JSON.stringify(state.admitted.map((name) => arn('cloudwatch', `alarm:${name}`))) },
      })),
    },
    cloudWatch: {
      describeAlarms: call('cloudwatch:DescribeAlarms', ({ AlarmNames }: { AlarmNames: string[] }) => ({
        MetricAlarms: state.alarms.filter(({ AlarmName }) => AlarmNames.includes(AlarmName)),
        CompositeAlarms: state.composites,
      })),
    },
    cloudWatchLogs: {
      describeLogGroups: call('logs:DescribeLogGroups', ({ logGroupNamePrefix }: { logGroupNamePrefix: string }) => ({
        logGroups: state.logGroups.filter(({ logGroupName }) => logGroupName.startsWith(logGroupNamePrefix)),
      })),
    },
    s3: {
      getObjectLockConfiguration: call('s3:GetBucketObjectLockConfiguration', ({ Bucket }: { Bucket: string }) => {
        if (Bucket !== 'audit-test' || state.objectLock === undefined)
          throw Object.assign(new Error(), { name: 'ObjectLockConfigurationNotFoundError' });
        return { ObjectLockConfiguration: { Rule: { DefaultRetention: state.objectLock } } };
      }),
    },
    iam: {
      simulatePrincipalPolicy: call(
        'iam:SimulatePrincipalPolicy',
        ({ ActionNames, ResourceArns }: { ActionNames: string[]; ResourceArns: string[] }) => ({
          EvaluationResults: ActionNames.map((EvalActionName) => ({
            EvalActionName,
            EvalDecision:
              state.refused[EvalActionName] ?? state.refused[`${EvalActionName} on ${ResourceArns[0]}`] ?? 'allowed',
          })),
        }),
      ),
    },
    secretsManager: { describeSecret: call('secretsmanager:DescribeSecret', () => state.secret) },
  } as unknown as Clients;
}
