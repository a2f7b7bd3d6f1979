import { SendMessageBatchCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HistoryEntry, isDecision, type PaymentRecord } from '../../src/contract';
import { pollQueue } from '../../tools/kit/embedded/event-source';
import { type EmbeddedFraudApi, startFraudApi } from '../../tools/kit/embedded/fraud-api';
import { FunctionProcess } from '../../tools/kit/embedded/function-process';
import { type Payment, payment } from '../../tools/kit/payments/black-box-payments';
import { ScriptedServer, status } from '../../tools/kit/scripted-server';
import { DlqBench } from '../../tools/kit/bundles/dlq-bench';
import { THOROUGH } from '../../tools/kit/thorough';

const ACCOUNTS = Array.from({ length: THOROUGH ? 30 : 10 }, (_, index) => `account-${index}`);
const FAILED = 3 * ACCOUNTS.length;
const PROCESSOR = join(__dirname, '../../assets/payment-processor/index.mjs');
const VISIBILITY_S = 180;
const SHORT_VISIBILITY_S = 1;

/** A redrive of 30 accounts is killed in this call, one of fewer accounts earlier: done or not, the operator gets no answer. */
const KILLS = [
  ['table', 'GetItem', 4],
  ['table', 'UpdateItem', 15],
  ['sqs', 'SendMessage', 7],
  ['sqs', 'DeleteMessage', 13],
] as const;

/** Ends the processors that a failed test has left running. */
const running = new Set<() => Promise<void>>();

let bench: DlqBench;
let fraudApi: EmbeddedFraudApi;
/** The failure of a release with a wrong key. */
const closedApi = new ScriptedServer();
beforeAll(async () => {
  bench = await DlqBench.start();
  fraudApi = await startFraudApi({ seed: 1, faultRate: 0 });
  await closedApi.start();
  closedApi.answers(status(401));
});
afterAll(async () => {
  await Promise.all([...running].map((stop) => stop()));
  await Promise.all([bench.close(), fraudApi.close(), closedApi.stop()]);
});

test('a bad release fails payments; its analysis, its alert, its repair, and a redrive that is killed again and again', async () => {
  const before = ACCOUNTS.map((account_id) => payment({ account_id }));
  await pay(before);
  await workOff('good', fraudApi.url);
  const unlucky = Array.from({ length: FAILED }, (_, index) =>
    payment({ account_id: ACCOUNTS[index % ACCOUNTS.length]! }),
  );
  await pay(unlucky);
  await workOff('bad', closedApi.url);
  expect(await bench.depth()).toEqual({ visible: FAILED, inFlight: 0 });

  const badRelease = { kind: 'bad_release', subject: 'bad', failed: FAILED, accounts: ACCOUNTS.length };
  expect(await bench.invoke({})).toMatchObject({
    failedPayments: FAILED,
    byFailureCode: { FRAUD_CHECK_UNAVAILABLE: FAILED },
    byRelease: { bad: FAILED },
    patterns: [badRelease],
    alerted: ['bad_release'],
  });
  expect(await bench.invoke({})).toMatchObject({ patterns: [badRelease], alerted: [] });
  expect(await bench.mail()).toEqual([expect.objectContaining({ Subject: 'Failed payments: bad release' })]);

  const stop = startProcessor('repaired', fraudApi.url);
  await setVisibility(SHORT_VISIBILITY_S);
  for (const [service, operation, times] of KILLS)
    await redriveKilledIn(service, operation, Math.ceil((times * ACCOUNTS.length) / 30));
  await setVisibility(VISIBILITY_S);
  expect(await bench.invoke({ action: 'redrive' })).toMatchObject({
    left: { wouldFailAgain: 0 },
    errors: {},
    more: false,
  });
  await untilEmpty();
  await stop();

  expect(await bench.depth()).toEqual({ visible: 0, inFlight: 0 });
  const records = new Map<string, PaymentRecord>();
  for (const { transaction_id } of [...before, ...unlucky])
    records.set(transaction_id, (await bench.record(transaction_id)) as unknown as PaymentRecord);
  for (const { transaction_id } of unlucky) expectWholeStory(records.get(transaction_id)!);
  for (const account of ACCOUNTS) {
    const ofAccount = unlucky
      .filter(({ account_id }) => account_id === account)
      .map(({ transaction_id }) => records.get(transaction_id)!);
    for (const [index, record] of ofAccount.entries()) {
      if (index > 0)
        expect(Date.parse(claimAfterRedrive(record).at)).toBeGreaterThanOrEqual(
          Date.parse(ofAccount[index - 1]!.timestamp!),
        );
    }
  }
}, 300_000); // half a minute on a machine of its own

