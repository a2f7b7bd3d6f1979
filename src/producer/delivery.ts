import { ExponentialBackoff, fullJitterGenerator, handleWhenResult, retry } from 'cockatiel';
import type { BatchSender } from './batch-sender';
import type { Message } from './message';
import type { Accepted, Aborted, Invalid, NotSent, Unknown } from './send-result';
import type { Failed, SendAttempt } from './send-attempt';

/** A result without its payment. */
export type Without<TResult> = TResult extends unknown ? Omit<TResult, 'payment'> : never;
export type Delivery = Without<Accepted | Invalid | NotSent | Unknown | Aborted>;

const MAX_CALLS = 8;
/**
 * Milliseconds after the start of the first call in which another may start. SQS remembers a stored message's
 * deduplication id for 300,000; the rest covers the last call, the network, and differing clocks.
 */
const RETRY_WINDOW_MS = 120_000;
/** Full jitter: up to 100 ms before the second call, 200 ms before the third, and so on to 5 s. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

interface Step {
  readonly attempt: SendAttempt;
  readonly again: boolean;
}

const RETRIES = retry(
  handleWhenResult((result) => (result as Step).again),
  {
    maxAttempts: MAX_CALLS - 1,
    backoff: new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: FIRST_BACKOFF_MS,
      maxDelay: LONGEST_BACKOFF_MS,
    }),
  },
);

/** Sends the message until it is stored, refused, or given up. Each call has the same deduplication id and body. */
export async function deliver(sender: BatchSender, message: Message, isStopped: () => boolean): Promise<Delivery> {
  const failures: Failed[] = [];
  let firstCallAt: number | undefined;
  // Wall-clock time: the queue's clock also runs while this machine sleeps.
  const begin = () => {
    firstCallAt ??= Date.now();
    return !isStopped() && Date.now() - firstCallAt < RETRY_WINDOW_MS;
  };
  const { attempt } = await RETRIES.execute(async (): Promise<Step> => {
    const attempt = await sender.send({ message, begin });
    if (attempt.outcome === 'stored' || attempt.outcome === 'not started') return { attempt, again: false };
    failures.push(attempt);
    return { attempt, again: attempt.outcome !== 'refused' && attempt.outcome !== 'unfit' && !isStopped() };
  });
  if (attempt.outcome !== 'stored') return givenUp(failures, isStopped());
  return { status: 'accepted', messageId: attempt.messageId, sequenceNumber: attempt.sequenceNumber };
}

/** One unclear call makes the result unknown: a later refusal says nothing about it. SQS never stored unfit content. */
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
