import { join } from 'node:path';
import { measureUsage } from '../../../tools/cost/measurement';
import { readUsage } from '../../../tools/cost/usage';
import { STACK_DIRECTORY, thisProject } from '../../../tools/kit/project';

/** Texts such as numbers and times differ in length. */
const LENGTHS = 0.05;

test.each([
  ['without', false],
  ['with', true],
])(
  'the committed usage %s outcomes is what the bundle uses; `npx projen cost:measure` measures it again',
  async (_what, outcomes) => {
    const measured = await measureUsage({
      stackFile: join(thisProject.root, STACK_DIRECTORY, 'cdk.tf.json'),
      bundle: join(thisProject.root, 'assets/payment-processor/index.mjs'),
      fills: outcomes ? [10] : [1, 10],
      outcomes,
      batches: 3,
      warmUp: 1,
    });
    const usage = readUsage();
    const fills = outcomes ? usage.fills_with_outcomes : usage.fills;
    for (const batch of measured) {
      const {
        log_bytes,
        metric_bytes,
        stored_bytes,
        outcome_bytes,
        cpu_ms: _machine,
        ...counts
      } = fills.find(({ payments }) => payments === batch.payments)!;
      expect(batch).toMatchObject(counts);
      for (const [now, committed] of [
        [batch.log_bytes, log_bytes],
        [batch.metric_bytes, metric_bytes],
        [batch.stored_bytes, stored_bytes],
        [batch.outcome_bytes, outcome_bytes],
      ] as const)
        expect(Math.abs(now - committed)).toBeLessThanOrEqual(LENGTHS * committed);
    }
  },
);
