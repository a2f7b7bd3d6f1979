import type { OnFailedPayment } from '../../src/contract';
import { type Patch, patch } from './core';
import type { Invariant } from './run-log';

/** One realistic fault of either function's code, and what it must be caught by. */
export interface Mutant {
  readonly patches: readonly Patch[];
  /** The invariants of which one has to be violated. */
  readonly breaks: readonly Invariant[];
  /** @default 'continue' */
  readonly onFailedPayment?: OnFailedPayment;
}

const REPOSITORY = 'core/payment-repository.ts';
const PROCESSOR = 'core/payment-processor.ts';
const BATCH = 'core/batch.ts';
const HISTORY = '../contract/history.ts';

/** No fault: histories are shortened as soon as a payment has been claimed a few times. */
export const SHORT_HISTORIES = patch(HISTORY, 'MOST_HISTORY_ENTRIES = 200;', 'MOST_HISTORY_ENTRIES = 6;');

/** Mutants of the payment processor's core that do not depend on `onFailedPayment`. */
export const PROCESSOR_MUTANTS: Readonly<Record<string, Mutant>> = {
  'decide before claim': {
    patches: [
      patch(
        PROCESSOR,
        'const claim = await this.payments.claim(',
        `await this.services.fraudApi.check(payment, { deadline: checkDeadline, lastReceive: false });
       const claim = await this.payments.claim(`,
      ),
    ],
    breaks: ['fraud API called correctly'],
  },
  'any error of the table is a duplicate': {
    patches: [
      patch(
        REPOSITORY,
        'if (await this.services.store.insert({ ...record, ...parking })) return owned;',
        `const inserted = await this.services.store.insert({ ...record, ...parking }).catch(() => undefined);
       if (inserted === undefined) return { kind: 'ended', record: record as never };
       if (inserted) return owned;`,
      ),
    ],
    breaks: ['nothing lost', 'outcomes published'],
  },
  'any known payment is a duplicate': {
    patches: [
      patch(
        REPOSITORY,
        ': this.takeOver(state.record, message, parkedBehind);',
        ": { kind: 'ended', record: state.record as never };",
      ),
    ],
    breaks: ['nothing lost', 'outcomes published'],
  },
  'followers continue after a failure': {
    patches: [
      patch(
        BATCH,
        "if (outcome.kind === 'returned') return this.returnToQueue(rest, outcome);",
        `if (outcome.kind === 'returned') {
        for (const follower of rest.slice(1)) await this.runMessage(follower, 1);
        return this.returnToQueue(rest, outcome);
      }`,
      ),
    ],
    breaks: ['order per account', 'metrics equal transitions'],
  },
  'all of an account at once': {
    patches: [
      patch(
        BATCH,
        'for (const [index, message] of group.entries()) {',
        'void Promise.all(group.slice(1).map((message) => this.runMessage(message, 1))); for (const [index, message] of group.entries()) {',
      ),
    ],
    breaks: ['order per account', 'metrics equal transitions', 'history without gaps', 'fraud API called correctly'],
  },
  'only the failed message is returned to the queue': {
    patches: [
      patch(BATCH, 'return this.returnToQueue(rest, outcome);', 'return this.returnToQueue([message], outcome);'),
    ],
    breaks: ['nothing lost'],
  },
  'a quarantined message is not sent to the dead-letter queue': {
    patches: [
      patch(
        PROCESSOR,
        `    await this.holds.hold(delivery);
    await deadLetters.send(delivery.message, failure_code, attempts);`,
        '',
      ),
    ],
    breaks: ['nothing lost'],
  },
  'noted as dead-lettered before it is sent': {
    patches: [
      patch(
        PROCESSOR,
        `    await this.holds.hold(delivery);
    await deadLetters.send(delivery.message, failure_code, attempts);`,
        `    await this.holds.hold(delivery);
    await this.payments.markDeadLettered(delivery.payment, attempts);
    await deadLetters.send(delivery.message, failure_code, attempts);`,
      ),
    ],
    breaks: ['nothing lost', 'metrics equal transitions'],
  },
  'acknowledged though the dead-letter queue refused': {
    patches: [
      patch(
        PROCESSOR,
        `    await deadLetters.send(delivery.message, failure_code, attempts);
    if (await this.payments`,
        `    await deadLetters.send(delivery.message, failure_code, attempts).catch(() => undefined);
    if (await this.payments`,
      ),
    ],
    breaks: ['nothing lost'],
  },
  'a failed payment is acknowledged wherever it is': {
    patches: [
      patch(
        REPOSITORY,
        "return { kind: record.dead_lettered_at === undefined ? 'unquarantined' : 'quarantined', record };",
        "return { kind: 'quarantined', record };",
      ),
    ],
    breaks: ['nothing lost'],
  },
  'history starts again at a takeover': {
    patches: [
      patch(
        REPOSITORY,
        '...change,\n      parkedBehind,',
        'entry, shortenedHistory: { history: [entry], history_omitted: found.history_omitted ?? 0 }, parkedBehind,',
      ),
    ],
    breaks: ['history without gaps'],
  },
  'what is left out of a long history is not counted': {
    patches: [
      SHORT_HISTORIES,
      patch(HISTORY, '(record.history_omitted ?? 0) + excess', '(record.history_omitted ?? 0)'),
    ],
    breaks: ['history without gaps'],
  },
  'a long history loses its failures first': {
    patches: [
      SHORT_HISTORIES,
      patch(
        HISTORY,
        '[...middle.filter(isClaim), ...middle.filter((one) => !isClaim(one))]',
        '[...middle.filter((one) => !isClaim(one)), ...middle.filter(isClaim)]',
      ),
    ],
    breaks: ['history without gaps'],
  },
  'the end of a payment brings no timestamp': {
    patches: [
      patch(
        '../contract/payment-record.ts',
        '...(!isFirstClaim && { timestamp: at })',
        "...(!isFirstClaim && status === 'PROCESSING' && { timestamp: at })",
      ),
    ],
    breaks: ['history without gaps'],
  },
  "a record lacks its message's sender": {
    patches: [patch(REPOSITORY, '...(senderId !== undefined && { sender_id: senderId }),', '')],
    breaks: ['edits show'],
  },
  'the first sequence number is lost when the payment is sent again': {
    patches: [patch(REPOSITORY, '...(!isFirst && { first_sequence_number })', '')],
    breaks: ['edits show'],
  },
  'an end continues no hash': {
    patches: [patch(REPOSITORY, 'hashed(ending, record.history.at(-1)?.hash, {', 'hashed(ending, undefined, {')],
    breaks: ['edits show'],
  },
  'a takeover or an operation continues no hash': {
    patches: [patch(HISTORY, 'hashed(entry, record.history.at(-1)?.hash, record)', 'hashed(entry, undefined, record)')],
    breaks: ['edits show'],
  },
  'an entry behind a lost one forgets its hash': {
    patches: [
      SHORT_HISTORIES,
      patch(HISTORY, 'isBehindLost ? { ...entry, previous_hash: before.hash } : entry', 'entry'),
    ],
    breaks: ['edits show'],
  },
  'the hash of a decision does not cover the answer': {
    patches: [patch('../contract/hash-chain.ts', 'isDecision(entry.status) ? { fraud } : {}', '{}')],
    breaks: ['edits show'],
  },
  'a decision is logged without its hash': {
    patches: [patch(PROCESSOR, ', status, history_hash: result.record.history.at(-1)?.hash }', ', status }')],
    breaks: ['edits show'],
  },
  'attempts are not counted': {
    patches: [
      patch(
        REPOSITORY,
        'this.claimEntry(found.attempts + 1, parkedBehind)',
        'this.claimEntry(found.attempts, parkedBehind)',
      ),
    ],
    breaks: ['history without gaps'],
  },
  'the fence is ignored': {
    patches: [
      patch(
        REPOSITORY,
        'fence: record.attempts,',
        'fence: (await this.services.store.read(record.transaction_id))?.attempts ?? record.attempts,',
      ),
    ],
    breaks: ['history without gaps'],
  },
  'a lost fence is acknowledged': {
    patches: [
      patch(
        PROCESSOR,
        "if (result.kind === 'lost') return FENCE_LOST;\n    if (result.kind === 'settled') {",
        "if (result.kind === 'lost') return ACKNOWLEDGED;\n    if (result.kind === 'settled') {",
      ),
      patch(
        PROCESSOR,
        "if (result.kind === 'lost') return FENCE_LOST;\n    if (result.kind === 'settled-elsewhere')",
        "if (result.kind === 'lost') return ACKNOWLEDGED;\n    if (result.kind === 'settled-elsewhere')",
      ),
      patch(PROCESSOR, "case 'lost':\n        return FENCE_LOST;", "case 'lost':\n        return ACKNOWLEDGED;"),
    ],
    breaks: ['nothing lost', 'order per account', 'metrics equal transitions'],
  },
  'a decision is counted twice': {
    patches: [
      patch(
        REPOSITORY,
        'this.services.telemetry.count(METRICS.processed);',
        'this.services.telemetry.count(METRICS.processed, 2);',
      ),
    ],
    breaks: ['metrics equal transitions'],
  },
  'counted though another invocation decided': {
    patches: [
      patch(
        REPOSITORY,
        "if (result === undefined || !isDecided(result)) return { kind: 'lost' };",
        "this.services.telemetry.count(METRICS.processed);\n    if (result === undefined || !isDecided(result)) return { kind: 'lost' };",
      ),
    ],
    breaks: ['metrics equal transitions'],
  },
  'the content of a known transaction is not compared': {
    patches: [
      patch(
        '../contract/record-state.ts',
        "if (record.fingerprint !== fingerprint) return { kind: 'conflicting' };",
        '',
      ),
    ],
    breaks: ['nothing lost', 'fraud API called correctly', 'order per account'],
  },
  'the last receive comes too early': {
    patches: [patch('core/retry-delay.ts', 'return state.apiIsWell ? shortDelay : longDelay;', 'return shortDelay;')],
    breaks: ['outage outlasted'],
  },
  'each message of an account has a retry delay of its own': {
    patches: [
      patch(
        BATCH,
        'return messages.map((message) => ({ message, seconds }));',
        'return messages.map((message, index) => ({ message, seconds: seconds + index }));',
      ),
    ],
    breaks: ['retry delays within limits'],
  },
  'a payment fails at its second receive': {
    patches: [
      patch(
        PROCESSOR,
        'message.receiveCount >= this.settings.maxReceiveCount;',
        'message.receiveCount + 1 >= this.settings.maxReceiveCount;',
      ),
    ],
    breaks: ['dead letters exact', 'outage outlasted'],
  },
  'a payment that is too old is checked': {
    patches: [patch(PROCESSOR, 'if (this.isTooOld(payment, record)) return this.expire(delivery, record);', '')],
    breaks: ['fraud API called correctly'],
  },
  'a payment expires an hour early': {
    patches: [patch(PROCESSOR, 'age > maxPaymentAgeHours * HOUR_MS', 'age > (maxPaymentAgeHours - 1) * HOUR_MS')],
    breaks: ['dead letters exact'],
  },
  'a payment that an operator redrove by its id expires': {
    patches: [patch(PROCESSOR, ' && !mayBeOfAnyAge(record)', '')],
    breaks: ['dead letters exact'],
  },
  'a payment expires after the fraud API was asked': {
    patches: [
      patch(
        PROCESSOR,
        "switch (check.kind) {\n      case 'decided':",
        "if (this.isTooOld(payment, record) || this.services.clock.now() - requestedAt(payment) > (this.settings.maxPaymentAgeHours ?? Infinity) * HOUR_MS) return this.expire(delivery, record);\n    switch (check.kind) {\n      case 'decided':",
      ),
      patch(PROCESSOR, 'if (this.isTooOld(payment, record)) return this.expire(delivery, record);\n', '\n'),
    ],
    breaks: ['dead letters exact', 'fraud API called correctly'],
  },
  'large bodies are read without a limit of time': {
    patches: [patch(BATCH, '|| (isLong && this.timeForLongBodies <= 0)', '')],
    breaks: ['large bodies leave time'],
  },
};
