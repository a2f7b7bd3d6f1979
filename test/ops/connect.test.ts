import { connect } from '../../src/ops/connect';
import { findPipeline } from '../../src/ops/pipeline';
import { hangs, ScriptedServer } from '../../tools/kit/scripted-server';
import { fileOf, outputsOf } from '../../tools/kit/ops/ops-bench';

const aws = new ScriptedServer();
beforeAll(async () => {
  await aws.start();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_ENDPOINT_URL: new URL(aws.url).origin,
  });
});
afterAll(() => aws.stop());

test('closing the connections aborts the calls in progress, which are not repeated', async () => {
  aws.answers(hangs);
  const services = await connect(
    findPipeline({ outputs: fileOf(outputsOf()), environment: 'dev', queueName: 'payments' }),
  );
  const calls = [services.payments.read('tx-1'), services.dlqProcessor.invoke({ action: 'analyze' })];
  while (aws.requests.length < calls.length) await new Promise((resolve) => setTimeout(resolve, 5));

  services.close();

  expect(await Promise.allSettled(calls)).toMatchObject(calls.map(() => ({ reason: { name: 'AbortError' } })));
  expect(aws.requests).toHaveLength(calls.length);
});
