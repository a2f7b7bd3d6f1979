import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { EnvironmentError, readDlqProcessorEnvironment, readProcessorEnvironment } from '../../contract';
import { functionNameOf } from '../aws-states';
import type { Pipeline } from '../pipeline';
import { type Check, compareSettings, defineCheck, DEPLOY_AGAIN, type Finding, WAIT } from './check';
import { defineRead } from './read';

export const paymentProcessor = configurationOf((pipeline) => pipeline.paymentProcessor);
export const dlqProcessor = configurationOf((pipeline) => functionNameOf(pipeline.dlqProcessor));

function configurationOf(nameOf: (pipeline: Pipeline) => string) {
  return defineRead({
    action: 'lambda:GetFunctionConfiguration',
    subject: (pipeline) => `function ${nameOf(pipeline)}`,
    send: ({ lambda }, _found, pipeline): Promise<FunctionConfiguration> =>
      lambda.getFunctionConfiguration({ FunctionName: nameOf(pipeline) }),
  });
}

/** Who may call the DLQ processor without permissions of their own. */
const dlqProcessorPolicy = defineRead({
  action: 'lambda:GetPolicy',
  subject: (pipeline) => `policy of the function ${functionNameOf(pipeline.dlqProcessor)}`,
  send: async ({ lambda }, _found, pipeline) => {
    const { Policy = '{}' } = await lambda.getPolicy({ FunctionName: functionNameOf(pipeline.dlqProcessor) });
    return (JSON.parse(Policy) as { readonly Statement?: readonly PolicyStatement[] }).Statement ?? [];
  },
});

/** A statement as Lambda writes it. */
interface PolicyStatement {
  readonly Principal?: { readonly Service?: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The function's environment. */
export function variablesOf({ Environment }: FunctionConfiguration): Readonly<Partial<Record<string, string>>> {
  return Environment?.Variables ?? {};
}

/** Both functions are of one release, so the outputs may be of an earlier deployment. */
const READ_OUTPUTS_AGAIN = 'Write the outputs into the file again, and verify again. If it fails again, deploy again.';

const functions = { paymentProcessor, dlqProcessor };

export const FUNCTION_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Functions: active',
    needs: functions,
    judge: (found) => Object.values(found).flatMap(stateFindings),
  }),
  defineCheck({
    name: 'Functions: one release',
    needs: functions,
    judge: (found, { pipeline }) => {
      const [processor, other] = [variablesOf(found.paymentProcessor), variablesOf(found.dlqProcessor)];
      const release = pipeline.expected().releaseId ?? processor.RELEASE_ID ?? 'a release';
      return compareSettings(
        {
          "the payment processor's RELEASE_ID": [processor.RELEASE_ID, release],
          "the DLQ processor's RELEASE_ID": [other.RELEASE_ID, release],
        },
        processor.RELEASE_ID !== undefined && processor.RELEASE_ID === other.RELEASE_ID
          ? READ_OUTPUTS_AGAIN
          : DEPLOY_AGAIN,
      );
    },
  }),
  defineCheck({
    name: 'Functions: reviews are measured',
    needs: { dlqProcessorPolicy },
    judge: ({ dlqProcessorPolicy: statements }, { pipeline }) => {
      const { reviewRule } = pipeline.expected();
      const isPermitted = statements.some(
        ({ Principal, Condition }) =>
          Principal?.Service === 'events.amazonaws.com' &&
          Condition?.ArnLike?.['AWS:SourceArn']?.endsWith(reviewRule) === true,
      );
      const found = `The policy of the DLQ processor doesn't let the rule ${reviewRule} call it, so nobody is alarmed about old reviews.`;
      return isPermitted ? [] : [{ found, whatToDo: DEPLOY_AGAIN }];
    },
  }),
  defineCheck({
    name: 'Functions: environment',
    needs: functions,
    judge: (found, { pipeline }) => [
      ...environmentFindings(found.paymentProcessor, readProcessorEnvironment),
      ...environmentFindings(found.dlqProcessor, readDlqProcessorEnvironment),
      ...Object.values(found).flatMap((configuration) => resourceFindings(configuration, pipeline)),
    ],
  }),
];

function stateFindings({
  FunctionName = '',
  State,
  StateReason,
  LastUpdateStatus,
  LastUpdateStatusReason,
}: FunctionConfiguration): readonly Finding[] {
  const name = functionNameOf(FunctionName);
  if (State === 'Pending' || LastUpdateStatus === 'InProgress')
    return [{ found: `${name} is being created or updated.`, whatToDo: WAIT }];
  if (State === 'Inactive')
    return [
      {
        found: `Lambda has put ${name} to sleep, as nobody used it for weeks.`,
        whatToDo: 'Send a canary, or run analyze --dry-run, which wakes it. The first use may fail. Then verify again.',
      },
    ];
  return [
    ...(State === 'Active' ? [] : [fault(`${name} is ${State ?? 'in no state'}`, StateReason)]),
    ...(LastUpdateStatus === 'Successful'
      ? []
      : [fault(`the last update of ${name} is ${LastUpdateStatus ?? 'unknown'}`, LastUpdateStatusReason)]),
  ];
}

function fault(found: string, reason = 'Lambda gives no reason'): Finding {
  return { found: `${found}: ${reason}`, whatToDo: 'Correct the reason, and deploy again.' };
}

function environmentFindings(
  configuration: FunctionConfiguration,
  read: (environment: Readonly<Record<string, string | undefined>>) => unknown,
): readonly Finding[] {
  try {
    read(variablesOf(configuration));
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return [{ found: `${configuration.FunctionName ?? ''}: ${error.message}`, whatToDo: DEPLOY_AGAIN }];
  }
}

/** The function uses the queues and the table of this pipeline. */
function resourceFindings(configuration: FunctionConfiguration, pipeline: Pipeline): readonly Finding[] {
  const { PAYMENT_TABLE_NAME, PAYMENT_QUEUE_URL, PAYMENT_DLQ_URL } = variablesOf(configuration);
  const nameIn = (url: string | undefined) => url?.split('/').at(-1);
  const name = configuration.FunctionName ?? '';
  return compareSettings({
    [`${name}: PAYMENT_TABLE_NAME`]: [PAYMENT_TABLE_NAME, pipeline.paymentTable],
    [`${name}: the queue of PAYMENT_QUEUE_URL`]: [nameIn(PAYMENT_QUEUE_URL), pipeline.paymentQueue],
    [`${name}: the queue of PAYMENT_DLQ_URL`]: [nameIn(PAYMENT_DLQ_URL), pipeline.deadLetterQueue],
  });
}
