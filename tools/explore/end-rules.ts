import { isDecision, isDiscarded, type PaymentRecord, STATUS_OF_DECISION } from '../../src/contract';
import type { BulkAnswer } from '../../src/dlq-processor/core/bulk-answer';
import type { ResolveAnswer } from '../../src/dlq-processor/core/resolve';
import { isConflicting, ownRecord, violated, type Violation } from './invariants';
import type { ExploredPayment } from './scenario';
import type { Running, World } from './world';

/** Returns the violations of an operator's answer when the function ends. */
export function judgeAnswer(world: World, { name, state: { result }, operation }: Running): Violation[] {
  if (result === undefined || 'error' in result) return [];
  const answer = result.value as BulkAnswer | ResolveAnswer;
  if (answer.action === 'resolve') return judgeResolved(world, name, answer);
  if (operation?.event.action === 'redrive') return judgeRedriven(world, name);
  if (answer.discarded === 0) return [];
  return paymentsTold(world, name, 'Payment discarded').flatMap((payment) => {
    const record = ownRecord(payment, world);
    const isDecided = record !== undefined && isDecision(record.payment_status);
    return isDecided
      ? [
          violated(
            'answers true',
            `${name} says that ${payment.message.transaction_id} is discarded, and it is ${record.payment_status}`,
          ),
        ]
      : [];
  });
}

/** An operator is told the decision that stands, and that it is the operator's own only when it is. */
function judgeResolved(world: World, name: string, { decision, ids }: ResolveAnswer): Violation[] {
  const of = (transactionId: string) => world.records.records.get(transactionId)!;
  const isBy = (transactionId: string) => of(transactionId).history.at(-1)!.request_id === name;
  const isSo = (transactionId: string) => of(transactionId).payment_status === STATUS_OF_DECISION[decision];
  const wrong = [
    ...(ids.resolved ?? []).filter((id) => !isSo(id) || !isBy(id)),
    ...(ids.resolvedBefore ?? []).filter((id) => !isSo(id) || isBy(id)),
    ...(ids.decidedOtherwise ?? []).filter((id) => isSo(id)),
  ];
  return wrong.map((id) =>
    violated('answers true', `${name} answers ${JSON.stringify(ids)}, and ${id} is ${of(id).payment_status}`),
  );
}

/** A payment that is told to be redriven is on its way, unless somebody has received or discarded it since. */
function judgeRedriven(world: World, name: string): Violation[] {
  return paymentsTold(world, name, 'Payment redriven').flatMap((payment) => {
    const record = ownRecord(payment, world);
    const isGone = record !== undefined && isUnclaimed(record) && !world.isQueued(payment) && !world.hasLetter(payment);
    const what = `${name} says that ${payment.message.transaction_id} is redriven, and it is in no queue`;
    return isGone ? [violated('answers true', what)] : [];
  });
}

/** Whether an operator has redriven it, and no message of it has been received since. */
function isUnclaimed({ payment_status, history, parked_behind }: PaymentRecord): boolean {
  return payment_status === 'PROCESSING' && parked_behind === undefined && history.at(-1)?.reason !== undefined;
}

/** Returns the payments that an operator's run reported with this event. */
function paymentsTold(world: World, name: string, what: 'Payment discarded' | 'Payment redriven'): ExploredPayment[] {
  const told = world.running.find((one) => one.name === name)!.state.told.filter(({ event }) => event === what);
  return world.accepted.filter(
    (one) =>
      !isConflicting(one, world) &&
      told.some(
        ({ transactionId, account }) =>
          transactionId === one.message.transaction_id && account === one.message.account_id,
      ),
  );
}

/** Returns the discarded payments of the world, and those that this run discarded and nobody has redriven since. */
export function withDiscarded(world: World, by: Running): ReadonlySet<string> {
  if (by.operation?.event.action !== 'discard' || by.state.result === undefined || 'error' in by.state.result)
    return world.discarded;
  const isRedriven = (payment: ExploredPayment) =>
    ownRecord(payment, world)?.history.findLast(({ reason }) => reason !== undefined)?.status === 'PROCESSING';
  const discarded = paymentsTold(world, by.name, 'Payment discarded').filter((payment) => !isRedriven(payment));
  return new Set([...world.discarded, ...discarded.map(({ fingerprint }) => fingerprint)]);
}

/** Returns the violations of a world in which no function runs and the payment queue is empty. */
export function judgeRest(world: World): Violation[] {
  return world.accepted
    .flatMap((payment) => {
      const { transaction_id } = payment.message;
      const record = ownRecord(payment, world);
      if (record === undefined) {
        const isExcused =
          world.discarded.has(payment.fingerprint) ||
          (world.isPurged && (isConflicting(payment, world) || world.displaced.has(payment.fingerprint)));
        return world.hasLetter(payment) || isExcused
          ? []
          : [violated('nothing lost', `${transaction_id} has no record, and is in no queue`)];
      }
      const mustBeDead =
        !isDecision(record.payment_status) && !isDiscarded(record) && !world.isPurged && !isRedriveCutShort(record);
      return mustBeDead && !world.hasLetter(payment)
        ? [violated('dead letters exact', `${transaction_id} is ${record.payment_status}, and in no queue`)]
        : [];
    })
    .concat(judgeLetters(world));
}

/** Whether the redrive of a discarded payment ended before it sent the message. The payment has no dead letter; the next redrive by id sends it. */
function isRedriveCutShort({ history }: PaymentRecord): boolean {
  const [discard, redrive] = history.slice(-2);
  return (
    redrive?.status === 'PROCESSING' &&
    redrive.reason !== undefined &&
    discard?.status === 'FAILED' &&
    discard.reason !== undefined
  );
}

function judgeLetters(world: World): Violation[] {
  return world.deadLetters.messages.flatMap((letter) => {
    const payment = world.paymentOf(letter);
    const { failureCode } = world.letters.get(letter.messageId)!;
    const record = ownRecord(payment, world);
    const fits =
      failureCode === undefined ||
      (failureCode === 'CONFLICTING_TRANSACTION'
        ? isConflicting(payment, world)
        : record?.history.some(({ status }) => status === 'FAILED'));
    return fits
      ? []
      : [
          violated(
            'dead letters exact',
            `${payment.message.transaction_id} is there as ${failureCode}, which it is not`,
          ),
        ];
  });
}