/** Failed under the bad release, brought back by an operator, decided once under the repaired one. */
function expectWholeStory({ payment_status, history, release_id }: PaymentRecord): void {
  expect(isDecision(payment_status)).toBe(true);
  expect(release_id).toBe('repaired');
  const told = history.map(({ status, release_id: release, reason }) => [
    status,
    release,
    ...(reason === undefined ? [] : [reason]),
  ]);
  const redriven = told.findIndex(([status]) => status === 'FAILED') + 1;
  expect(told.slice(0, redriven).every(([, release]) => release === 'bad')).toBe(true);
  expect(told.slice(redriven)).toEqual([
    ['PROCESSING', 'release-1', 'redriven after FRAUD_CHECK_UNAVAILABLE'],
    ['PROCESSING', 'repaired'],
    [payment_status, 'repaired'],
  ]);
}

function claimAfterRedrive({ history }: PaymentRecord): HistoryEntry {
  return history.at(-2)!;
}

async function redriveKilledIn(service: 'table' | 'sqs', operation: string, times: number): Promise<void> {
  let left = times;
  let killed: Promise<void> | undefined;
  bench[service].before = async (call) => {
    if (call.operation !== operation || --left !== 0) return;
    killed = bench.stop();
    await killed;
  };
  await expect(bench.invoke({ action: 'redrive' })).rejects.toThrow("The function's process ended");
  bench[service].before = undefined;
  await killed;
  await sleep(SHORT_VISIBILITY_S * 1_000 + 100); // until what it had received is visible again
}

/** Messages of a killed run are visible again after this. */
async function setVisibility(seconds: number): Promise<void> {
  const Attributes = { VisibilityTimeout: String(seconds) };
  await bench.aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: bench.queues.dead, Attributes }));
}

async function pay(payments: readonly Payment[]): Promise<void> {
  for (let from = 0; from < payments.length; from += 10) {
    const Entries = payments.slice(from, from + 10).map((body, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(body),
      MessageGroupId: body.account_id,
      MessageDeduplicationId: randomUUID(),
    }));
    await bench.aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: bench.queues.payments, Entries }));
  }
}

async function workOff(release: string, url: string): Promise<void> {
  const stop = startProcessor(release, url);
  await untilEmpty();
  await stop();
}

async function untilEmpty(): Promise<void> {
  for (;;) {
    const { visible, inFlight } = await bench.depth('payments');
    if (visible + inFlight === 0) return;
    await sleep(50);
  }
}

/** The payment processor's bundle, fed as Lambda feeds it. @returns ends it */
function startProcessor(RELEASE_ID: string, FRAUD_API_URL: string): () => Promise<void> {
  const stopping = new AbortController();
  const lambda = new FunctionProcess({
    bundle: PROCESSOR,
    functionName: 'payment-processor',
    timeoutMs: 60_000,
    environment: {
      ...bench.environment,
      ...bench.aws.environment, // not by the proxies, which slow everything down
      RELEASE_ID,
      FRAUD_API_URL,
      FRAUD_API_TIMEOUT_MS: '2000',
      FRAUD_API_MAX_ATTEMPTS: '1',
      MAX_RECEIVE_COUNT: '1', // each failed check is the last one: the retries are no part of this story
    },
    onLine: () => undefined,
  });
  const { sqs } = bench.aws;
  const polling = pollQueue(lambda, {
    sqs,
    queueUrl: bench.queues.payments,
    queueArn: 'arn:aws:sqs:ap-southeast-1:000000000000:payments.fifo',
    batchSize: 10,
    signal: stopping.signal,
    onFunctionError: (error) => {
      throw error;
    },
  });
  const stop = async () => {
    running.delete(stop);
    stopping.abort();
    await polling;
    await lambda.close();
  };
  running.add(stop);
  return stop;
}
