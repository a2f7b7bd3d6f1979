/**
 * The function's process: loads the bundle named on its command line, then serves one invocation after the other, as
 * Lambda's runtime does. Plain JavaScript, because a TypeScript loader would take longer than the bundle itself.
 */
import { pathToFileURL } from 'node:url';

process.on('SIGINT', () => undefined); // the terminal's Ctrl-C reaches us too; the parent ends us when it is time
process.on('disconnect', () => process.exit(0));

const handler = await load(process.argv[2]);

process.on('message', async ({ event, requestId, functionName, deadline }) => {
  const context = {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${functionName}`,
    memoryLimitInMB: '256',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'embedded',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    process.send({ result: (await handler(event, context)) ?? null }); // IPC drops undefined
  } catch (error) {
    process.stderr.write(`${error?.name}: the handler failed\n`); // its text may quote a payment
    process.send({ failed: true });
  }
});

process.send({ ready: true });

async function load(bundle) {
  try {
    return (await import(pathToFileURL(bundle).href)).handler;
  } catch (error) {
    process.stderr.write(`${error?.name}: ${error?.message}\n`, () => process.exit(1));
    return new Promise(() => undefined);
  }
}
