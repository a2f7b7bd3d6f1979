import { AsyncLocalStorage } from 'node:async_hooks';

type Context = Record<string, unknown>;

/**
 * Stands in for `cls-hooked` in the bundle, which the X-Ray SDK asks for the segment that the current code runs in. cls-hooked follows every
 * promise of the process by async hooks, whether traces are on or not: a quarter of a payment's CPU. Node's own storage costs a third of that in
 * Node 22, from its first `run` on. Only sampled traces use it: nobody sees the segments of the others.
 */
class Namespace {
  private readonly storage = new AsyncLocalStorage<Context>();
  /** For code outside every `run`. The SDK enters one context, when the function starts, and never leaves it. */
  private root: Context | undefined;

  get(key: string): unknown {
    return this.active?.[key];
  }

  set(key: string, value: unknown): unknown {
    if (this.active === undefined) throw new Error('No context available. ns.run() or ns.bind() must be called first.');
    this.active[key] = value;
    return value;
  }

  /** A context that has the values of the active one, until it is given others. */
  createContext(): Context {
    return Object.create(this.active ?? null) as Context;
  }

  enter(context: Context): void {
    this.root = context;
  }

  run(work: (context: Context) => void): Context {
    const context = this.createContext();
    if (isSampled(context)) this.storage.run(context, work, context);
    else this.runUnsampled(context, work);
    return context;
  }

  /** The context ends with the work: what this begins finds the root's. */
  private runUnsampled(context: Context, work: (context: Context) => void): void {
    this.storage.disable(); // an earlier invocation's trace may have been sampled
    const { root } = this;
    this.root = context;
    try {
      work(context);
    } finally {
      this.root = root;
    }
  }

  private get active(): Context | undefined {
    return this.storage.getStore() ?? this.root;
  }
}

function isSampled({ segment }: Context): boolean {
  return (segment as { readonly notTraced?: boolean } | undefined)?.notTraced !== true;
}

const namespaces = new Map<string, Namespace>();

export function getNamespace(name: string): Namespace | undefined {
  return namespaces.get(name);
}

export function createNamespace(name: string): Namespace {
  const namespace = new Namespace();
  namespaces.set(name, namespace);
  return namespace;
}
