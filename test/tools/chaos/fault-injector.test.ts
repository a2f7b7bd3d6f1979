import type { SQSEvent } from 'aws-lambda';
import { FaultInjector, type Target } from '../../../tools/chaos/fault-injector';
import { FunctionError, type InvocationOptions } from '../../../tools/kit/embedded/function-process';
import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';

const LONGER_THAN_AIMING_MS = 80;

/** Works for a while, unless it is killed. */
class FakeProcess implements Target {
  readonly requestIds: string[] = [];
  private end: ((error?: FunctionError) => void) | undefined;

  constructor(
    private readonly workMs = LONGER_THAN_AIMING_MS,
    private readonly failures: string[] = [],
  ) {}

  async invoke(_event: unknown, { requestId = '' }: InvocationOptions = {}): Promise<unknown> {
    this.requestIds.push(requestId);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, this.workMs);
      this.end = (error) => {
        clearTimeout(timer);
        reject(error);
      };
    });
    return { batchItemFailures: this.failures.map((itemIdentifier) => ({ itemIdentifier })) };
  }

  kill(): boolean {
    this.end?.(new FunctionError('killed'));
    return true;
  }
}

/** The payments of one batch, each with its receive count. */
function batch(...receives: number[]): SQSEvent {
  const records = receives.map((receive, index) => ({
    messageId: `message-${index}`,
    body: JSON.stringify(aPayment({ transaction_id: `payment-${index}` })),
    attributes: { ApproximateReceiveCount: String(receive) },
  }));
  return { Records: records } as unknown as SQSEvent;
}

function settledBy(transaction_id: string, request_id: string | undefined) {
  return aRecord(aPayment({ transaction_id }), { history: [anEntry({ request_id: request_id ?? '' })] });
}

function newInjector() {
  const returnedRecords: string[] = [];
  const injector = new FaultInjector({
    seed: 1,
    payments: 10, // every blow is due before the seventh is acknowledged
    kills: 1,
    maxReceiveCount: 3,
    dropConnections: () => Promise.resolve(7),
    returnRecords: (records) => {
      returnedRecords.push(...records.map(({ messageId }) => messageId));
      return Promise.resolve();
    },
  });
  return { injector, returnedRecords };
}

/** Lets the run come as far as its blows. */
async function warmUp(injector: FaultInjector): Promise<void> {
  await injector.before(new FakeProcess(0)).invoke(batch(1, 1, 1, 1, 1, 1, 1));
}

test('an invocation is killed at work, its payments come back, and its metrics may be missing', async () => {
  const { injector, returnedRecords } = newInjector();
  await warmUp(injector);
  const process = new FakeProcess();

  await expect(injector.before(process).invoke(batch(2, 1))).rejects.toThrow(FunctionError);

  expect(injector.kills).toEqual([{ acknowledged_before: 7, after_ms: expect.any(Number), payments: 2 }]);
  expect(injector.paymentsHit()).toEqual([2, 0]);
  expect(returnedRecords).toEqual(['message-0', 'message-1']);
  expect(injector.mayBeUncounted(settledBy('payment-1', process.requestIds[0]))).toBe(true);
  expect(injector.mayBeUncounted(settledBy('payment-1', 'another'))).toBe(false);
});

test('a batch with a payment in its last receive is spared', async () => {
  const { injector } = newInjector();
  await warmUp(injector);

  await injector.before(new FakeProcess()).invoke(batch(1, 3));

  expect(injector.kills).toEqual([]);
});

test('a kill that comes too late is repeated', async () => {
  const { injector } = newInjector();
  await warmUp(injector);

  await injector.before(new FakeProcess(0)).invoke(batch(1));
  await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_AIMING_MS));
  expect(injector).toMatchObject({ kills: [], missed: 1 });

  await expect(injector.before(new FakeProcess()).invoke(batch(1))).rejects.toThrow(FunctionError);
  expect(injector.kills).toHaveLength(1);
});

test('no more are killed than --kills says', async () => {
  const { injector } = newInjector();
  await warmUp(injector);
  await expect(injector.before(new FakeProcess()).invoke(batch(1))).rejects.toThrow(FunctionError);

  await injector.before(new FakeProcess()).invoke(batch(1));

  expect(injector.kills).toHaveLength(1);
});

test('a payment that was returned to the queue may be uncounted, the others of its batch may not', async () => {
  const { injector } = newInjector();
  const process = new FakeProcess(0, ['message-1']);

  await injector.before(process).invoke(batch(1, 1));

  expect(injector.mayBeUncounted(settledBy('payment-0', process.requestIds[0]))).toBe(false);
  expect(injector.mayBeUncounted(settledBy('payment-1', process.requestIds[0]))).toBe(true);
});

test('connections are cut during the run', async () => {
  const { injector } = newInjector();
  expect(await injector.connectionsDropped()).toEqual([]);

  await warmUp(injector);

  expect(await injector.connectionsDropped()).toEqual([7]);
});
