import type { Letter } from './clients';
import type { Invocation } from './invocation';

/** A message that SQS accepted, and what became of its last receive. */
export interface Accepted {
  readonly messageId: string;
  readonly letter: Letter;
  lastReceive?: Invocation | 'lost';
}
