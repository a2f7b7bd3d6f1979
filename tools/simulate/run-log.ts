import type { VirtualTime } from '../kit/virtual-time';

/** The invariants that must always hold, by their names in the guarantees. */
export const INVARIANTS = [
  'nothing lost',
  'order per account',
  'held in order',
  'decided once',
  'reviews decided once',
  'dead letters exact',
  'history without gaps',
  'edits show',
  'metrics equal transitions',
  'outage outlasted',
  'a blip costs nothing',
  'no receive wasted',
  'fraud API called correctly',
  'retry delays within limits',
  'outcomes published',
  'answers true',
  'no account blocked',
  'large bodies leave time',
  'comes to an end',
] as const;

export type Invariant = (typeof INVARIANTS)[number];

export interface Violation<Name extends string = Invariant> {
  readonly invariant: Name;
  readonly what: string;
}

/** The violations of a run, and its events if `keepsEvents`. */
export class RunLog {
  readonly violations: Violation[] = [];
  readonly story: string[] = [];

  constructor(
    private readonly time: VirtualTime,
    private readonly keepsEvents: boolean,
  ) {}

  violated(invariant: Invariant, what: string): void {
    this.violations.push({ invariant, what });
    this.event('!!!', `${invariant}: ${what}`);
  }

  event(who: string, what: string): void {
    if (this.keepsEvents)
      this.story.push(`${(this.time.elapsed / 1_000).toFixed(3).padStart(10)} s  ${who.padEnd(12)} ${what}`);
  }
}
