import { patch, type Mutant } from './processor-mutants';

const WAY = 'core/payment-processor.ts';
const QUARANTINE = 'core/quarantine.ts';
const HOLD = 'core/account-holds.ts';

/** Bugs of the payment processor where an account waits for its failed payments. */
export const HOLD_MUTANTS: Readonly<Record<string, Mutant>> = {
  'a failed payment does not hold its account': {
    patches: [patch(QUARANTINE, 'await this.holds.fail(payment.account_id, held);', '')],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'whatever was held before may go': {
    patches: [
      patch(
        HOLD,
        'for (const entry of await this.held()) {',
        'if (entryOf(payment, await this.held()) !== undefined) return undefined;\n    for (const entry of await this.held()) {',
      ),
    ],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'the one that came last goes first': {
    patches: [
      patch(
        HOLD,
        'for (const entry of await this.held()) {',
        'for (const entry of [...(await this.held())].reverse()) {',
      ),
    ],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'a payment that fails again goes to the end': {
    patches: [
      patch(
        HOLD,
        'if (entryOf(payment, held) !== undefined) return;\n    await this.services.holds.hold(',
        'for (const old of held.filter((other) => isSameHeld(other, payment))) await this.services.holds.lift(this.accountId, old, this.signal);\n    await this.services.holds.hold(',
      ),
    ],
    breaks: ['held in order'],
    onFailedPayment: 'hold',
  },
  'an entry blocks whose payment is decided, or is not its own': {
    patches: [
      patch(
        HOLD,
        'if (!isBlocking(entry, await this.services.store.read(entry.transactionId, this.signal))) return false;',
        '',
      ),
    ],
    breaks: ['nobody blocked'],
    onFailedPayment: 'hold',
  },
  'a redelivery of what has ended is parked': {
    patches: [
      patch(
        WAY,
        "if (blocker !== undefined && claim.kind === 'owned' &&",
        "if (blocker !== undefined && (claim.kind === 'owned' || claim.kind === 'ended') &&",
      ),
    ],
    breaks: ['held in order', 'metrics equal transitions', 'nobody blocked'],
    onFailedPayment: 'hold',
  },
  'a parked payment is not sent to the dead-letter queue': {
    patches: [
      patch(
        QUARANTINE,
        'await this.services.deadLetters.park(message, blocker.transactionId, this.invocation.signal);',
        '',
      ),
    ],
    breaks: ['nothing lost', 'metrics equal transitions'],
    onFailedPayment: 'hold',
  },
  'a parked payment gets no record': {
    patches: [
      patch(
        WAY,
        'const claim = await this.payments.claim(delivery, blocker?.transactionId);',
        "const claim = blocker === undefined ? await this.payments.claim(delivery, undefined) : { kind: 'owned' as const, attempt: 1, mayBeHeld: true };",
      ),
    ],
    breaks: ['nothing lost', 'held in order'],
    onFailedPayment: 'hold',
  },
  'the record of a parked payment does not say that it is parked': {
    patches: [
      patch(
        WAY,
        'const claim = await this.payments.claim(delivery, blocker?.transactionId);',
        'const claim = await this.payments.claim(delivery, undefined);',
      ),
    ],
    breaks: ['nobody blocked', 'answers true'],
    onFailedPayment: 'hold',
  },
  'holds are remembered from one invocation to the next': {
    patches: [
      patch(HOLD, 'class AccountHold {', 'const remembered = new Map<string, AccountHold>();\nclass AccountHold {'),
      patch(HOLD, 'new Map<string, AccountHold>();\n\n', 'remembered;\n\n'),
    ],
    breaks: ['nobody blocked', 'answers true'],
    onFailedPayment: 'hold',
  },
};
