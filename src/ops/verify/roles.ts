import { actionOf, CALLS, type Handler, PLATFORM_ACTIONS } from '../../contract/function-calls';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { IAM } from '@aws-sdk/client-iam';
import { type Check, defineCheck, type Finding } from './check';
import { dlqProcessor, paymentProcessor, variablesOf } from './functions';
import { paymentTable } from './payment-table';
import { deadLetterQueue, paymentQueue } from './queues';
import { defineRead, type Found, type Read } from './read';

const resources = { paymentQueue, deadLetterQueue, paymentTable };

/** Actions on one resource. */
interface Use {
  readonly resource: string;
  readonly actions: readonly string[];
}

/** An action that the role's policies do not allow, or that its boundary or an organization's policy denies. */
interface Refusal {
  readonly action: string;
  readonly resource: string;
  readonly because: string;
}

export const ROLE_CHECKS: readonly Check[] = [
  roleCheck('payment processor', 'payment-processor', paymentProcessor),
  roleCheck('DLQ processor', 'dlq-processor', dlqProcessor),
];

function roleCheck(name: string, handler: Handler, lambda: Read<FunctionConfiguration>): Check {
  const refusals = defineRead({
    action: 'iam:SimulatePrincipalPolicy',
    subject: () => `role of the ${name}`,
    needs: { ...resources, lambda },
    send: async ({ iam }, found) => {
      const refused: Refusal[] = [];
      // One after the other, as IAM throttles early.
      for (const use of byResource(usesOf(handler, found.lambda, found)))
        refused.push(...(await refusalsOf(iam, found.lambda.Role ?? '', use)));
      return refused;
    },
  });
  return defineCheck({
    name: `Role of the ${name}: allows each call`,
    needs: { refusals },
    judge: (found): readonly Finding[] =>
      found.refusals.map(({ action, resource, because }) => ({
        found: `${action} on ${resource} is refused (${because}).`,
        whatToDo:
          because === 'implicitDeny'
            ? "Deploy again, which gives the role its policy. Otherwise look at the role's permissions boundary."
            : "Find the denial in the role's policies, its permissions boundary, or a policy of the organization.",
      })),
  });
}

/** All that the function's code does, and what AWS services do in its name. */
function usesOf(handler: Handler, lambda: FunctionConfiguration, found: Found<typeof resources>): readonly Use[] {
  const variables = variablesOf(lambda);
  const [queue, deadLetters, table] = [
    found.paymentQueue.QueueArn ?? '',
    found.deadLetterQueue.QueueArn ?? '',
    found.paymentTable.TableArn ?? '',
  ];
  const named: Readonly<Partial<Record<string, string>>> = {
    ...variables,
    PAYMENT_TABLE_NAME: table,
    PAYMENT_QUEUE_URL: queue,
    PAYMENT_DLQ_URL: deadLetters,
  };
  const calls = CALLS[handler].flatMap((call): Use[] => {
    const resource = named[call.to];
    if (resource === undefined) return [];
    return [
      {
        resource: call.index === undefined ? resource : `${resource}/index/${call.index}`,
        actions: [actionOf(call)],
      },
    ];
  });
  const keys = [found.paymentQueue.KmsMasterKeyId, found.paymentTable.SSEDescription?.KMSMasterKeyArn];
  const { pollQueue, useKeys, writeLogs, writeTraces, attachToVpc } = PLATFORM_ACTIONS;
  return [
    ...calls,
    ...(handler === 'payment-processor' ? [{ resource: queue, actions: pollQueue }] : []),
    ...keys.flatMap((key) => (key === undefined ? [] : [{ resource: key, actions: useKeys }])),
    { resource: logStreamsOf(lambda), actions: writeLogs },
    { resource: '*', actions: [...writeTraces, ...attachToVpc] },
  ];
}

function byResource(uses: readonly Use[]): readonly Use[] {
  return [...new Set(uses.map(({ resource }) => resource))].map((resource) => {
    const actions = uses.filter((use) => use.resource === resource).flatMap((use) => use.actions);
    return { resource, actions: [...new Set(actions)] };
  });
}

/** `arn:<partition>:lambda:<region>:<account>:function:<name>` names all parts of the ARN of the function's log group. */
function logStreamsOf({ FunctionArn = '', FunctionName = '' }: FunctionConfiguration): string {
  const [arn, partition, , region, account] = FunctionArn.split(':');
  return [
    arn,
    partition,
    'logs',
    region,
    account,
    'log-group',
    `/aws/lambda/${FunctionName}`,
    'log-stream',
    'any',
  ].join(':');
}

/** The actions on the resource that IAM refuses to the role. */
export async function refusalsOf(
  iam: IAM,
  PolicySourceArn: string,
  { resource, actions }: Use,
): Promise<readonly Refusal[]> {
  const { EvaluationResults = [] } = await iam.simulatePrincipalPolicy({
    PolicySourceArn,
    ActionNames: [...actions],
    ResourceArns: [resource],
  });
  return EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed').map(
    ({ EvalActionName: action = '', EvalDecision: because = 'unknown' }) => ({ action, resource, because }),
  );
}
