/**
 * A process with one handler. It tells what its start cost, invokes the handler with each event that it is sent, and tells what that cost.
 * Plain JavaScript, so that nothing else is in the process.
 */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const context = {
  awsRequestId: '00000000-0000-0000-0000-000000000000',
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:ap-southeast-1:000000000000:function:bench',
  memoryLimitInMB: '256',
  logGroupName: '/aws/lambda/bench',
  logStreamName: 'bench',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 60_000,
};

const beforeStart = process.cpuUsage();
const { handler } = await import(pathToFileURL(process.argv[2]).href);
const startCpuMs = cpuMsSince(beforeStart);

process.on('disconnect', () => process.exit(0));
process.on('message', async (events) => {
  const before = process.cpuUsage();
  const began = performance.now();
  let returned = 0;
  for (const event of events) returned += (await handler(event, context)).batchItemFailures.length;
  process.send({ wallMs: performance.now() - began, cpuMs: cpuMsSince(before), returned });
});
process.send({ startCpuMs });

function cpuMsSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
