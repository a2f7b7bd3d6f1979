import {
  type HistoryEntry,
  isDecision,
  isDiscarded,
  isResolution,
  type PaymentRecord,
  recordFaults,
  type Resolution,
  STATUS_OF_DECISION,
} from '../../src/contract';
import type { Invariant as SimulationInvariant, Violation as SimulationViolation } from '../simulate/run-log';
import { addedEntries } from '../kit/cores/record-audit';
import type { ExploredPayment } from './scenario';
import type { Running, World } from './world';

/** The names of the invariants, as the guarantees use them: those of the simulation and one more. */
export type Invariant = SimulationInvariant | 'discarded permanently';

export type Violation = SimulationViolation<Invariant>;

export const violated = (invariant: Invariant, what: string): Violation => ({ invariant, what });

/** Returns the violations of a step. @param by the invocation that took the step; undefined if no function did */
export function judgeStep(before: World, after: World, by: Running | undefined): Violation[] {
  const violations: Violation[] = [];
  for (const [id, record] of after.records.records) {
    const was = before.records.records.get(id);
    if (was !== record) violations.push(...judgeWrite(was, record, after, by));
  }
  return violations;
}

function judgeWrite(
  before: PaymentRecord | undefined,
  record: PaymentRecord,
  world: World,
  by: Running | undefined,
): Violation[] {
  const payment = world.accepted.find(({ fingerprint }) => fingerprint === record.fingerprint);
  if (payment === undefined || by === undefined)
    return [violated('history without gaps', `${record.transaction_id} is nobody's payment`)];
  const isEnd = record.payment_status !== 'PROCESSING' && record.payment_status !== before?.payment_status;
  return [
    ...judgeHistory(before, record, by),
    ...recordFaults(record).map(({ kind, what }) =>
      violated('edits show', `${record.transaction_id}: ${kind}, ${what}`),
    ),
    ...(!isDecision(record.payment_status)
      ? []
      : by.kind === 'operator'
        ? judgeResolution(before, record, by)
        : judgeDecision(record, payment, world)),
    ...(isEnd && by.kind === 'processor' ? judgeHold(record, payment, world, by) : []),
    ...judgeDeadLettered(before, record, payment, world),
    ...judgeReopening(before, record, world, by),
  ];
}

function judgeHistory(before: PaymentRecord | undefined, after: PaymentRecord, by: Running): Violation[] {
  const last = after.history.at(-1)!;
  const added = before === undefined ? after.history : addedEntries(before, after);
  const isNote = added?.length === 0 && before?.payment_status === after.payment_status; // a field outside the history
  const isLegal =
    added?.length === 1 &&
    last.status === after.payment_status &&
    last.attempt === after.attempts &&
    last.request_id === by.name &&
    isNext(before, last, by);
  if (isNote || isLegal) return [];
  return [
    violated(
      'history without gaps',
      `${after.transaction_id}: ${after.history.map(({ status, attempt, request_id }) => `${status} ${attempt} by ${request_id}`).join(', ')}`,
    ),
  ];
}

function isNext(before: PaymentRecord | undefined, entry: HistoryEntry, { kind }: Running): boolean {
  const isOperators = kind === 'operator';
  const isParking = !isOperators && entry.status === 'PROCESSING' && entry.reason !== undefined;
  if (isOperators !== (entry.reason !== undefined) && !isParking) return false;
  if (before === undefined) return isOperators || (entry.status === 'PROCESSING' && entry.attempt === 1);
  if (isDecision(before.payment_status)) return isResolution(entry); // judged by itself
  if (entry.status === 'PROCESSING')
    return entry.attempt === before.attempts + 1 && (isOperators || before.payment_status === 'PROCESSING');
  const isOfClaimant = entry.request_id === before.history.at(-1)?.request_id && before.payment_status === 'PROCESSING';
  return entry.attempt === before.attempts && (isOperators || isOfClaimant);
}

function judgeDecision(
  { transaction_id, payment_status, fraud, history }: PaymentRecord,
  payment: ExploredPayment,
  world: World,
): Violation[] {
  const violations: Violation[] = [];
  if (history.filter((entry) => isDecision(entry.status) && !isResolution(entry)).length !== 1)
    violations.push(violated('decided once', `${transaction_id} was decided twice`));
  const says: readonly string[] = world.isRepaired ? ['approve'] : payment.says;
  if (fraud === undefined || !says.includes(fraud.decision) || STATUS_OF_DECISION[fraud.decision] !== payment_status) {
    violations.push(violated('decided once', `${transaction_id} is ${payment_status}, which the fraud API never said`));
  }
  if (world.discarded.has(payment.fingerprint))
    violations.push(
      violated(
        'discarded permanently',
        `${transaction_id} is ${payment_status}, after the operator was told that it is discarded`,
      ),
    );
  const overtaken = eldersOf(payment, world).filter(
    (elder) => world.isQueued(elder) && !hasEnded(elder, world) && !hasFailed(elder, world),
  );
  if (overtaken.length > 0)
    violations.push(
      violated(
        'order per account',
        `${transaction_id} was decided before ${ids(overtaken)}, which its account had sent earlier`,
      ),
    );
  return violations;
}

