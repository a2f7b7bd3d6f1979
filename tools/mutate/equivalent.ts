/** A mutant that no test can tell from the code, or that no test has to, and why. */
export interface EquivalentMutant {
  readonly file: string;
  /** The code that is replaced, as the run prints it, and by what. */
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

const NARROWS = 'The condition is there for the compiler: what stands beside it says the same.';
const BIG_ENDIAN = 'Only a big-endian machine tells, and the tests run on none.';
const NEVER_EMPTY = 'A history has one entry at least.';
const CODE_ONLY = "The answer and the log have the error's code only.";
const SAME_RECORD = 'The record of a transaction id is never deleted, and never becomes that of another payment.';

/** They don't count as survivors. */
export const EQUIVALENT: readonly EquivalentMutant[] = [
  ...of('src/contract/card-number.ts', [
    ['last[1] < low', 'last[1] <= low', 'Two ranges that share one number are as good as one.'],
  ]),
  ...of('src/contract/characters.ts', [
    ["endianness() === 'BE'", 'false', BIG_ENDIAN],
    ["'BE'", '""', BIG_ENDIAN],
    ['IS_BIG_ENDIAN', 'false', BIG_ENDIAN],
    ['unit === undefined', 'false', 'What is undefined is of no class either.'],
    ['unit >= 0xd800', 'unit > 0xd800', 'No dash begins with this half.'],
    ['unit <= 0xdbff', 'unit < 0xdbff', 'No dash begins with this half.'],
    ['classes[unit] === 0', 'true', 'A class that is kept saves time only.'],
    ["''", '"Stryker was here!"', "There is no dash in the mutant's text."],
  ]),
  ...of('src/contract/environment.ts', [
    [
      '/^127\\.\\d+\\.\\d+\\.\\d+$/',
      '/127\\.\\d+\\.\\d+\\.\\d+$/',
      'A host that ends in a number is an IPv4 address, or the URL is none (https://url.spec.whatwg.org/#host-parsing).',
    ],
  ]),
  ...of('src/contract/json.ts', [
    ['error instanceof SyntaxError', 'true', 'The parser throws no other error.'],
    ["!text.includes('\\\\')", 'false', 'A text without an escape is only read faster.'],
    ["'\\\\'", '""', 'A text without an escape is only read faster.'],
    ['at < written.length', 'at <= written.length', 'Behind the end is one more unit, of no text.'],
  ]),
  ...of('src/contract/payment-record.ts', [['history.at(-1)?.reason', 'history.at(-1).reason', NEVER_EMPTY]]),
  ...of('src/contract/payment-message.ts', [
    ["''", '"Stryker was here!"', 'A text without a day is no time either way.'],
    ['[]', '["Stryker was here"]', 'The first place is the whole match, which is not read.'],
  ]),
  ...of('src/producer/batch-sender.ts', [
    ['this.gathering', 'false', 'A second look finds what the first left, which is nothing.'],
    ['true', 'false', 'A second look finds what the first left, which is nothing.'],
    [
      'batch.length > 0',
      'true',
      'The largest payment has an eighth of what a call carries, so the first one always fits.',
    ],
    [
      'batch.length > 0',
      'batch.length >= 0',
      'The largest payment has an eighth of what a call carries, so the first one always fits.',
    ],
  ]),
  ...of('src/producer/delivery.ts', [
    [
      'Date.now() - firstCallAt < RETRY_WINDOW_MS',
      'Date.now() - firstCallAt <= RETRY_WINDOW_MS',
      'One millisecond of two minutes.',
    ],
    ['last !== undefined', 'true', NARROWS],
  ]),
  ...of('src/producer/payment-producer.ts', [
    [
      '{\n      if (this.turns.get(accountId) === turn) this.turns.delete(accountId);\n    }',
      '{}',
      'It frees memory only.',
    ],
    ['this.turns.get(accountId) === turn', 'false', 'It frees memory only.'],
    ['maxPaymentsPerAccount !== Infinity', 'true', 'Counts without a limit are only kept.'],
    ["delivery.status === 'refused'", 'true', NARROWS],
  ]),
  ...of('src/producer/send-attempt.ts', [
    ['[]', '["Stryker was here"]', 'A text has no id, so it is the answer of no entry.'],
  ]),
  ...of('src/processor/core/account-holds.ts', [
    ['writeHeld(a) < writeHeld(b)', 'writeHeld(a) <= writeHeld(b)', 'A hold has no two entries of one payment.'],
  ]),
  ...of('src/processor/core/batch.ts', [
    ['message.body.length > LONG_BODY', 'message.body.length >= LONG_BODY', 'One character more or less is as long.'],
    ['fraudCheckFailedAt !== undefined', 'true', NARROWS],
  ]),
  ...of('src/processor/core/payment-repository.ts', [["'claim a payment'", '""', CODE_ONLY]]),
  ...of('src/processor/core/payment-delivery.ts', [
    ["{ kind: 'acknowledged' }", '{}', 'A message that is not returned is acknowledged.'],
    ["'acknowledged'", '""', 'A message that is not returned is acknowledged.'],
  ]),
  ...of('src/dlq-processor/core/bulk-operation.ts', [
    ['id !== undefined', 'true', NARROWS],
    ["'kept'", '""', "A letter that is not 'deleted' or 'limit' stays."],
    ["parsed.kind === 'payment'", 'true', NARROWS],
  ]),
  ...of('src/dlq-processor/core/ports.ts', [["'keep a record as it was read'", '""', CODE_ONLY]]),
  ...of('src/dlq-processor/core/analyze.ts', [
    ['limit + 1 - failures.total', 'limit + 1 + failures.total', 'A last page that is too long is only read in vain.'],
    ['[]', '["Stryker was here"]', "No release is called as the mutant's text."],
  ]),
  ...of('src/dlq-processor/core/dead-letter-scanner.ts', [
    ['messageId !== undefined', 'true', 'A field that is undefined is not logged.'],
  ]),
  ...of('src/dlq-processor/core/dead-letter.ts', [['failureCode !== undefined', 'true', NARROWS]]),
  ...of('src/dlq-processor/core/record-scanner.ts', [
    ['[]', '["Stryker was here"]', "No account is called as the mutant's text."],
  ]),
  ...of('src/dlq-processor/core/sample.ts', [["'kept'", '""', "Whatever is not 'deleted' or 'limit' stays."]]),
  ...of('src/dlq-processor/core/discard.ts', [
    ['letter === undefined', 'false', SAME_RECORD],
    ['payment === undefined || letter === undefined', 'false', SAME_RECORD],
    ['payment === undefined', 'false', NARROWS],
    ['letter === undefined', 'false', NARROWS],
    ["'conflicting'", '""', SAME_RECORD],
    ['payment === undefined || letter === undefined', 'payment === undefined && letter === undefined', SAME_RECORD],
    ['last?.status', 'last.status', NEVER_EMPTY],
  ]),
  ...of('src/dlq-processor/core/redrive.ts', [
    ['letter?.messageId', 'letter.messageId', SAME_RECORD],
    ['letter?.sequenceNumber', 'letter.sequenceNumber', SAME_RECORD],
    ["''", '"Stryker was here!"', SAME_RECORD],
    ['history.at(-1)?.reason', 'history.at(-1).reason', NEVER_EMPTY],
  ]),
];

function of(
  file: string,
  mutants: readonly (readonly [original: string, replacement: string, reason: string])[],
): EquivalentMutant[] {
  return mutants.map(([original, replacement, reason]) => ({ file, original, replacement, reason }));
}
