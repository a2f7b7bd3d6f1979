/** The actions at each moment: one before and one behind every call of a port, which is where other invocations get their turn. */
export type Moment = (call: string) => Promise<void>;

/** A port whose calls begin and are answered when the moment lets them. */
export function interleaved<T extends object>(port: T, moment: Moment): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name === 'isCircuitOpen' || name === 'waitForCircuit') return member.bind(target) as unknown;
      return async (...args: unknown[]) => {
        await moment(`before ${String(name)}`);
        try {
          return await (member.apply(target, args) as Promise<unknown>);
        } finally {
          await moment(`after ${String(name)}`);
        }
      };
    },
  });
}

/** The end of a function's process: nothing of its invocation continues from there. */
export class Crash {
  private happens = (): void => undefined;
  readonly happened = new Promise<void>((resolve) => (this.happens = resolve));

  /** @param moments that pass before it; Infinity: none comes */
  constructor(private moments = Infinity) {}

  async orGoOn(): Promise<void> {
    if (this.moments-- > 0) return;
    this.happens();
    await new Promise<never>(() => undefined);
  }
}
