import type { VirtualTime } from './virtual-time';

/** Replacements for Node's globals in the processor's code: time is that of the running world. */
export interface World {
  readonly time: VirtualTime;
  /** Called when a function reads a body. */
  spendTimeOn?(body: string): void;
}

/** The replacements, by the names under which code looks them up. They serve one world at a time, which `current` returns. */
export function virtualGlobals(current: () => World): Record<string, unknown> {
  return {
    setTimeout: (happens: () => void, milliseconds: number) => current().time.after(milliseconds, happens),
    spendTimeOn: (body: string) => {
      current().spendTimeOn?.(body);
    },
    clearTimeout: (takeBack: (() => void) | undefined) => {
      takeBack?.();
    },
    Date: class extends Date {
      constructor(...args: [] | [number | string | Date]) {
        super(args.length === 0 ? current().time.now() : args[0]);
      }

      static override now(): number {
        return current().time.now();
      }
    },
    AbortSignal: {
      // Node's own keeps every signal in a registry until the garbage is collected.
      any: (signals: readonly AbortSignal[]) => {
        const controller = new AbortController();
        for (const signal of signals)
          onAbort(signal, () => {
            controller.abort(signal.reason);
          });
        return controller.signal;
      },
    },
  };
}

/** Calls `happens` once, at once when the signal is aborted already. */
export function onAbort(signal: AbortSignal, happens: () => void): void {
  if (signal.aborted) happens();
  else signal.addEventListener('abort', happens, { once: true });
}
