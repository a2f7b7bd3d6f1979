/** A prop's name, its value, and what it should have been. */
export interface Fault {
  readonly prop: string;
  readonly value: unknown;
  /** Completes "must". */
  readonly must: string;
}
