import * as v from 'valibot';
import { holdsCardNumber, RESOLUTIONS, type Resolution } from '../../contract';

/** Payments counted or changed unless the event says otherwise, and the most that it may ask for. */
const DEFAULT_LIMIT = 10_000;
const LARGEST_LIMIT = 100_000;

const ACTIONS = ['analyze', 'redrive', 'discard', 'resolve', 'measure'] as const;
const DEFAULT_ACTION = 'analyze';

type Action = (typeof ACTIONS)[number];

/** What an action does not take, though another does: its answer would mislead. */
const REFUSED: Readonly<Record<Action, readonly string[]>> = {
  analyze: ['transactionIds', 'accountIds', 'decision'],
  redrive: ['decision'],
  discard: ['decision'],
  resolve: ['accountIds'],
  measure: ['transactionIds', 'accountIds', 'decision'],
};

/** What an action needs, and what to say there. */
const NEEDED: Readonly<Partial<Record<Action, Readonly<Record<string, string>>>>> = {
  discard: { reason: 'say why the payments are given up' },
  resolve: {
    transactionIds: 'name the payments',
    decision: `say ${RESOLUTIONS.join(' or ')}`,
    reason: 'say why',
    actor: 'say who decides',
  },
};

const nonEmptyText = v.pipe(v.string(), v.nonEmpty());
const selection = v.message(
  v.optional(v.pipe(v.array(nonEmptyText), v.minLength(1))),
  'must be a list of non-empty texts, with one at least',
);

/** Stored in the record and logged, so it must not hold a card number. */
const storedText = v.message(
  v.optional(
    v.pipe(
      v.string(),
      v.maxLength(256),
      v.check((text) => text.trim() !== ''),
      v.check((text) => text.isWellFormed() && !holdsCardNumber(text)),
    ),
  ),
  'must be a text of 1 to 256 characters without a card number',
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
  reason: storedText,
  decision: v.message(v.optional(v.picklist(RESOLUTIONS)), `must be one of ${RESOLUTIONS.join(', ')}`),
  actor: storedText,
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

/** Emits the metrics of what waits for a person. EventBridge asks for it regularly. */
export interface MeasureRequest {
  readonly action: 'measure';
}

/** Who asks for a change, and why; both go into the records' history. */
interface ChangeRequest {
  readonly reason?: string;
  /** Who the caller says it is. The operator's tool sends the ARN of its credentials. */
  readonly actor?: string;
}

/** The fields of redrive and discard. With both lists given, a payment must be in both. */
export interface BulkRequest extends ChangeRequest {
  readonly action: 'redrive' | 'discard';
  /** The most payments that are redriven or discarded. */
  readonly limit: number;
  readonly dryRun: boolean;
  /** Transaction ids of payments; for an invalid message, its message id. */
  readonly transactionIds?: ReadonlySet<string>;
  readonly accountIds?: ReadonlySet<string>;
}

export interface RedriveRequest extends BulkRequest {
  readonly action: 'redrive';
}

export interface DiscardRequest extends BulkRequest {
  readonly action: 'discard';
  readonly reason: string;
}

/** Decides payments in `REVIEW`. */
export interface ResolveRequest extends Required<ChangeRequest> {
  readonly action: 'resolve';
  readonly decision: Resolution;
  readonly transactionIds: ReadonlySet<string>;
  /** The most payments that are decided. */
  readonly limit: number;
  readonly dryRun: boolean;
}

export type Request = AnalyzeRequest | MeasureRequest | RedriveRequest | DiscardRequest | ResolveRequest;

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
    ...refused(fields),
    ...lacking(fields),
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
  ...others
}: v.InferOutput<typeof dlqEvent>): Request {
  if (action === 'measure') return { action };
  if (action === 'analyze') return { action, limit, dryRun };
  return {
    action,
    limit,
    dryRun,
    ...(transactionIds && { transactionIds: new Set(transactionIds) }),
    ...(accountIds && { accountIds: new Set(accountIds) }),
    ...others,
  } as RedriveRequest | DiscardRequest | ResolveRequest; // each has what it needs: checked above
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

function refused(event: Fields): string[] {
  const action = actionOf(event);
  const given = (action === undefined ? [] : REFUSED[action]).filter((field) => event[field] !== undefined);
  const why = action === 'analyze' ? ', which counts every failed payment' : '';
  return given.map((field) => `${field} does not apply to ${String(action)}${why}: leave it out`);
}

function lacking(event: Fields): string[] {
  const action = actionOf(event);
  const needed = Object.entries((action && NEEDED[action]) ?? {});
  return needed.flatMap(([field, what]) =>
    event[field] === undefined ? [`${String(action)} needs ${field === 'reason' ? 'a reason' : field}: ${what}`] : [],
  );
}

function actionOf({ action = DEFAULT_ACTION }: Fields): Action | undefined {
  return ACTIONS.find((one) => one === action);
}
