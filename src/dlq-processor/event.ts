import * as v from 'valibot';

/** Payments counted unless the event says otherwise, and the most that it may ask for. */
const DEFAULT_LIMIT = 10_000;
const LARGEST_LIMIT = 100_000;

const ACTIONS = ['analyze', 'redrive', 'discard'] as const;
const AVAILABLE = 'analyze';

/** They pick payments. An analysis counts all, and its answer must not be taken for theirs. */
const SELECTIONS = ['transactionIds', 'accountIds'] as const;

const nonEmptyText = v.pipe(v.string(), v.nonEmpty());
const selection = v.message(
  v.optional(v.pipe(v.array(nonEmptyText), v.minLength(1))),
  'must be a list of non-empty texts, with one at least',
);

const dlqEvent = v.object({
  action: v.message(v.optional(v.picklist(ACTIONS), AVAILABLE), `must be one of ${ACTIONS.join(', ')}`),
  dryRun: v.message(v.optional(v.boolean()), 'must be true or false'),
  limit: v.message(
    v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_LIMIT)), DEFAULT_LIMIT),
    `must be a whole number from 1 to ${LARGEST_LIMIT}`,
  ),
  transactionIds: selection,
  accountIds: selection,
  reason: v.message(v.optional(nonEmptyText), 'must be a non-empty text'),
});

const FIELDS = Object.keys(dlqEvent.entries);

export interface AnalyzeRequest {
  readonly action: typeof AVAILABLE;
  /** The most failed payments that are counted. */
  readonly limit: number;
}

/** The event cannot be obeyed as it is. Names every fault, and no value: it may hold ids of accounts. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';

  constructor(readonly faults: readonly string[]) {
    super(
      `The event is refused, nothing was done: ${faults.join('; ')}. ` +
        `Its fields are ${FIELDS.join(', ')}; send, for example, {"action":"${AVAILABLE}","limit":1000}.`,
    );
  }
}

/** The event is right, but this release cannot do what it asks for. */
export class ActionUnavailableError extends Error {
  override readonly name = 'ActionUnavailableError';

  constructor(action: string) {
    super(`${action} is not available in this release: nothing was done. Send {"action":"${AVAILABLE}"}, the one action that is.`);
  }
}

/**
 * Reads what the invoker asks for; no event, or an empty one, asks for an analysis.
 * @throws InvalidEventError naming every fault at once
 * @throws ActionUnavailableError
 */
export function readEvent(event: unknown): AnalyzeRequest {
  const given = event ?? {};
  if (!isRecord(given)) throw new InvalidEventError(['it must be an object']);
  const result = v.safeParse(dlqEvent, given);
  const faults = new Set([...unknownFields(given), ...(result.issues ?? []).map(describe), ...idleSelections(given)]);
  if (!result.success || faults.size > 0) throw new InvalidEventError([...faults]);
  const { action, limit } = result.output;
  if (action !== AVAILABLE) throw new ActionUnavailableError(action);
  return { action, limit };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema library would name the first one only, and pass over `__proto__` and its like. */
function unknownFields(event: Readonly<Record<string, unknown>>): string[] {
  const unknown = Object.keys(event).filter((field) => !FIELDS.includes(field));
  return unknown.map((field) => `${nameOf(field)} is none of its fields`);
}

/** A mistyped field is told by its name; but an id in its place is none of the log's business. */
function nameOf(field: string): string {
  return /^[A-Za-z_]{1,32}$/.test(field) ? field : 'a name that is not shown here';
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${String(issue.path?.[0]?.key)} ${issue.message}`;
}

function idleSelections(event: Readonly<Record<string, unknown>>): string[] {
  if ((event.action ?? AVAILABLE) !== AVAILABLE) return [];
  const given = SELECTIONS.filter((field) => event[field] !== undefined);
  return given.map((field) => `${field} does not apply to ${AVAILABLE}, which counts every failed payment: leave it out`);
}
