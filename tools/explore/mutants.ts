import { type Patch, patch } from '../simulate/core';
import type { Invariant } from './invariants';

/** The code with one realistic fault, and where the exploration finds it. */
export interface Mutant {
  readonly patches: readonly Patch[];
  readonly scenario: string;
  readonly faults: number;
  readonly breaks: Invariant;
}

const HOLD = '../contract/hold.ts';
const RECORDS = '../dlq-processor/core/record-scanner.ts';

const PARKED_WITHOUT_RECORD = patch(
  'core/payment-processor.ts',
  'const claim = await this.payments.claim(delivery, blocker?.transactionId);',
  "const claim = blocker === undefined ? await this.payments.claim(delivery, undefined) : { kind: 'owned', attempt: 1, mayBeHeld: true };",
);

export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'a failed payment without a dead letter cannot be redriven': {
    patches: [
      patch(
        RECORDS,
        'if (letters.stoppedBy !== undefined) return { unreachable, notFound, stoppedBy: letters.stoppedBy };',
        'return { unreachable, notFound };',
      ),
    ],
    scenario: 'letters purged',
    faults: 0,
    breaks: 'no account blocked',
  },
  'a parked payment has no record, and is lost with its letter': {
    patches: [PARKED_WITHOUT_RECORD],
    scenario: 'letters purged',
    faults: 0,
    breaks: 'nothing lost',
  },
  'a decision under "continue" lifts no hold': {
    patches: [
      patch(
        'core/account-holds.ts',
        'async lift(delivery: PaymentDelivery): Promise<void> {\n',
        'async lift(delivery: PaymentDelivery): Promise<void> {\n    if (!this.accountsWait) return;\n',
      ),
      patch(HOLD, 'return !isDecided(record) && !isDiscarded(record);', 'return true;'),
    ],
    scenario: 'setting changed twice',
    faults: 0,
    breaks: 'no account blocked',
  },
  'an account waits for a payment whose id another one has taken': {
    patches: [
      PARKED_WITHOUT_RECORD,
      patch(
        HOLD,
        'contentOf(record.fingerprint) !== entry.content) return false;',
        'contentOf(record.fingerprint) !== entry.content) return true;',
      ),
    ],
    scenario: 'id of a parked payment taken',
    faults: 0,
    breaks: 'no account blocked',
  },
  'a discarded payment without a record is decided when it is sent again': {
    patches: [
      PARKED_WITHOUT_RECORD,
      patch(
        '../dlq-processor/core/discard.ts',
        'return (await this.services.payments.insert(record)) ? record : undefined;',
        'return record;',
      ),
    ],
    scenario: 'failure, hold',
    faults: 0,
    breaks: 'discarded permanently',
  },
  'a payment is told to be redriven, and is parked again': {
    patches: [
      patch(
        '../dlq-processor/core/account-holds.ts',
        'if (record !== undefined && isAwayFromQueue(record)) return record;',
        '',
      ),
    ],
    scenario: 'redrive second, hold',
    faults: 0,
    breaks: 'answers true',
  },
  'SQS drops the message of a redrive after a discard': {
    patches: [
      patch(
        '../contract/fingerprint.ts',
        "redrive: (source: string, attempt: number) => sha256('redrive', source, String(attempt)),",
        "redrive: (source: string, _attempt: number) => sha256('redrive', source),",
      ),
    ],
    scenario: 'redrives around a discard, continue',
    faults: 1,
    breaks: 'answers true',
  },
  'a resolution by another operator is told as the own': {
    patches: [
      patch(
        '../dlq-processor/core/resolve.ts',
        'if (!isWritten) return undefined;',
        'if (!isWritten) { const found = await payments.read(record.transaction_id); return found?.payment_status === this.status ? (found as DecidedRecord) : undefined; }',
      ),
    ],
    scenario: 'review decided by two operators',
    faults: 0,
    breaks: 'answers true',
  },
  'a resolution decides what is decided': {
    patches: [
      patch(
        '../dlq-processor/core/resolve.ts',
        "if (record?.payment_status !== 'REVIEW') return",
        "if (record === undefined || !('fraud' in record)) return",
      ),
    ],
    scenario: 'review decided by two operators',
    faults: 0,
    breaks: 'reviews decided once',
  },
  'the fence is ignored': {
    patches: [
      patch(
        'core/payment-repository.ts',
        'fence: record.attempts,',
        'fence: (await this.services.store.read(record.transaction_id))?.attempts ?? record.attempts,',
      ),
    ],
    scenario: 'failure, hold',
    faults: 1,
    breaks: 'history without gaps',
  },
};
