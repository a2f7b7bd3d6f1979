import type { Pattern } from './patterns';
import type { Alert, Services } from './ports';

/** Time for which a published pattern is not published again. */
export const QUIET_MS = 3_600_000;

/** Time for which no other invocation publishes a pattern. Longer than an invocation runs, so another takes over only after a crash. */
const PUBLISHING_MS = 180_000;

const NAMES: Readonly<Record<Pattern['kind'], string>> = {
  bad_release: 'bad release',
  outage: 'outage of the fraud API',
  new_refusal: 'the fraud API refuses what it used to take',
  expired_payments: 'payments were too old when their turn came',
  poison_account: 'one account fails',
  unreadable_messages: 'invalid messages',
};

/**
 * Publishes the patterns that were not published within the last hour, in one message.
 * @returns what was published
 * @throws ServiceError when the topic did not take the message; it is due again three minutes later
 */
export async function publishAlert(
  patterns: readonly Pattern[],
  { alertThrottle, clock, topic }: Services,
): Promise<Pattern['kind'][]> {
  const due: Pattern[] = [];
  for (const pattern of patterns) {
    const now = clock.now();
    if (await alertThrottle.claim(keyOf(pattern), now, now + PUBLISHING_MS)) due.push(pattern);
  }
  if (due.length === 0) return [];
  await topic.publish(write(due));
  for (const pattern of due) await alertThrottle.extend(keyOf(pattern), clock.now() + QUIET_MS);
  return due.map(({ kind }) => kind);
}

function keyOf({ kind, subject }: Pattern): string {
  return `${kind}#${subject}`;
}

function write(patterns: readonly Pattern[]): Alert {
  const [first, ...others] = patterns;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    subject: `Failed payments: ${NAMES[first!.kind]}${more}`,
    text: [
      ...patterns.map(describe),
      'Details: invoke the DLQ processor with {"action":"analyze"}, and read its log.',
    ].join('\n\n'),
  };
}

/** Describes one pattern for a person. Of a payment it shows only the id. */
export function describe({
  kind,
  subject,
  failed,
  accounts,
  firstSeen,
  lastSeen,
  exampleTransactionId,
  whatToDo,
}: Pattern): string {
  const what =
    kind === 'unreadable_messages' ? `${failed} in a sample of the dead-letter queue` : `${failed} failed payments`;
  const whose = accounts === undefined ? '' : ` of ${accounts} account${accounts === 1 ? '' : 's'}`;
  const when = firstSeen === undefined ? '' : `, from ${firstSeen} to ${lastSeen ?? firstSeen}`;
  const example = exampleTransactionId === undefined ? '' : `\nFor example: transaction ${exampleTransactionId}`;
  return `${kind} (${subject}): ${what}${whose}${when}.\n${whatToDo}${example}`;
}
