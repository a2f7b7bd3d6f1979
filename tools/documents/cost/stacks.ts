import { StackGraph, type StackJson } from '../../kit/stacks/stack-graph';
import { synthesizePipeline } from '../../kit/stacks/synthesize';

type Block = Record<string, unknown>;

let stacks: { readonly dev: StackJson; readonly production: StackJson } | undefined;

/** One pipeline in each profile, with default props. */
export function profiles(): { readonly dev: StackGraph; readonly production: StackGraph } {
  const { dev, production } = json();
  return { dev: new StackGraph(dev), production: new StackGraph(production) };
}

/** The pipeline of the profile `dev` with another value in all resources of a type. */
export function devWith(type: string, change: (block: Block) => Block): StackGraph {
  const { dev } = json();
  const changed = Object.entries(dev.resource[type]!).map(([id, block]) => [id, change(block)] as const);
  return new StackGraph({ ...dev, resource: { ...dev.resource, [type]: Object.fromEntries(changed) } });
}

function json() {
  return (stacks ??= {
    dev: synthesizePipeline().json,
    production: synthesizePipeline({ profile: 'production' }).json,
  });
}