/** An operator decides a payment in review, once, and as the event says. */
function judgeResolution(before: PaymentRecord | undefined, after: PaymentRecord, { operation }: Running): Violation[] {
  const { action, decision, actor } = operation!.event;
  const entry = after.history.at(-1)!;
  const isRight =
    before?.payment_status === 'REVIEW' &&
    action === 'resolve' &&
    asksFor(operation, after.transaction_id) &&
    after.payment_status === STATUS_OF_DECISION[decision as Resolution] &&
    after.attempts === before.attempts &&
    after.fraud === before.fraud &&
    entry.reason !== undefined &&
    entry.actor === actor;
  return isRight
    ? []
    : [
        violated(
          'reviews decided once',
          `${after.transaction_id}: ${after.history.map(({ status }) => status).join(', ')}`,
        ),
      ];
}

/** With 'hold', no payment overtakes a waiting payment of its account. */
function judgeHold(
  { transaction_id, payment_status }: PaymentRecord,
  payment: ExploredPayment,
  world: World,
  by: Running,
): Violation[] {
  const switches = world.scenario.operators.flat(2).some(({ kind }) => kind === 'switch');
  if (by.onFailedPayment !== 'hold' || switches) return []; // a payment that failed under 'continue' has no hold
  const waiting = eldersOf(payment, world).filter((elder) => waits(elder, world));
  return waiting.length === 0
    ? []
    : [
        violated(
          'held in order',
          `${transaction_id} became ${payment_status}, though ${ids(waiting)} of its account wait`,
        ),
      ];
}

function waits(payment: ExploredPayment, world: World): boolean {
  const record = ownRecord(payment, world);
  if (
    world.displaced.has(payment.fingerprint) ||
    isConflicting(payment, world) ||
    (record !== undefined && isDiscarded(record))
  )
    return false;
  if (record === undefined) return world.hasLetter(payment) || world.isQueued(payment);
  return !isDecision(record.payment_status);
}

function judgeDeadLettered(
  before: PaymentRecord | undefined,
  after: PaymentRecord,
  payment: ExploredPayment,
  world: World,
): Violation[] {
  const isNoted = before?.dead_lettered_at === undefined && after.dead_lettered_at !== undefined && !isDiscarded(after);
  if (!isNoted || world.hasLetter(payment) || world.isPurged) return [];
  // A concurrent redrive may already have sent the payment.
  return world.isQueued(payment)
    ? []
    : [violated('nothing lost', `${after.transaction_id} is noted as dead-lettered, but is in no queue`)];
}

function judgeReopening(
  before: PaymentRecord | undefined,
  after: PaymentRecord,
  { discarded }: World,
  { operation }: Running,
): Violation[] {
  const isReopened =
    before !== undefined &&
    isDiscarded(before) &&
    after.payment_status === 'PROCESSING' &&
    discarded.has(after.fingerprint);
  if (!isReopened || asksFor(operation, after.transaction_id)) return [];
  return [
    violated(
      'discarded permanently',
      `${after.transaction_id} was discarded, and is redriven without being asked for by its id`,
    ),
  ];
}

export function ownRecord({ message, fingerprint }: ExploredPayment, { records }: World): PaymentRecord | undefined {
  const record = records.records.get(message.transaction_id);
  return record?.fingerprint === fingerprint ? record : undefined;
}

export function isConflicting(payment: ExploredPayment, world: World): boolean {
  return world.records.records.has(payment.message.transaction_id) && ownRecord(payment, world) === undefined;
}

function hasEnded(payment: ExploredPayment, world: World): boolean {
  const record = ownRecord(payment, world);
  return (
    (record !== undefined && record.payment_status !== 'PROCESSING') ||
    world.hasLetter(payment) ||
    isConflicting(payment, world)
  );
}

function hasFailed(payment: ExploredPayment, world: World): boolean {
  const isRedriven =
    ownRecord(payment, world)?.history.some(({ status, reason }) => status === 'FAILED' || reason !== undefined) ===
    true;
  return isRedriven || world.displaced.has(payment.fingerprint);
}

function eldersOf({ fingerprint, message: { account_id } }: ExploredPayment, { accepted }: World): ExploredPayment[] {
  const place = accepted.findIndex((one) => one.fingerprint === fingerprint);
  return accepted.slice(0, place).filter(({ message }) => message.account_id === account_id);
}

export function asksFor(operation: Running['operation'], id: string): boolean {
  const asked = operation?.event.transactionIds;
  return Array.isArray(asked) && asked.includes(id);
}

function ids(payments: readonly ExploredPayment[]): string {
  return payments.map(({ message }) => message.transaction_id).join(', ');
}
