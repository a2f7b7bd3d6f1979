import { type Service, ServiceError } from '../../../src/runtime/ports';
import { ManualClock } from './telemetry';

/** The function has died: it makes no further call. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** With `written twice`, the SDK's own retry finds its first write, and is refused. */
type Fault = 'refused' | 'answer lost' | 'written twice';

/** A call of a port, before it is made. */
export interface PortCall {
  readonly call: string;
  /** Id of the message or the payment. */
  readonly id?: string | undefined;
}

/** Ports in memory whose calls fail, or end the function, as a test asks for. */
export abstract class FaultyPorts {
  readonly clock = new ManualClock();
  /** Milliseconds that a call takes. */
  callMs = 0;
  /** Every call of every run. */
  readonly calls: PortCall[] = [];
  private readonly faults: { call: string; fault: Fault; id?: string | undefined; spared: number }[] = [];
  private readonly interludes: { readonly call: string; readonly happens: () => void }[] = [];
  private crashAt: { call: number; when: 'before' | 'after' } | undefined;
  protected dead = false;

  /** Fails the next call of this name, or the next one about this id, or a later one. */
  fail(call: string, fault: Fault = 'refused', { id, spared = 0 }: { id?: string; spared?: number } = {}): void {
    this.faults.push({ call, fault, id, spared });
  }

  /** The action of another invocation just before the next call of this name. */
  beforeNext(call: string, happens: () => void): void {
    this.interludes.push({ call, happens });
  }

  /** Ends the run before or after its n-th call takes effect. @returns whether the run came to that call */
  async crash(run: () => Promise<unknown>, call: number, when: 'before' | 'after'): Promise<boolean> {
    this.crashAt = { call, when };
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    } finally {
      this.crashAt = undefined;
    }
    return this.dead;
  }

  protected async call<T>(service: Service, call: string, id: string | undefined, happens: () => T): Promise<T> {
    await Promise.resolve();
    if (this.dead) throw new Crash();
    this.calls.push({ call, id });
    this.clock.advance(this.callMs);
    const interlude = this.interludes.findIndex((one) => one.call === call);
    if (interlude >= 0) this.interludes.splice(interlude, 1)[0]!.happens();
    const crashes = this.crashAt !== undefined && --this.crashAt.call === 0;
    if (crashes && this.crashAt!.when === 'before') this.die();
    const fault = this.faultOf(call, id);
    if (fault === 'refused') throw new ServiceError(service, call, 'Throttled');
    const result = happens();
    if (crashes) this.die();
    if (fault === 'answer lost') throw new ServiceError(service, call, 'TimeoutError');
    return fault === 'written twice' ? (false as T) : result;
  }

  private faultOf(call: string, id: string | undefined): Fault | undefined {
    const index = this.faults.findIndex((one) => one.call === call && (one.id === undefined || one.id === id));
    if (index < 0 || this.faults[index]!.spared-- > 0) return undefined;
    return this.faults.splice(index, 1)[0]!.fault;
  }

  private die(): never {
    this.dead = true;
    throw new Crash();
  }
}
