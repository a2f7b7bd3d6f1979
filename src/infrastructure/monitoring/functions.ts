import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { AlarmDefinition, MonitoringProps } from './alarm';
import { showTrouble } from './first-command';
import { figure } from './figure';
import { functionMetric, shareOf } from './metric';
import { graph, type Widget } from './dashboard';

/** Percent of the invocations. */
const MANY_ERRORS = 1;
/** Percent of `maxConcurrency`. */
const NEAR_LIMIT = 90;

export const FUNCTION_ALARMS: readonly AlarmDefinition[] = [
  {
    purpose: 'lambda-error-rate',
    isSpecified: true,
    inOutage: 'symptom',
    meaning: ({ threshold }) =>
      `More than ${figure(threshold)} % of the payment processor's invocations crashed or timed out; their batches come back and cost each payment ` +
      'a receive.',
    firstCommand: showTrouble,
    watches: ({ processor: { lambda } }) =>
      shareOf(
        functionMetric(lambda.functionName, 'Errors', 'Sum'),
        functionMetric(lambda.functionName, 'Invocations', 'Sum'),
      ),
    threshold: MANY_ERRORS,
  },
  {
    purpose: 'lambda-concurrency',
    isSpecified: true,
    inOutage: 'symptom',
    meaning: ({ threshold }) =>
      `The payment processor runs at ${figure(threshold)} % of its limit, maxConcurrency: soon payments wait longer for their turn. Either the fraud API ` +
      'has become slow, or more payments come in than ever.',
    firstCommand: showTrouble,
    watches: ({ processor: { lambda } }) => functionMetric(lambda.functionName, 'ConcurrentExecutions', 'Maximum'),
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: NEAR_LIMIT,
    percentOf: { prop: 'maxConcurrency', value: ({ settings }) => settings.maxConcurrency },
  },
  {
    purpose: 'lambda-throttles',
    inOutage: 'symptom',
    meaning:
      'Lambda refused to run the payment processor; each refused batch costs its payments a receive. Another function may have ' +
      'used up the concurrency of the AWS account.',
    firstCommand: () => 'aws lambda get-account-settings',
    watches: ({ processor: { lambda } }) => functionMetric(lambda.functionName, 'Throttles', 'Sum'),
    threshold: 0,
  },
];

export function functionRows({ processor, dlqProcessor }: MonitoringProps): Widget[][] {
  return [functionRow('Payment processor', processor.lambda), functionRow('DLQ processor', dlqProcessor.lambda)];
}

function functionRow(title: string, { functionName }: LambdaFunction): Widget[] {
  const metric = (name: string, statistic: string) => functionMetric(functionName, name, statistic);
  return [
    graph(`${title}: invocations and errors`, [metric('Invocations', 'Sum'), metric('Errors', 'Sum')]),
    graph(
      `${title}: duration in milliseconds`,
      ['Average', 'p99', 'Maximum'].map((statistic) => ({ ...metric('Duration', statistic), label: statistic })),
    ),
    graph(`${title}: concurrency and throttles`, [
      metric('ConcurrentExecutions', 'Maximum'),
      { ...metric('Throttles', 'Sum'), yAxis: 'right' },
    ]),
  ];
}
