import fc from 'fast-check';
import { isDecision } from '../../../src/contract';
import { processBatch } from '../../../src/processor/core/batch';
import type { FraudCheck, QueueMessage, Settings } from '../../../src/processor/core/ports';
import { RecordAudit } from '../../../tools/kit/cores/record-audit';
import { Crash, interleaved } from '../../../tools/kit/cores/interleaving';
import { MemoryStore, type StoreFault } from '../../../tools/kit/cores/memory-store';
import { aMessage } from '../../../tools/kit/payments/payments';
import {
  decided,
  MemoryDeadLetters,
  Processor,
  REFUSED,
  ScriptedFraudApi,
  unavailable,
  NOT_CALLED,
  memoryHolds,
} from '../../../tools/kit/cores/processor';
import { hashOf, ManualClock, RecordedTelemetry } from '../../../tools/kit/cores/telemetry';
import { runs } from '../../../tools/kit/thorough';

const CHECKS: Record<string, FraudCheck> = {
  approve: decided('approve'),
  decline: decided('decline'),
  refuse: REFUSED,
  unavailable: unavailable(0),
  notCalled: NOT_CALLED,
};

interface Plan {
  /** One of each invocation that holds the messages at the same time. */
  readonly invocations: readonly {
    readonly check: keyof typeof CHECKS;
    readonly receiveCount: number;
    readonly crashAfter: number;
  }[];
  readonly storeFaults: readonly {
    readonly operation: 'insert' | 'transition' | 'markDeadLettered' | 'read';
    readonly fault: StoreFault;
  }[];
  readonly deadLetterFaults: readonly ('refused' | 'sent but no answer')[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  invocations: fc.array(
    fc.record({
      check: fc.constantFrom(...Object.keys(CHECKS)),
      receiveCount: fc.integer({ min: 1, max: 3 }),
      crashAfter: fc.oneof(
        { weight: 2, arbitrary: fc.constant(Infinity) },
        { weight: 1, arbitrary: fc.nat({ max: 12 }) },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  storeFaults: fc.array(
    fc.record({
      operation: fc.constantFrom('insert', 'transition', 'markDeadLettered', 'read'),
      fault: fc.constantFrom<StoreFault>('refused', 'written but no answer', 'written twice'),
    }),
    { maxLength: 2 },
  ),
  deadLetterFaults: fc.array(fc.constantFrom('refused', 'sent but no answer'), { maxLength: 1 }),
});

const SETTINGS: Settings = {
  maxReceiveCount: 3,
  groupConcurrency: 10,
  retryDelays: [20, 1_860],
  onFailedPayment: 'continue',
};

/** A payment and its follower. */
const MESSAGES = [aMessage({ transaction_id: 'tx-1' }), aMessage({ transaction_id: 'tx-2' })];

/** The plan's invocations at the same time, in the scheduler's order; what crashed or was returned to the queue comes once more. */
async function runThrough(plan: Plan, scheduler: fc.Scheduler) {
  const store = new MemoryStore();
  const deadLetters = new MemoryDeadLetters();
  const clock = new ManualClock();
  const trail = new RecordAudit(store);
  const telemetry = new RecordedTelemetry();
  for (const { operation, fault } of plan.storeFaults) store.failNext(operation, fault);
  for (const fault of plan.deadLetterFaults) deadLetters.failNext(fault);

  const acknowledged = new Set<string>();
  for (const [at, { check, receiveCount, crashAfter }] of plan.invocations.entries()) {
    const fraudApi = new ScriptedFraudApi();
    for (const { messageId } of MESSAGES) fraudApi.answer(messageId, CHECKS[check]!);
    const crash = new Crash(crashAfter);
    const moment = async (call: string) => {
      await scheduler.schedule(Promise.resolve(), call);
      clock.advance(1);
      await crash.orGoOn();
    };
    const services = {
      store: interleaved(store, moment),
      fraudApi: interleaved(fraudApi, moment),
      holds: memoryHolds(),
      deadLetters: interleaved(deadLetters, moment),
      telemetry,
      clock,
      random: () => 0.5,
      accountHash: hashOf,
    };
    const messages = MESSAGES.map((message) => ({ ...message, receiveCount }));
    const invocation = {
      requestId: `invocation-${at}`,
      deadline: clock.now() + 60_000,
      releaseId: 'release-7',
    };
    void processBatch(messages, services, SETTINGS, invocation).then(({ returned: failed }) => {
      for (const message of messages) if (!failed.includes(message)) acknowledged.add(message.messageId);
    });
  }
  await scheduler.waitIdle();
  const acknowledgedBefore = new Map([...acknowledged].map((id) => [id, structuredClone(store.records.get(id))]));
  const stillThere = await redeliver(
    store,
    deadLetters,
    clock,
    MESSAGES.filter(({ messageId }) => !acknowledged.has(messageId)),
  );
  return { store, trail, deadLetters, telemetry, acknowledgedBefore, stillThere };
}

/** All is well now; a few receives settle what is left. */
async function redeliver(
  store: MemoryStore,
  deadLetters: MemoryDeadLetters,
  clock: ManualClock,
  left: readonly QueueMessage[],
) {
  const processor = new Processor({}, store, 'redelivery', { deadLetters, clock });
  let messages = left.map((message) => ({ ...message, receiveCount: 2 }));
  // Faults that no call has met yet are still to come.
  for (let receive = 0; receive < 8 && messages.length > 0; receive++) {
    clock.advance(60_000);
    const { returned } = await processor.deliver(...messages);
    messages = messages.filter(({ messageId }) => returned.includes(messageId));
  }
  return messages.map(({ messageId }) => messageId);
}

test('in any order of awaits, crashes and faults: legal histories, one end each, in order, and nothing lost [G5]', async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
      const { store, trail, deadLetters, telemetry, acknowledgedBefore, stillThere } = await runThrough(
        plan,
        scheduler,
      );

      expect(trail.faults).toEqual([]);
      expect(trail.settled).toEqual(['tx-1', 'tx-2']);
      for (const record of acknowledgedBefore.values())
        expect(record?.payment_status).toMatch(/APPROVED|DECLINED|FAILED/);
      expect(stillThere).toEqual([]);
      for (const { messageId } of MESSAGES) {
        const { payment_status, history, dead_lettered_at } = store.record(messageId);
        expect(history.filter(({ status }) => status !== 'PROCESSING').map(({ status }) => status)).toEqual([
          payment_status,
        ]);
        const copies = deadLetters.sent.filter((copy) => copy.messageId === messageId).length;
        if (isDecision(payment_status)) expect([copies, dead_lettered_at]).toEqual([0, undefined]);
        else expect([copies > 0, typeof dead_lettered_at]).toEqual([true, 'string']);
      }
      expect(telemetry.counts.PaymentsProcessed ?? 0).toBeLessThanOrEqual(MESSAGES.length);
    }),
    { numRuns: runs(250) },
  );
});
