import * as v from 'valibot';
import { holdsCardNumber } from '../../contract';

/** Payments counted or changed unless the event says otherwise, and the most that it may ask for. */
const DEFAULT_LIMIT = 10_000;
const LARGEST_LIMIT = 100_000;

const ACTIONS = ['analyze', 'redrive', 'discard'] as const;
const DEFAULT_ACTION = 'analyze';

/** Fields that select payments. An analysis refuses them: it counts all payments, so its answer would mislead. */
const SELECTIONS = ['transactionIds', 'accountIds'] as const;

const nonEmptyText = v.pipe(v.string(), v.nonEmpty());
const selection = v.message(
  v.optional(v.pipe(v.array(nonEmptyText), v.minLength(1))),
  'must be a list of non-empty texts, with one at least',
);

/** Stored in the record and logged, so it must not hold a card number. */
const reason = v.pipe(
  v.string(),
  v.maxLength(256),
  v.check((text) => text.trim() !== ''),
  v.check((text) => text.isWellFormed() && !holdsCardNumber(text)),
);

const dlqEvent = v.object({
  action: v.message(v.optional(v.picklist(ACTIONS), DEFAULT_ACTION), `must be one of ${ACTIONS.join(', ')}`),
  dryRun: v.message(v.optional(v.boolean(), false), 'must be true or false'),
  limit: v.message(
    v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_LIMIT)), DEFAULT_LIMIT),
    `must be a whole number from 1 to ${LARGEST_LIMIT}`,
  ),
  transactionIds: selection,
  accountIds: selection,
  reason: v.message(v.optional(reason), 'must be a text of 1 to 256 characters without a card number'),
});

const FIELDS = Object.keys(dlqEvent.entries);

type Fields = Readonly<Record<string, unknown>>;

export interface AnalyzeRequest {
  readonly action: 'analyze';
  /** The most failed payments that are counted. */
  readonly limit: number;
  /** No alert is published. */
  readonly dryRun: boolean;
}

/** The fields of redrive and discard. With both lists given, a payment must be in both. */
export interface BulkRequest {
  readonly action: 'redrive' | 'discard';
  /** The most payments that are redriven or discarded. */
  readonly limit: number;
  readonly dryRun: boolean;
  /** Transaction ids of payments; for an invalid message, its message id. */
  readonly transactionIds?: ReadonlySet<string>;
  readonly accountIds?: ReadonlySet<string>;
  /** Goes into the records' history. */
  readonly reason?: string;
}

export interface RedriveRequest extends BulkRequest {
  readonly action: 'redrive';
}

export interface DiscardRequest extends BulkRequest {
  readonly action: 'discard';
  readonly reason: string;
}

export type Request = AnalyzeRequest | RedriveRequest | DiscardRequest;

/** The event is invalid. The message names every fault, and no value: an event may hold ids of accounts. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';

  constructor(readonly faults: readonly string[]) {
    super(
      `The event is refused, nothing was done: ${faults.join('; ')}. ` +
        `Its fields are ${FIELDS.join(', ')}; send, for example, {"action":"redrive","limit":100,"dryRun":true}.`,
    );
  }
}

/**
 * Reads the event. No event, or an empty one, asks for an analysis.
 * @throws InvalidEventError naming every fault at once
 */
export function readEvent(event: unknown): Request {
  const given = event ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw new InvalidEventError(['it must be an object']);
  const fields = given as Fields;
  const result = v.safeParse(dlqEvent, given);
  const faults = new Set([
    ...unknownFields(fields),
    ...(result.issues ?? []).map(describe),
    ...idleSelections(fields),
    ...lackingReason(fields),
  ]);
  if (!result.success || faults.size > 0) throw new InvalidEventError([...faults]);
  return requestOf(result.output);
}

function requestOf({
  action,
  limit,
  dryRun,
  transactionIds,
  accountIds,
  reason,
}: v.InferOutput<typeof dlqEvent>): Request {
  if (action === 'analyze') return { action, limit, dryRun };
  return {
    action,
    limit,
    dryRun,
    ...(transactionIds && { transactionIds: new Set(transactionIds) }),
    ...(accountIds && { accountIds: new Set(accountIds) }),
    ...(reason !== undefined && { reason }),
  } as RedriveRequest | DiscardRequest; // a discard has a reason: checked above
}

/** The schema library would name the first one only, and ignore `__proto__`. */
function unknownFields(event: Fields): string[] {
  const unknown = Object.keys(event).filter((field) => !FIELDS.includes(field));
  return unknown.map((field) => `${nameOf(field)} is none of its fields`);
}

/** Names a mistyped field. An id in its place must not reach the log. */
function nameOf(field: string): string {
  return /^[A-Za-z_]{1,32}$/.test(field) ? field : 'a name that is not shown here';
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${String(issue.path![0].key)} ${issue.message}`;
}

function idleSelections(event: Fields): string[] {
  if ((event.action ?? DEFAULT_ACTION) !== DEFAULT_ACTION) return [];
  const given = SELECTIONS.filter((field) => event[field] !== undefined);
  return given.map(
    (field) => `${field} does not apply to ${DEFAULT_ACTION}, which counts every failed payment: leave it out`,
  );
}

function lackingReason({ action, reason: given }: Fields): string[] {
  return action === 'discard' && given === undefined
    ? ['discard needs a reason: say why the payments are given up']
    : [];
}
