import { FRAUD_DECISIONS } from '../../../src/contract';
import { emfData } from '../cloudwatch/emf';
import { DlqBench } from '../bundles/dlq-bench';
import { payment, recordOf } from '../payments/black-box-payments';
import { ProcessorBench } from '../bundles/processor-bench';
import { FakeSecretsManager } from '../bundles/fake-secrets-manager';
import type { Call, Handler } from '../../../src/contract/function-calls';

type Variables = Readonly<Record<string, string>>;

/** A metric as CloudWatch takes it from an EMF line. */
export interface EmittedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Variables;
}

export interface HandlerRuns {
  readonly metrics: readonly EmittedMetric[];
  readonly calls: Readonly<Record<Handler, readonly Call[]>>;
}

const SECRET_ARN = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';

/**
 * Runs both bundles through what they may meet: each decision, a refusal, a duplicate, an outage, a held account and
 * an outcome that is not published; an analysis that alerts,
 * a redrive, a resolution and a measurement.
 * @param deployed the functions' variables, of which those of Powertools are used
 */
export async function runHandlers(deployed: Readonly<Record<Handler, Variables>>): Promise<HandlerRuns> {
  const powertools = powertoolsOf(deployed['payment-processor']);
  const secrets = await FakeSecretsManager.start();
  secrets.answers({ secret: 'key' });
  const withKey = { FRAUD_API_KEY_SECRET_ARN: SECRET_ARN, AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint };
  try {
    const bench = await ProcessorBench.start({ ...powertools, ...withKey, FRAUD_API_MAX_ATTEMPTS: '1' });
    try {
      return await runBoth(bench, secrets, { ...bench.environment, ...withKey }, deployed);
    } finally {
      await bench.close();
    }
  } finally {
    await secrets.close();
  }
}

async function runBoth(
  bench: ProcessorBench,
  secrets: FakeSecretsManager,
  variables: Variables,
  deployed: Readonly<Record<Handler, Variables>>,
): Promise<HandlerRuns> {
  await payEverything(bench);
  await bench.restart({ ...powertoolsOf(deployed['payment-processor']), ON_FAILED_PAYMENT: 'hold' });
  await parkOne(bench);
  await bench.restart({ ...powertoolsOf(deployed['payment-processor']), OUTCOME_TOPIC_ARN: bench.subscriber.topicArn });
  bench.sns.fail('Publish', 'refused');
  await bench.pay({ body: payment() }, { body: payment() });
  await bench.restart(); // every line is here then
  const keyReads = secrets.calls.map(({ operation, secretId }) =>
    told('secretsmanager', operation, { SecretId: secretId }, variables),
  );
  const processor = [...callsOf(bench, { ...variables, OUTCOME_TOPIC_ARN: bench.subscriber.topicArn }), ...keyReads];
  const operated = await operate(powertoolsOf(deployed['dlq-processor']));
  const metrics = [...bench.lines, ...operated.lines]
    .flatMap(emfData)
    .map(({ namespace, metricName, unit, dimensions }) => ({ namespace, name: metricName, unit, dimensions }));
  return { metrics, calls: { 'payment-processor': processor, 'dlq-processor': operated.calls } };
}

function powertoolsOf(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('POWERTOOLS_')));
}

async function payEverything(bench: ProcessorBench): Promise<void> {
  const decided = FRAUD_DECISIONS.map((decision) => {
    const one = payment();
    bench.fraud.script(one.transaction_id, { body: { decision, score: 0.5, reasons: [] } });
    return one;
  });
  const [refused, settled] = [payment(), payment()];
  bench.fraud.script(refused.transaction_id, { status: 422 });
  await bench.put(recordOf(settled, { payment_status: 'APPROVED' }));
  await bench.pay(...[...decided, refused, settled].map((body) => ({ body })));

  // Ten failed calls in a row open the circuit, of payments one after the other.
  for (let calls = 0; calls < 10; calls++) {
    const unanswered = payment();
    bench.fraud.script(unanswered.transaction_id, { status: 500 });
    await bench.pay({ body: unanswered });
  }
}

async function parkOne(bench: ProcessorBench): Promise<void> {
  const [failing, parked] = [payment({ account_id: 'held' }), payment({ account_id: 'held' })];
  bench.fraud.script(failing.transaction_id, { status: 422 });
  await bench.pay({ body: failing }, { body: parked });
}

/** An analysis that alerts, a redrive, what stays, a resolution and a measurement. */
async function operate(powertools: Variables): Promise<{ readonly lines: readonly string[]; readonly calls: Call[] }> {
  const bench = await DlqBench.start(powertools);
  try {
    const [failed, inReview] = [payment(), payment()];
    await bench.put([
      recordOf(failed, { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_UNAVAILABLE' }),
      recordOf(inReview, { payment_status: 'REVIEW' }),
    ]);
    await bench.send([{ body: failed }, ...Array.from({ length: 3 }, () => ({ body: 'not JSON' }))]);
    for (const action of ['analyze', 'redrive', 'measure']) await bench.invoke({ action });
    await bench.invoke({
      action: 'resolve',
      transactionIds: [inReview.transaction_id],
      decision: 'approve',
      reason: 'looked at',
      actor: 'arn:aws:iam::123456789012:user/alice',
    });
    await bench.stop(); // every line is here then
    return { lines: bench.lines, calls: callsOf(bench, bench.environment) };
  } finally {
    await bench.close();
  }
}

function callsOf({ sqs, table, sns }: Pick<DlqBench, 'sqs' | 'table' | 'sns'>, variables: Variables): Call[] {
  return [
    ...sqs.calls.map(({ operation, input }) => told('sqs', operation, input, variables)),
    ...table.calls.map(({ operation, input }) => told('dynamodb', operation, input, variables)),
    ...sns.calls.map(({ operation, input }) => told('sns', operation, input, variables)),
  ];
}

/** A call, told by the variable that says where it was sent. */
function told(
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  variables: Variables,
): Call {
  const target = input.TableName ?? input.QueueUrl ?? input.SecretId ?? input.TopicArn;
  const to = Object.keys(variables).find((name) => variables[name] === target) ?? `no variable: ${String(target)}`;
  const index = input.IndexName;
  return { operation: `${service}:${operation}`, to, ...(typeof index === 'string' && { index }) };
}
