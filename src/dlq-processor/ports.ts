/** Where the next page of the index begins; the table's own. */
export type Position = Readonly<Record<string, unknown>>;

export interface FailedPaymentsPage {
  /** One a payment; undefined for a record without one. */
  readonly failureCodes: readonly (string | undefined)[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** The FAILED payments of the payment table, oldest failure first. */
export interface FailedPayments {
  /** @throws ReadError */
  page(size: number, from: Position | undefined): Promise<FailedPaymentsPage>;
}

/** Messages of a queue, as SQS estimates them. */
export interface Depth {
  readonly visible: number;
  /** Received by somebody, and not yet deleted or visible again. */
  readonly inFlight: number;
}

export interface DeadLetterQueue {
  /** Receives no message, so none is hidden. Throws {@link ReadError}. */
  depth(): Promise<Depth>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Runs the work in a segment of the trace. */
export type Trace = <T>(segment: string, work: () => Promise<T>) => Promise<T>;

/** The payment table or the dead-letter queue did not answer, or refused. */
export class ReadError extends Error {
  override readonly name = 'ReadError';

  constructor(source: string, readonly code: string) {
    super(`The ${source} could not be read: ${code}. Nothing was changed: try again, or look at the function's permissions.`);
  }
}
