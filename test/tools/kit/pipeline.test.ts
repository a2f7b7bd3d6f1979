import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPipeline } from '../../../tools/kit/embedded/pipeline';
import { newDirectory } from '../../../tools/kit/new-directory';
import { STACK_DIRECTORY, thisProject } from '../../../tools/kit/project';

const FEW = 2 * availableParallelism();

test.each([
  ['no more processes than batches', 11, 2],
  ['two for each core', 500, FEW],
  ['more for payments that make up for their start', 5_000, Math.max(FEW, 10)],
  ['but as many as the emulators can use', 50_000, Math.max(FEW, 12)],
])('%s', async (_what, payments, processes) => {
  const pipeline = await EmbeddedPipeline.start({
    stackFile: join(thisProject.root, STACK_DIRECTORY, 'cdk.tf.json'),
    bundle: 'never loaded',
    overrides: {},
    payments,
    logFile: join(newDirectory(), 'functions.log'),
  });

  expect(pipeline.concurrency).toBe(processes);
  await pipeline.close();
});
