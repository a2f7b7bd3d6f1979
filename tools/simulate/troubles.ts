import type { Blip, Outage, Period, Scenario, Slowness, Trouble } from './scenario';

type Countable = Exclude<Trouble, Period>;
type At<Place extends Countable['at']> = Extract<Countable, { at: Place }>;

/** Tells each call, as it comes, what goes wrong with it. */
export class Troubles {
  private readonly calls = new Map<Countable['at'], number>();
  private readonly countable: readonly Countable[];
  private readonly outages: readonly Outage[];
  private readonly slownesses: readonly Slowness[];
  private readonly blip: Blip | undefined;
  private areOver = false;

  constructor({ troubles }: Pick<Scenario, 'troubles'>) {
    this.countable = troubles.filter((one) => one.at !== 'outage' && one.at !== 'slowness' && one.at !== 'blip');
    this.blip = troubles.find((one) => one.at === 'blip');
    this.outages = troubles.filter((one) => one.at === 'outage');
    this.slownesses = troubles.filter((one) => one.at === 'slowness');
  }

  /** Stops all faults from now on. */
  end(): void {
    this.areOver = true;
  }

  /** Counts one call at this place. */
  next<Place extends Countable['at']>(at: Place): At<Place> | undefined {
    const call = this.calls.get(at) ?? 0;
    this.calls.set(at, call + 1);
    if (this.areOver) return undefined;
    return this.countable.find((one): one is At<Place> => one.at === at && one.call === call);
  }

  /** The fault of a payment's call; calls count from 0. */
  blipAt(call: number): Blip['fault'] | undefined {
    return this.blip !== undefined && !this.areOver && call < this.blip.calls ? this.blip.fault : undefined;
  }

  isOut(of: Outage['of'], elapsedMs: number): boolean {
    return !this.areOver && this.outages.some((outage) => outage.of === of && isIn(outage, elapsedMs));
  }

  /** Milliseconds by which a call may take longer, one way. */
  slowness(elapsedMs: number): number {
    return this.areOver
      ? 0
      : Math.max(0, ...this.slownesses.filter((one) => isIn(one, elapsedMs)).map(({ byMs }) => byMs));
  }
}

function isIn({ fromMs, lastsMs }: Outage | Slowness, elapsedMs: number): boolean {
  return elapsedMs >= fromMs && elapsedMs < fromMs + lastsMs;
}
