import type { Invocation } from '../../runtime/ports';
import { maskId, type RecordState } from '../../contract';
import { parseDeadLetter, stateOf } from './dead-letter';
import { DeadLetterScanner, type ScanAction } from './dead-letter-scanner';
import type { DeadLetter, Services } from './ports';

const MOST_MESSAGES = 100;
const MOST_IDS = 10;

type Kind = RecordState['kind'] | 'unreadable' | 'parked';

/**
 * Some of the dead letters: SQS shows at most the first ten of an account, and hides what another run has received. So the counts are
 * not totals.
 */
export interface Sample {
  readonly messages: number;
  /** `parked` ones wait for a failed one of their account. `failed` and `settled` have a usable record; the status index lacks the others. */
  readonly counts: Readonly<Record<Kind, number>>;
  /** Message ids of unreadable and conflicting ones, at most ten each. */
  readonly unreadableMessageIds: readonly string[];
  readonly conflictingMessageIds: readonly string[];
  /**
   * Transaction ids of `settled` ones, at most ten, when outcomes are published: their outcomes may be unpublished, as a message that can't publish
   * stays in the queue until SQS moves it here. A redrive publishes them. Empty without outcomes.
   */
  readonly unpublishedTransactionIds: readonly string[];
}

interface Seen {
  readonly kind: Kind;
  /** Undefined of an unreadable one. */
  readonly transactionId?: string;
}

/** Receives some dead letters, and makes them visible again. @param visible messages of the queue, as SQS estimates them */
export async function sampleDeadLetters(services: Services, invocation: Invocation, visible: number): Promise<Sample> {
  const found = new Map<string, Seen>();
  const size = Math.min(MOST_MESSAGES, visible);
  if (size > 0) {
    const visit = async (letter: DeadLetter): Promise<ScanAction> => {
      const seen = await look(letter, services);
      if (found.size < size) found.set(letter.messageId, seen);
      return found.size < size ? 'kept' : 'limit';
    };
    await new DeadLetterScanner(services, invocation, visit).scan();
  }
  const idsOf = (kind: Kind) => [...found].filter(([, seen]) => seen.kind === kind).map(([id]) => id);
  const count = (kind: Kind) => idsOf(kind).length;
  const settled = [...found.values()].flatMap(({ kind, transactionId }) =>
    kind === 'settled' && transactionId !== undefined ? [maskId(transactionId)] : [],
  );
  return {
    messages: found.size,
    counts: {
      unreadable: count('unreadable'),
      conflicting: count('conflicting'),
      open: count('open'),
      unrecorded: count('unrecorded'),
      parked: count('parked'),
      failed: count('failed'),
      settled: count('settled'),
    },
    unreadableMessageIds: idsOf('unreadable').slice(0, MOST_IDS),
    conflictingMessageIds: idsOf('conflicting').slice(0, MOST_IDS),
    unpublishedTransactionIds: services.outcomes === undefined ? [] : [...new Set(settled)].slice(0, MOST_IDS),
  };
}

async function look(letter: DeadLetter, { payments }: Services): Promise<Seen> {
  const parsed = parseDeadLetter(letter);
  if (parsed.kind === 'unreadable') return { kind: 'unreadable' };
  const { transaction_id: transactionId } = parsed.payment;
  const { kind } = stateOf(parsed.identity, letter, await payments.read(transactionId));
  const isParked = letter.parkedBehind !== undefined && (kind === 'unrecorded' || kind === 'open');
  return { kind: isParked ? 'parked' : kind, transactionId };
}
