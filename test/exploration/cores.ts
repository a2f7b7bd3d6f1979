import type { discard } from '../../src/dlq-processor/core/discard';
import type { readEvent } from '../../src/dlq-processor/core/event';
import type { ServiceError } from '../../src/dlq-processor/core/ports';
import type { redrive } from '../../src/dlq-processor/core/redrive';
import type { processBatch } from '../../src/processor/core/batch';
import type { DeadLetterError, StoreError } from '../../src/processor/core/ports';
import { bundlePatched, type Patch } from '../simulation/core';

const ENTRY = `
export { processBatch } from './core/batch';
export { DeadLetterError, StoreError } from './core/ports';
export { discard } from '../dlq-processor/core/discard';
export { readEvent } from '../dlq-processor/core/event';
export { ServiceError } from '../dlq-processor/core/ports';
export { redrive } from '../dlq-processor/core/redrive';
`;

/** The cores of the payment processor and of the DLQ processor, which know the outside by their ports alone. */
export interface Cores {
  readonly processBatch: typeof processBatch;
  readonly DeadLetterError: typeof DeadLetterError;
  readonly StoreError: typeof StoreError;
  readonly discard: typeof discard;
  readonly readEvent: typeof readEvent;
  readonly ServiceError: typeof ServiceError;
  readonly redrive: typeof redrive;
}

/** @param patches faults to plant @throws StalePatchError */
export async function loadCores(patches: readonly Patch[] = []): Promise<Cores> {
  const code = await bundlePatched(ENTRY, patches);
  const run = new Function('require', `${code}\nreturn core;`) as (load: typeof require) => Cores;
  return run(require);
}
