import type { Invocation, Services } from './invocation';
import type { Pattern } from './patterns';
import type { Alert } from './ports';

/** The same pattern is not told again before. */
export const QUIET_MS = 3_600_000;

/** While one invocation publishes, no other does; if it dies in between, the next one may after this. */
const CLAIM_MS = 180_000;

const NAMES: Readonly<Record<Pattern['kind'], string>> = {
  bad_release: 'bad release',
  outage: 'outage of the fraud API',
  new_refusal: 'the fraud API refuses what it used to take',
  poison_account: 'one account fails',
  unreadable_messages: 'invalid messages',
};

/**
 * Tells the operators of patterns that they were not told of within the last hour, in one message.
 * @returns the patterns that were told
 * @throws ServiceError when the topic did not take it; it is due again three minutes later
 */
export async function alertOf(
  patterns: readonly Pattern[],
  services: Services,
  { signal }: Invocation,
): Promise<Pattern['kind'][]> {
  const { alertMemory, clock, topic } = services;
  const due: Pattern[] = [];
  for (const pattern of patterns) {
    const now = clock.now();
    if (await alertMemory.claim(keyOf(pattern), now, now + CLAIM_MS, signal)) due.push(pattern);
  }
  if (due.length === 0) return [];
  await topic.publish(write(due), signal);
  for (const pattern of due) await alertMemory.extend(keyOf(pattern), clock.now() + QUIET_MS, signal);
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

/** One pattern for a person, without a word of any payment but an id. */
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
