import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { processBatch } from '../../src/processor/core/batch';
import { PaymentProcessor } from '../../src/processor/core/payment-processor';
import type { FraudApi, Services, Settings } from '../../src/processor/core/ports';
import type { Invocation } from '../../src/runtime/ports';
import { MemoryStore } from '../kit/cores/memory-store';
import { aMessage } from '../kit/payments/payments';
import { decided, MemoryDeadLetters, memoryHolds } from '../kit/cores/processor';
import { hashOf, RecordedTelemetry } from '../kit/cores/telemetry';
import { type Comparison, timed, type Work } from './comparison';
import { asRecord } from './payment-events';

/** Milliseconds; in real time. */
export const FRAUD_LATENCY_MS = 50;

const SETTINGS: Settings = {
  maxReceiveCount: 3,
  groupConcurrency: 10,
  retryDelays: [20, 1_860],
  onFailedPayment: 'continue',
};

/**
 * The batch engine against the FIFO processor of Powertools: both send each message the same way, over the same ports in
 * memory. Only who goes when differs.
 */
export function batchEngine(latencyMs = FRAUD_LATENCY_MS): Comparison[] {
  const tenAccounts = Array.from({ length: 10 }, () => 1);
  const unequalAccounts = [4, 3, 2, 1];
  const engine = (accounts: readonly number[]) => () => withEngine(accounts, latencyMs);
  const powertools = (accounts: readonly number[]) => () => withPowertools(accounts, latencyMs);
  return [
    {
      name: 'ten accounts: the slowest one alone / the batch',
      baseline: engine([1]),
      ours: engine(tenAccounts),
      floor: 0.95,
    },
    {
      name: 'accounts of 4, 3, 2 and 1 payments: the slowest one alone / the batch',
      baseline: engine([Math.max(...unequalAccounts)]),
      ours: engine(unequalAccounts),
      floor: 0.95,
    },
    {
      name: 'ten accounts: Powertools / the batch',
      baseline: powertools(tenAccounts),
      ours: engine(tenAccounts),
      floor: 9,
    },
    {
      name: 'ten accounts: a loop over the messages / the batch',
      baseline: () => inALoop(tenAccounts, latencyMs),
      ours: engine(tenAccounts),
      floor: 9,
    },
    {
      name: 'one account of ten payments: Powertools / the batch',
      baseline: powertools([10]),
      ours: engine([10]),
      floor: NOT_SLOWER,
    },
  ];
}

/** One, but for what two runs of the same code differ by here. */
const NOT_SLOWER = 0.99;

function withEngine(accounts: readonly number[], latencyMs: number): Work {
  const { messages, services, invocation, checkResult } = aBatch(accounts, latencyMs);
  return timed(async () => {
    const { returned: failed } = await processBatch(messages, services, SETTINGS, invocation);
    checkResult(failed.length);
  });
}

function withPowertools(accounts: readonly number[], latencyMs: number): Work {
  const { messages, services, invocation, checkResult } = aBatch(accounts, latencyMs);
  const payment = new PaymentProcessor(services, SETTINGS, invocation);
  const payments = new Map(messages.map((message) => [message.messageId, message]));
  const event: SQSEvent = { Records: messages.map(asRecord) };
  const processor = new SqsFifoPartialProcessorAsync();
  const handle = async ({ messageId }: SQSRecord): Promise<void> => {
    await payment.process(payments.get(messageId)!, invocation.deadline);
  };
  return timed(async () => {
    const { batchItemFailures } = await processPartialResponse(event, handle, processor, {
      throwOnFullBatchFailure: false,
    });
    checkResult(batchItemFailures.length);
  });
}

/** What a consumer does that takes one message after the other. */
function inALoop(accounts: readonly number[], latencyMs: number): Work {
  const { messages, services, invocation, checkResult } = aBatch(accounts, latencyMs);
  const payment = new PaymentProcessor(services, SETTINGS, invocation);
  return timed(async () => {
    for (const message of messages) await payment.process(message, invocation.deadline);
    checkResult(0);
  });
}

/** @param accounts how many payments each account has */
function aBatch(accounts: readonly number[], latencyMs: number) {
  const messages = accounts.flatMap((payments, account) =>
    Array.from({ length: payments }, (_, at) =>
      aMessage({ account_id: `account-${account}`, transaction_id: `tx-${account}-${at}` }),
    ),
  );
  const store = new MemoryStore();
  const fraudApi: FraudApi = {
    isCircuitOpen: () => false,
    waitForCircuit: () => Promise.resolve(),
    check: () => sleep(latencyMs, decided('approve')),
  };
  const services: Services = {
    store,
    holds: memoryHolds(),
    fraudApi,
    deadLetters: new MemoryDeadLetters(),
    telemetry: new RecordedTelemetry(),
    clock: { now: () => Date.now() },
    random: Math.random,
    accountHash: hashOf,
  };
  const invocation: Invocation = {
    requestId: 'bench',
    deadline: Date.now() + 60_000,
    releaseId: 'bench',
  };
  const checkResult = (returned: number): void => {
    const approved = [...store.records.values()].filter(({ payment_status }) => payment_status === 'APPROVED').length;
    if (returned > 0 || approved < messages.length) {
      throw new Error(`${approved} of ${messages.length} payments were approved: the time of the others says nothing.`);
    }
  };
  return { messages, services, invocation, checkResult };
}
