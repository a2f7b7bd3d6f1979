import { parseDeadLetter, recordStateOf, type RecordState } from './dead-letter';
import type { Invocation, Services } from './invocation';
import type { DeadLetter } from './ports';
import { DeadLetterScanner, type ScanAction } from './dead-letter-scanner';

const MOST_MESSAGES = 100;
const MOST_IDS = 10;

type What = RecordState['kind'] | 'unreadable' | 'parked';

/**
 * A look at some of the dead letters: an account shows at most its first ten, and what others are working on is hidden.
 * So its counts are no totals.
 */
export interface Sample {
  readonly messages: number;
  /** `parked` ones only wait for a failed one of their account. `failed` and `settled` have a usable record; the others are what the status index does not tell. */
  readonly counts: Readonly<Record<What, number>>;
  /** Message ids of unreadable and conflicting ones, at most ten each. */
  readonly unreadableMessageIds: readonly string[];
  readonly conflictingMessageIds: readonly string[];
}

/** Looks, and makes everything visible again. @param visible messages of the queue, as it estimates them */
export async function sampleDeadLetters(services: Services, invocation: Invocation, visible: number): Promise<Sample> {
  const found = new Map<string, What>();
  const size = Math.min(MOST_MESSAGES, visible);
  if (size > 0) {
    const look = async (letter: DeadLetter): Promise<ScanAction> => {
      const what = await whatIs(letter, services, invocation);
      if (found.size < size) found.set(letter.messageId, what);
      return found.size < size ? 'kept' : 'limit';
    };
    await new DeadLetterScanner(services, invocation, look).scan();
  }
  const idsOf = (what: What) => [...found].filter(([, known]) => known === what).map(([id]) => id);
  const count = (what: What) => idsOf(what).length;
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
  };
}

async function whatIs(letter: DeadLetter, { payments }: Services, { signal }: Invocation): Promise<What> {
  const parsed = parseDeadLetter(letter);
  if (parsed.kind === 'unreadable') return 'unreadable';
  const { kind } = recordStateOf(parsed.identity, letter, await payments.read(parsed.payment.transaction_id, signal));
  return letter.parkedBehind !== undefined && (kind === 'unrecorded' || kind === 'open') ? 'parked' : kind;
}
