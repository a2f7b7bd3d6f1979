import { ExponentialBackoff, fullJitterGenerator, handleWhenResult, retry } from 'cockatiel';
import type { BatchSender } from './batch-sender';
import type { Message } from './message';
import type { Accepted, Aborted, Invalid, NotSent, Unknown } from './send-result';
import type { Failed, SendAttempt } from './send-attempt';

/** A result, before it is told of which payment. */
export type Without<TResult> = TResult extends unknown ? Omit<TResult, 'payment'> : never;
export type Delivery = Without<Accepted | Invalid | NotSent | Unknown | Aborted>;

const MAX_TRIES = 8;
/**
 * Milliseconds after the start of the first try in which another may start. SQS knows a message that it stored by its
 * deduplication id for 300,000; the rest is for the last call, its way, and clocks that differ.
 */
const TRY_FOR_MS = 120_000;
/** Full jitter: up to 100 ms before the second try, 200 ms before the third, and so on to 5 s. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

interface Try {
  readonly tried: SendAttempt;
  readonly again: boolean;
}

const RETRIES = retry(
  handleWhenResult((result) => (result as Try).again),
  {
    maxAttempts: MAX_TRIES - 1,
    backoff: new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: FIRST_BACKOFF_MS,
      maxDelay: LONGEST_BACKOFF_MS,
    }),
  },
);

/** Tries until the message is stored, refused, or given up; each try has the same deduplication id and body. */
export async function deliver(sender: BatchSender, message: Message, isStopped: () => boolean): Promise<Delivery> {
  const failures: Failed[] = [];
  let firstTryAt: number | undefined;
  // The system's time, as the queue's goes on too while this machine sleeps.
  const begin = () => {
    firstTryAt ??= Date.now();
    return !isStopped() && Date.now() - firstTryAt < TRY_FOR_MS;
  };
  const { tried } = await RETRIES.execute(async (): Promise<Try> => {
    const tried = await sender.send({ message, begin });
    if (tried.outcome === 'stored' || tried.outcome === 'not started') return { tried, again: false };
    failures.push(tried);
    return { tried, again: tried.outcome !== 'refused' && tried.outcome !== 'unfit' && !isStopped() };
  });
  if (tried.outcome !== 'stored') return givenUp(failures, isStopped());
  return { status: 'accepted', messageId: tried.messageId, sequenceNumber: tried.sequenceNumber };
}

/** One unclear try is enough: that a later one was refused does not take the first back. Unfit content was never stored. */
function givenUp(failures: readonly Failed[], isStopped: boolean): Delivery {
  const last = failures.at(-1);
  if (last?.outcome === 'unfit') return invalid(last);
  if (last !== undefined && failures.some(({ outcome }) => outcome === 'unclear')) return unknown(last);
  if (last === undefined || (isStopped && last.outcome === 'throttled')) return ABORTED;
  return notSent(last);
}

const ABORTED: Delivery = { status: 'refused', code: 'ABORTED', reason: 'The signal was aborted before it was sent.' };

function invalid({ code }: Failed): Delivery {
  return {
    status: 'refused',
    code: 'INVALID_PAYMENT',
    reason: `SQS does not carry its text: ${code}. Correct the payment.`,
  };
}

function notSent({ code, cause }: Failed): Delivery {
  return { status: 'refused', code: 'SEND_FAILED', reason: `SQS did not take it: ${code}.`, cause };
}

function unknown({ code, cause }: Failed): Delivery {
  const reason = `It may be in the queue: a call ended without a clear answer, and the last one with ${code}. Send it again unchanged.`;
  return { status: 'unknown', code: 'ANSWER_LOST', reason, cause };
}
