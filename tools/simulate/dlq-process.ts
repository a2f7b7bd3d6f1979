import { setMaxListeners } from 'node:events';
import type { Answer } from '../../src/dlq-processor/core/operate';
import { ANSWER_MS, type Services, STOP_WORK_MS } from '../../src/dlq-processor/core/ports';
import type { Invocation } from '../../src/runtime/ports';
import { dlqServices } from './dlq-services';
import { DlqInvocation } from './invocation';
import { SETTINGS } from './settings';
import { SimulatedProcess } from './simulated-process';
import type { World } from './world';

/** An answer of the DLQ processor; none if the invocation ended before it, or failed. */
export type OperatorAnswer = Answer | undefined;

/** One process of the DLQ processor, for one invocation by an operator. It does what `handler.ts` does around the core. */
export class DlqProcess extends SimulatedProcess {
  private readonly invocation: DlqInvocation;
  private readonly die: () => void;
  private readonly died: Promise<undefined>;

  constructor(world: World, operator: string, event: Readonly<Record<string, unknown>>) {
    super(world, operator);
    this.invocation = new DlqInvocation(world.newRequestId(), world.time.now(), event);
    let die: () => void = () => undefined;
    this.died = new Promise((resolve) => {
      die = () => {
        resolve(undefined);
      };
    });
    this.die = die;
  }

  async run(): Promise<OperatorAnswer> {
    const { time, log } = this.world;
    const { dlqProcessorTimeoutMs } = SETTINGS;
    log.event(this.name, `invokes the DLQ processor with ${JSON.stringify(this.invocation.event)}`);
    const timers = [
      time.after(dlqProcessorTimeoutMs, () => {
        this.crash();
      }),
    ];
    const abortedAfter = (milliseconds: number): AbortSignal => {
      const controller = new AbortController();
      setMaxListeners(0, controller.signal);
      timers.push(
        time.after(milliseconds, () => {
          controller.abort();
        }),
      );
      return controller.signal;
    };
    const invocation: Invocation = {
      requestId: this.invocation.requestId,
      releaseId: 'simulated',
      deadline: time.now() + dlqProcessorTimeoutMs,
    };
    const services = dlqServices(
      this,
      this.invocation,
      this.world,
      abortedAfter(dlqProcessorTimeoutMs - STOP_WORK_MS),
      abortedAfter(dlqProcessorTimeoutMs - ANSWER_MS),
    );
    const answer = await Promise.race([this.obey(services, invocation), this.died]);
    timers.forEach((takeBack) => {
      takeBack();
    });
    this.isAlive = false;
    if (answer?.action === 'resolve') this.world.invariants.reviews.onAnswered(answer, this.invocation);
    log.event(this.name, `is answered ${answer === undefined ? 'nothing' : JSON.stringify(answer)}`);
    return answer;
  }

  protected override crash(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.world.log.event(this.name, 'crashed');
    this.die();
  }

  protected override onSlow(): void {
    // Nothing counts its receives.
  }

  private async obey(services: Services, invocation: Invocation): Promise<OperatorAnswer> {
    const { core } = this.world;
    const request = core.readEvent(this.invocation.event);
    try {
      return await core.operate(request, services, invocation);
    } catch (error) {
      const isKnown = error instanceof core.ServiceError;
      if (!isKnown) this.world.log.violated('answers true', `the DLQ processor fails with ${String(error)}`);
      this.world.log.event(this.name, `fails: ${isKnown ? error.message : String(error)}`);
      return undefined;
    }
  }
}
