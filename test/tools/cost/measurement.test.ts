import { join } from 'node:path';
import { measureUsage } from '../../../tools/cost/measurement';
import { readUsage } from '../../../tools/cost/usage';
import { STACK_DIRECTORY, thisProject } from '../../../tools/kit/project';

/** Texts such as numbers and times differ in length. */
const LENGTHS = 0.05;

test('the committed usage is what the bundle uses; `npx projen cost:measure` measures it again', async () => {
  const measured = await measureUsage({
    stackFile: join(thisProject.root, STACK_DIRECTORY, 'cdk.tf.json'),
    bundle: join(thisProject.root, 'assets/payment-processor/index.mjs'),
    fills: [1, 10],
    batches: 3,
    warmUp: 1,
  });
  const { fills } = readUsage();
  for (const batch of measured) {
    const {
      log_bytes,
      metric_bytes,
      stored_bytes,
      cpu_ms: _machine,
      ...counts
    } = fills.find(({ payments }) => payments === batch.payments)!;
    expect(batch).toMatchObject(counts);
    for (const [now, committed] of [
      [batch.log_bytes, log_bytes],
      [batch.metric_bytes, metric_bytes],
      [batch.stored_bytes, stored_bytes],
    ] as const)
      expect(Math.abs(now / committed - 1)).toBeLessThan(LENGTHS);
  }
});
