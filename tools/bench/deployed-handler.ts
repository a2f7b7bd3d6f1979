import type { SQSEvent } from 'aws-lambda';
import { build, transform } from 'esbuild';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessorVariables } from '../../src/contract';
import { nextMessage } from '../kit/processes';
import { thisProject } from '../kit/project';
import { paymentEvents } from './payment-events';
import type { Comparison, Work } from './comparison';

const HANDLERS = join(__dirname, 'handlers');
const BUNDLE = join(thisProject.root, 'assets/payment-processor/index.mjs');
/** Below node_modules, so that code there finds the packages. */
const BUILT = join(thisProject.root, 'node_modules/.cache/bench');

/** Milliseconds that the fraud API takes, in real time. */
const LATENCY_MS = 50;
/** Two thousand payments without latency: a collection of garbage, or a function that V8 compiles again, is a small part of their CPU. */
const BATCHES = { withoutLatency: 200, withLatency: 10 };
/** Batches before the first round, without latency: V8 has compiled by then what a payment runs. Starts are measured on their own. */
const WARM_UP_BATCHES = 200;

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly returned: number;
}

/** DynamoDB and the fraud API in a process. */
interface Services {
  readonly child: ChildProcess;
  /** Variables with which a handler reaches them. */
  readonly environment: Record<string, string>;
}

/** The processes of a benchmark; they end with it. */
export interface Running {
  readonly comparisons: readonly Comparison[];
  close(): void;
}

/**
 * The bundle as it is deployed, with its traces on and not sampled, against other handlers of the same payments, each in a process of its own.
 * Ten accounts have a payment each in every batch. DynamoDB and the fraud API are a process too.
 */
