import type { RetryDelay } from '../../src/processor/core/batch';
import type { SeededRandom } from '../kit/random';
import type { ClientMessage } from './client-messages';
import type { Core } from './core';
import type { FraudService } from './fraud-service';
import type { Invariants } from './invariants';
import type { Invocation } from './invocation';
import type { Outage } from './scenario';
import type { SimulatedServices } from './services';
import type { Troubles } from './troubles';

/** A run, as its processes, operators and pollers see it. */
export interface World extends SimulatedServices {
  readonly core: Core;
  readonly random: SeededRandom;
  readonly troubles: Troubles;
  readonly fraud: FraudService;
  readonly invariants: Invariants;
  /** The time until which each alert is suppressed (ms since the epoch). */
  readonly suppressedUntil: Map<string, number>;
  /** Message ids in the payment queue that a person moved there from the dead-letter queue, with the attributes of the function's copy. */
  readonly movedByHand: Set<string>;
  /** Invocations of the payment processor at this moment. */
  running: number;
  /** The process that read a body last. */
  reader: { spendTime(milliseconds: number): void } | undefined;
  /** The pipeline's setting `outcomes`. */
  readonly publishesOutcomes: boolean;
  /** The pipeline's setting. */
  readonly maxPaymentAgeHours: number | undefined;
  newRequestId(): string;
  isOut(of: Outage['of']): boolean;
  /** Something that happens by itself, whether or not a process lives then. */
  later(milliseconds: number, happens: () => void): void;
  /** Sets the retry delays of messages that an invocation returns. */
  hide(retryDelays: readonly RetryDelay[], by: Invocation): void;
  send(message: ClientMessage): void;
  /** Milliseconds until the next message is sent or visible again, or an operator or a person acts. */
  nextChangeInMs(): number;
  /** Resolves when no message is in the payment queue, and no invocation or operator runs. */
  untilQuiet(): Promise<void>;
}
