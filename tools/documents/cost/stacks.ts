import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { PaymentPipeline } from '../../../src';
import { someProps } from '../../kit/stacks/pipeline-props';
import { StackGraph, type StackJson } from '../../kit/stacks/stack-graph';
import { synthesize, synthesizePipeline } from '../../kit/stacks/synthesize';

type Block = Record<string, unknown>;

let stacks: Readonly<Record<'dev' | 'production' | 'outcomes', StackJson>> | undefined;

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

/** The pipeline of the profile `dev` that publishes outcomes to one subscribed queue. */
export function withOutcomes(): StackGraph {
  return new StackGraph(json().outcomes);
}

function json() {
  return (stacks ??= {
    dev: synthesizePipeline().json,
    production: synthesizePipeline({ profile: 'production' }).json,
    outcomes: synthesize((stack) => {
      const pipeline = new PaymentPipeline(stack, 'payments', someProps({ outcomes: 'topic' }));
      pipeline.grantReadOutcomes(new SqsQueue(stack, 'ledger', { name: 'ledger.fifo', fifoQueue: true }));
    }).json,
  });
}
