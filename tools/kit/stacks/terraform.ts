import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { App, Testing, type TerraformStack } from 'cdktf';
import { ReadableIdStack } from '../../../src/app/readable-id-stack';
import { newDirectory } from '../new-directory';

/** A block's arguments, as they stand in the Terraform JSON. */
export type Block = Record<string, unknown>;

type BlocksByType = Record<string, Record<string, Block>>;

/** A stack as Terraform would read it. */
export class Template {
  readonly json: { resource: BlocksByType; data: BlocksByType } & Record<string, unknown>;

  /** Runs the stack's validations, as a real synthesis does. */
  constructor(readonly stack: TerraformStack) {
    this.json = JSON.parse(withoutTraces(() => Testing.synth(stack, true))) as typeof this.json;
  }

  /** The one resource of this type and logical id. */
  resource(type: string, id: string): Block {
    return pick(this.json.resource, type, id);
  }

  /** The one data source of this type and logical id. */
  data(type: string, id: string): Block {
    return pick(this.json.data, type, id);
  }
}

/** cdktf makes an empty one, if there is none. */
const OUTDIR = newDirectory();

/** An app that leaves nothing behind. */
export function testApp(): App {
  return Testing.app({ outdir: OUTDIR });
}

/** Synthesizes what `build` adds to a stack that has the providers and readable logical ids. */
export function synthesize(build: (stack: TerraformStack) => void): Template {
  const stack = new ReadableIdStack(testApp(), 'test');
  new AwsProvider(stack, 'aws');
  new ArchiveProvider(stack, 'archive');
  new RandomProvider(stack, 'random');
  withoutTraces(() => {
    build(stack);
  });
  return new Template(stack);
}

/** cdktf notes where each token was made, and finding that in the sources takes Jest longer than all the rest. */
export function withoutTraces<T>(work: () => T): T {
  const { prepareStackTrace: findInSources } = Error;
  Error.prepareStackTrace = () => '';
  try {
    return work();
  } finally {
    Error.prepareStackTrace = findInSources;
  }
}

function pick(blocks: BlocksByType, type: string, id: string): Block {
  const block = blocks[type]?.[id];
  if (block === undefined) {
    throw new Error(`No ${type} "${id}"; there are: ${Object.keys(blocks[type] ?? {}).join(', ') || 'none'}`);
  }
  return block;
}
