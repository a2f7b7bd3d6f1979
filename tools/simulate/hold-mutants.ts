import { patch } from './core';
import type { Mutant } from './processor-mutants';

const PROCESSOR = 'core/payment-processor.ts';
const HOLD = 'core/account-holds.ts';

/** Mutants of the payment processor where an account waits for its failed payments. */
export const HOLD_MUTANTS: Readonly<Record<string, Mutant>> = {
  'a failed payment does not hold its account': {
    patches: [patch(PROCESSOR, 'await this.holds.hold(delivery);', '')],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'any earlier entry may go': {
    patches: [
      patch(
        HOLD,
        'for (const entry of hold.entries) {',
        'if (hold.entries.some((other) => isSameHeld(other, held))) return undefined;\n    for (const entry of hold.entries) {',
      ),
    ],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'the one that came last goes first': {
    patches: [patch(HOLD, 'for (const entry of hold.entries) {', 'for (const entry of [...hold.entries].reverse()) {')],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'a payment that fails again goes to the end': {
    patches: [
      patch(
        HOLD,
        'if (entryOf(delivery, hold) !== undefined) return;\n    await this.services.holds.hold(',
        'for (const old of hold.entries.filter((other) => isSameHeld(other, delivery.held))) await this.services.holds.lift(account_id, old);\n    await this.services.holds.hold(',
      ),
    ],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'an entry blocks whose payment is decided, or is not its own': {
    patches: [
      patch(HOLD, 'if (!isBlocking(entry, await this.services.store.read(entry.transactionId))) return false;', ''),
    ],
    breaks: ['no account blocked', 'answers true'],
    onFailedPayment: 'hold',
  },
  'a redelivery of what has ended is parked': {
    patches: [
      patch(
        PROCESSOR,
        "case 'ended':\n",
        "case 'ended':\n        if (blocker !== undefined && (await this.holds.park(delivery))) return this.park(delivery, blocker, (await this.services.store.read(payment.transaction_id)) as never);\n",
      ),
    ],
    breaks: ['held in order', 'metrics equal transitions', 'no account blocked'],
    onFailedPayment: 'hold',
  },
  'a parked payment is not sent to the dead-letter queue': {
    patches: [patch(PROCESSOR, 'await this.services.deadLetters.park(delivery.message, blocker.transactionId);', '')],
    breaks: ['nothing lost', 'metrics equal transitions'],
    onFailedPayment: 'hold',
  },
  'a parked payment gets no record': {
    patches: [
      patch(
        PROCESSOR,
        'const claim = await this.payments.claim(delivery, blocker?.transactionId);',
        "const claim = blocker === undefined ? await this.payments.claim(delivery, undefined) : { kind: 'owned' as const, record: ((await this.services.store.read(payment.transaction_id)) ?? { ...payment, attempts: 1, history: [] }) as never };",
      ),
    ],
    breaks: ['nothing lost', 'held in order'],
    onFailedPayment: 'hold',
  },
  'the record of a parked payment does not say that it is parked': {
    patches: [
      patch(
        PROCESSOR,
        'const claim = await this.payments.claim(delivery, blocker?.transactionId);',
        'const claim = await this.payments.claim(delivery, undefined);',
      ),
    ],
    breaks: ['no account blocked', 'answers true'],
    onFailedPayment: 'hold',
  },
  'holds are remembered from one invocation to the next': {
    patches: [
      patch(
        HOLD,
        'export class AccountHolds {\n  private readonly accounts = new Map<string, AccountHold>();',
        'const remembered = new Map<string, AccountHold>();\nexport class AccountHolds {\n  private readonly accounts = remembered;',
      ),
    ],
    breaks: ['no account blocked', 'answers true'],
    onFailedPayment: 'hold',
  },
};
