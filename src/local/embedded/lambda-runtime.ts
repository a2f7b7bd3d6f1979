import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';

/** To the function's process: one invocation. */
export interface InvocationMessage {
  readonly event: unknown;
  readonly requestId: string;
  readonly functionName: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** From it: its handler is loaded, or an invocation's end. An error's text stays in the function's own log. */
export type RuntimeMessage = { readonly ready: true } | { readonly result: unknown } | { readonly failed: true };

/** The function's process: loads the bundle, then serves one invocation after the other, as Lambda's runtime does. */
async function serve(bundle: string): Promise<void> {
  process.on('SIGINT', () => undefined); // the terminal's Ctrl-C reaches us too; the parent ends us when it is time
  process.on('disconnect', () => process.exit(0));
  const handler = await load(bundle);
  process.on('message', (invocation: InvocationMessage) => {
    handler(invocation.event, contextOf(invocation)).then(
      (result) => { send({ result }); },
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.name : 'error'}: the handler failed\n`);
        send({ failed: true });
      },
    );
  });
  send({ ready: true });
}

type Handler = (event: unknown, context: ReturnType<typeof contextOf>) => Promise<unknown>;

async function load(bundle: string): Promise<Handler> {
  try {
    return ((await import(pathToFileURL(bundle).href)) as { handler: Handler }).handler;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`, () => process.exit(1));
    return new Promise(() => undefined);
  }
}

/** Without the callbacks of old: the handler returns a promise. */
function contextOf({ requestId, functionName, deadline }: InvocationMessage): Omit<Context, 'done' | 'fail' | 'succeed'> {
  return {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:ap-southeast-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '256',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'embedded',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function send(message: RuntimeMessage): void {
  process.send?.(message);
}

if (process.send !== undefined && process.argv[2] !== undefined) void serve(process.argv[2]);
