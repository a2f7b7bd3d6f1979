import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import type { ExecutionEnvironment } from '../kit/embedded/event-source';
import type { FunctionProcess } from '../kit/embedded/function-process';
import type { EmbeddedPipeline } from '../kit/embedded/pipeline';

const BAD_BUNDLE = join(__dirname, 'fixtures/throws.mjs');
/** A kill comes while the invocation waits for the fraud API. */
const KILL_AFTER_MS = 15;
const INVOCATIONS_PER_KILL = 3;

/** Stands between the event source and the payment processor: kills some of its processes at work, and replaces its release. */
export class FunctionFaults {
  isKilling = false;
  /** The pipeline, once it has started. */
  pipeline: EmbeddedPipeline | undefined;
  private readonly bundleOf = new WeakMap<FunctionProcess, string>();
  private invocations = 0;

  /** @param goodBundle as it deploys */
  constructor(private readonly goodBundle: string) {}

  /** Deploys a release. Invocations in progress end with the release before. */
  release(which: 'good' | 'bad'): void {
    this.pipeline!.bundle = which === 'good' ? this.goodBundle : BAD_BUNDLE;
  }

  before(process: FunctionProcess): ExecutionEnvironment {
    return { invoke: (event) => this.invoke(process, event) };
  }

  private async invoke(process: FunctionProcess, event: SQSEvent): Promise<unknown> {
    const { bundle } = this.pipeline!;
    if ((this.bundleOf.get(process) ?? bundle) !== bundle) await process.close();
    this.bundleOf.set(process, bundle);
    if (this.isKilling && ++this.invocations % INVOCATIONS_PER_KILL === 0)
      setTimeout(() => process.kill(), KILL_AFTER_MS);
    return process.invoke(event);
  }
}
