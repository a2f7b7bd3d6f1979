import type { DeadLetter } from './dead-letter-queue';
import type { PaymentTable } from './payment-table';
import type { Accepted } from './client-messages';

/**
 * What is wrong with the dead-letter queue's content; why a message that SQS moved there is there was judged at that time.
 * @param failures fingerprints of payments, each with a code with which it has failed
 */
export function judgeDeadLetters(
  letters: readonly DeadLetter[],
  accepted: ReadonlyMap<string, Accepted>,
  table: PaymentTable,
  failures: ReadonlySet<string>,
): string[] {
  return letters.flatMap(({ sourceMessageId, groupId, body, failureCode, parkedBehind }) => {
    const { sent } = accepted.get(sourceMessageId)!;
    const isCopy = sent.groupId === groupId && sent.body === body;
    const isRight =
      failureCode === undefined ||
      (sent.payment === undefined
        ? failureCode === 'INVALID_PAYMENT'
        : fits(failureCode, sent.payment, table, failures));
    return isCopy && isRight
      ? []
      : [`${sourceMessageId} is there as ${failureCode ?? parkedBehind ?? 'redriven'}, which it is not`];
  });
}

function fits(
  failureCode: string,
  { message, fingerprint }: NonNullable<Accepted['sent']['payment']>,
  table: PaymentTable,
  failures: ReadonlySet<string>,
): boolean {
  const record = table.read(message.transaction_id);
  if (failureCode === 'CONFLICTING_TRANSACTION') return record !== undefined && record.fingerprint !== fingerprint;
  // A redrive may have sent another copy of it, so that the payment is open again, or decided (guarantees.md promises no single copy).
  return failures.has(`${fingerprint} ${failureCode}`);
}