export async function deployedHandler(): Promise<Running> {
  await thisProject.bundle();
  const [powertools, bareCalls, sdkCalls, clientsOnly] = await Promise.all(
    ['powertools', 'bare-calls', 'sdk-calls', 'clients-only'].map(bundleHandler),
  );
  const unbundled = await transpileFunction();
  const children: ChildProcess[] = [];
  const started = async (file: string, args: readonly string[], env: Record<string, string>) => {
    const child = fork(join(HANDLERS, file), args, {
      execArgv: [], // not our TypeScript loader
      env: { ...env, PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.push(child);
    const message = await nextMessage<Record<string, number>>(child, processEnded);
    return { child, message };
  };
  const services = async () => {
    const { child, message } = await started('services.mjs', [], {});
    return { child, environment: environment(`http://127.0.0.1:${message.port}`) };
  };
  const measured = async (file: string, { environment }: Services, batches: number, cost: keyof Cost) => {
    const { child } = await started('process.mjs', [file], environment);
    await invoke(child, paymentEvents(WARM_UP_BATCHES));
    return (): Work => {
      const events = paymentEvents(batches);
      return async () => (await invoke(child, events))[cost];
    };
  };
  const start =
    (file: string): Work =>
    async () => {
      const { child, message } = await started('process.mjs', [file], environment('http://127.0.0.1:1'));
      child.disconnect();
      return message.startCpuMs!;
    };

  const [instant, slow] = await Promise.all([services(), services()]);
  const firstDecision =
    (file: string): Work =>
    async () => {
      const { child, message } = await started('process.mjs', [file], instant.environment);
      const { cpuMs } = await invoke(child, paymentEvents(1, 1));
      child.disconnect();
      return message.startCpuMs! + cpuMs;
    };
  const cpu = (file: string) => measured(file, instant, BATCHES.withoutLatency, 'cpuMs');
  const wall = (file: string) => measured(file, slow, BATCHES.withLatency, 'wallMs');
  const bundle = { cpu: await cpu(BUNDLE), wall: await wall(BUNDLE) };
  const powertoolsHandler = { cpu: await cpu(powertools!), wall: await wall(powertools!) };
  const calls = { bare: await wall(bareCalls!), bySdk: await wall(sdkCalls!) };
  slow.child.send(LATENCY_MS);
  return {
    comparisons: [
      {
        name: "CPU of a payment: Powertools' FIFO processor / the bundle",
        baseline: powertoolsHandler.cpu,
        ours: bundle.cpu,
        floor: 1.2,
      },
      {
        name: `ten accounts at ${LATENCY_MS} ms: Powertools' FIFO processor / the bundle`,
        baseline: powertoolsHandler.wall,
        ours: bundle.wall,
        floor: 7,
      },
      {
        name: `ten accounts at ${LATENCY_MS} ms: the calls alone, by the AWS SDK / the bundle`,
        baseline: calls.bySdk,
        ours: bundle.wall,
        floor: 0.9,
      },
      {
        name: `ten accounts at ${LATENCY_MS} ms: the calls alone, over bare HTTP / the bundle`,
        baseline: calls.bare,
        ours: bundle.wall,
        floor: 0.75,
      },
      {
        name: 'CPU of a start: the code unbundled / the bundle',
        baseline: () => start(unbundled),
        ours: () => start(BUNDLE),
        floor: 2.5,
      },
      {
        name: 'CPU of a start: an empty handler with the same clients / the bundle',
        baseline: () => start(clientsOnly!),
        ours: () => start(BUNDLE),
        floor: 1,
      },
      {
        name: 'CPU of a start and the first decision: the code unbundled / the bundle',
        baseline: () => firstDecision(unbundled),
        ours: () => firstDecision(BUNDLE),
        floor: 2,
      },
    ],
    close() {
      for (const child of children) if (child.connected) child.disconnect();
    },
  };
}

/** @throws Error when a payment was returned to the queue: the time of the others says nothing */
async function invoke(child: ChildProcess, events: readonly SQSEvent[]): Promise<Cost> {
  const answer = nextMessage<Cost>(child, processEnded);
  child.send(events);
  const cost = await answer;
  if (cost.returned > 0) throw new Error(`${cost.returned} payments were returned to the queue.`);
  return cost;
}

const processEnded = () => new Error('A process of the benchmark has ended; what it wrote is above.');

/** As Lambda's runtime sets it, in an invocation whose trace isn't sampled. */
function environment(origin: string): Record<string, string> {
  const variables = {
    PAYMENT_TABLE_NAME: 'payments',
    PAYMENT_QUEUE_URL: `${origin}/payments`,
    PAYMENT_DLQ_URL: `${origin}/dead`,
    RELEASE_ID: 'bench',
    FRAUD_API_URL: `${origin}/check`,
    FRAUD_API_TIMEOUT_MS: '2000',
    FRAUD_API_MAX_ATTEMPTS: '4',
    MAX_RECEIVE_COUNT: '3',
    RETRY_WAITS_SECONDS: '20,1860',
    GROUP_CONCURRENCY: '10',
    ON_FAILED_PAYMENT: 'continue',
    POWERTOOLS_SERVICE_NAME: 'bench',
    POWERTOOLS_METRICS_NAMESPACE: 'Bench',
  } satisfies ProcessorVariables;
  return {
    ...variables,
    AWS_REGION: 'ap-southeast-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL: origin,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LAMBDA_TASK_ROOT: '/var/task',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
  };
}

/** Bundled as most functions are: esbuild, minified, and nothing else. */
async function bundleHandler(name: string): Promise<string> {
  const outfile = join(BUILT, `${name}.mjs`);
  await build({
    entryPoints: [join(HANDLERS, `${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    logLevel: 'error',
  });
  return outfile;
}

/** The function's own files, compiled one by one; its packages stay where they are. */
async function transpileFunction(): Promise<string> {
  const source = join(thisProject.root, 'src');
  const files = ['contract', 'processor', 'runtime'].flatMap((room) =>
    readdirSync(join(source, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(room, file)),
  );
  for (const file of files) {
    const { code } = await transform(readFileSync(join(source, file), 'utf8'), {
      loader: 'ts',
      format: 'cjs',
      platform: 'node', // tells an ES module the names of the exports
    });
    const compiled = join(BUILT, 'unbundled', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(compiled), { recursive: true });
    writeFileSync(compiled, code);
  }
  const entry = join(BUILT, 'unbundled.mjs');
  writeFileSync(
    entry,
    "import { createHandler } from './unbundled/processor/handler.js'; export const handler = await createHandler();",
  );
  return entry;
}
