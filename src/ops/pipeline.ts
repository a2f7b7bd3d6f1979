import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { decodeText } from '../cli/text-encoding';
import { UsageError } from '../cli/command-error';
import { arnPattern } from '../contract/arn';
import { findLocal } from './local';
import { type DeployedSettings, deployedSettings } from '../contract/deployed-settings';
import { pathOfRunbook, resourceNames } from '../infrastructure/resource-names';

/** The names by which a deployed pipeline is found. */
export interface Pipeline {
  /** Undefined: the AWS SDK's own settings name the region. */
  readonly region: string | undefined;
  /** Where a local pipeline answers for every service. Undefined: AWS, or where the AWS SDK's settings lead. */
  readonly endpoint?: string;
  /** Names its place in messages. @default the region */
  readonly place?: string;
  /** The AWS account of its queues. Undefined: that of the credentials. */
  readonly account: string | undefined;
  readonly paymentQueue: string;
  readonly deadLetterQueue: string;
  readonly paymentTable: string;
  readonly paymentProcessor: string;
  /** Its ARN where the outputs have it, otherwise its name. With the ARN no function of the same name in another AWS account is called. */
  readonly dlqProcessor: string;
  /** Whether an alarm belongs to the pipeline. */
  readonly isAlarm: (alarm: DescribedAlarm) => boolean;
  /** What to check when one of its resources does not exist. */
  readonly foundBy: string;
  /** @throws UsageError when the outputs lack something */
  readonly expected: () => ExpectedDeployment;
}

/** What `verify` compares a deployment with. Names know less than the outputs. */
export interface ExpectedDeployment {
  /** Name or ARN. */
  readonly trail: string;
  /** Undefined: the one that the trail delivers to. */
  readonly auditBucket?: string;
  /** The log groups that keep evidence, each with its retention in days. Undefined: any. */
  readonly logGroups: Readonly<Record<string, number | undefined>>;
  /** Name or ARN. */
  readonly keyChangeTopic: string;
  /** Name or ARN. */
  readonly reviewRule: string;
  /** The names of all alarms. Undefined: those that the alert topic admits. */
  readonly alarms?: readonly string[];
  readonly releaseId?: string;
  /** ARNs. */
  readonly keys?: Readonly<Record<'sqs' | 'dynamodb' | 's3', string>>;
  /** Undefined, too, for the outputs of a release that had none. */
  readonly settings?: DeployedSettings | undefined;
  /** What the network has. An existing VPC may lack either. Undefined: all that a new one has. */
  readonly network?: {
    /** Services with an endpoint of the pipeline, as in `sqs`. */
    readonly endpoints: readonly string[];
    readonly flowLogs: boolean;
  };
}

/** What CloudWatch says of an alarm. */
export interface DescribedAlarm {
  readonly name: string;
  /** ARNs of topics. */
  readonly actions: readonly string[];
  readonly description: string;
}

/** The options that select a pipeline. */
export interface PipelineOptions {
  readonly outputs?: string;
  readonly pipeline?: string;
  readonly environment: string;
  readonly queueName: string;
  readonly local?: boolean;
  /** Of the page of a local pipeline. */
  readonly port?: number;
}

/** The default options. */
export const USUAL = { environment: 'dev', queueName: 'payment-processing' };

const outputsFile = v.record(v.string(), v.object({ value: v.unknown() }));
const QUEUE_ARN = new RegExp(
  arnPattern({
    service: 'sqs',
    region: '([a-z0-9-]+)',
    accountId: String.raw`(\d{12})`,
    resource: String.raw`([\w.-]+)`,
  }),
);

/** How the name of one output of every pipeline ends, and of no other output. The pipeline's id comes before it. */
const TABLE_OUTPUT = '_payment_table_name';

/** @throws UsageError when the outputs cannot be read, or have several pipelines and none is selected */
export function findPipeline(options: PipelineOptions): Pipeline {
  const { outputs, pipeline, port } = options;
  if (port !== undefined) throw new UsageError('--port picks a local pipeline: give --local too.');
  if (outputs !== undefined) return fromOutputs(outputs, pipeline);
  if (pipeline !== undefined) throw new UsageError('--pipeline picks one of the outputs: give --outputs FILE too.');
  return byNames(options);
}

/** @throws UsageError when none runs, when several run and none is selected, or when another option names one in AWS */
export async function findLocalPipeline({
  outputs,
  pipeline,
  environment,
  queueName,
  port,
}: PipelineOptions): Promise<Pipeline> {
  const isNamed = environment !== USUAL.environment || queueName !== USUAL.queueName;
  if (outputs !== undefined || pipeline !== undefined || isNamed)
    throw new UsageError(
      '--local names a pipeline on this machine, and the other options name one in AWS: leave one out.',
    );
  const { region, endpoint, timeScale, ...local } = await findLocal(port);
  return {
    ...byNames(local),
    region,
    endpoint,
    place: `the local pipeline ${local.port}, where a minute of metrics and alarms takes ${60 / timeScale} s`,
    foundBy: 'that it still runs',
  };
}

function byNames({ environment, queueName }: Pick<PipelineOptions, 'environment' | 'queueName'>): Pipeline {
  const names = resourceNames({ environment, queueName });
  return {
    region: undefined,
    account: undefined,
    paymentQueue: names.paymentQueue,
    deadLetterQueue: names.deadLetterQueue,
    paymentTable: names.paymentTable,
    paymentProcessor: names.paymentProcessor.function,
    dlqProcessor: names.dlqProcessor.function,
    // By more than the name: that of another environment's alarm may end the same. The alarms that the outage alarm emails have no action.
    isAlarm: ({ name, actions, description }) =>
      name.endsWith(`-${environment}`) &&
      (actions.some((action) => action.endsWith(`:${names.topic}`)) ||
        description.endsWith(pathOfRunbook(name.slice(0, -`-${environment}`.length)))),
    foundBy: `AWS_REGION, the credentials' account, --environment (${environment}) and --queue-name (${queueName})`,
    expected: () => ({
      trail: names.trail,
      // Without that of the flow logs, which an existing network may leave out.
      logGroups: {
        [names.paymentProcessor.logGroup]: undefined,
        [names.dlqProcessor.logGroup]: undefined,
        [names.trailLogGroup]: undefined,
      },
      keyChangeTopic: names.keyChangeTopic,
      reviewRule: names.reviewRule,
    }),
  };
}

function fromOutputs(file: string, pipeline: string | undefined): Pipeline {
  const outputs = readOutputs(file);
  const id = pipeline ?? onlyPipeline(file, outputs);
  const value = (what: string) => {
    const found = outputs[`${id}_${what}`]?.value;
    if (typeof found === 'string') return found;
    throw new UsageError(
      `${file} has no output ${id}_${what}: it has ${list(pipelineIds(outputs))}; exportOutputs makes what is needed.`,
    );
  };
  const queue = (what: string): { region: string; account: string; name: string } => {
    const [, region, account, name] = QUEUE_ARN.exec(value(what)) ?? [];
    if (region === undefined || account === undefined || name === undefined)
      throw new UsageError(`${file}: ${id}_${what} is not the ARN of a queue.`);
    return { region, account, name };
  };
  const alarms = Object.entries(outputs)
    .filter(([name]) => name.startsWith(`${id}_alarm_`) && name.endsWith('_name'))
    .map(([, output]) => String(output.value));
  const endpointOutput = new RegExp(`^${id}_(\\w+)_endpoint_id$`);
  const { region, account, name: paymentQueue } = queue('payment_queue_arn');
  return {
    region,
    account,
    paymentQueue,
    deadLetterQueue: queue('dead_letter_queue_arn').name,
    paymentTable: value('payment_table_name'),
    paymentProcessor: value('payment_processor_name'),
    dlqProcessor: value('dlq_processor_arn'),
    isAlarm: ({ name }) => alarms.includes(name),
    foundBy: `that ${file} is of this deployment, and the credentials of its account`,
    expected: () => {
      const settings = settingsOf(file, outputs[`${id}_settings`]?.value);
      return {
        trail: value('trail_arn'),
        auditBucket: value('audit_bucket_name'),
        logGroups: Object.fromEntries(settings?.log_groups.map((group) => [group.name, group.retention_days]) ?? []),
        keyChangeTopic: value('key_change_topic_arn'),
        reviewRule: value('review_rule_arn'),
        alarms,
        releaseId: value('release_id'),
        keys: { sqs: value('sqs_key_arn'), dynamodb: value('dynamodb_key_arn'), s3: value('s3_key_arn') },
        settings,
        network: {
          endpoints: Object.keys(outputs).flatMap((name) => endpointOutput.exec(name)?.[1] ?? []),
          flowLogs: Object.hasOwn(outputs, `${id}_flow_log_to_bucket_id`),
        },
      };
    },
  };
}

function readOutputs(file: string): v.InferOutput<typeof outputsFile> {
  let text: string | undefined;
  try {
    text = decodeText(readFileSync(file));
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}): give --outputs what "terraform output -json" wrote.`,
    );
  }
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), outputsFile), text);
  if (result.success) return result.output;
  throw new UsageError(
    `${file} is not what "terraform output -json" writes: JSON in UTF-8, or in UTF-16 with a byte order mark.`,
  );
}

function settingsOf(file: string, value: unknown): DeployedSettings | undefined {
  const result = v.safeParse(v.optional(deployedSettings), value);
  if (result.success) return result.output;
  throw new UsageError(`${file}: its settings are of another release. Use the tool of the release that is deployed.`);
}

function onlyPipeline(file: string, outputs: object): string {
  const ids = pipelineIds(outputs);
  if (ids.length === 0)
    throw new UsageError(`${file} has no output of a pipeline: exportOutputs(pipeline) makes them.`);
  if (ids.length > 1)
    throw new UsageError(`${file} has ${ids.length} pipelines: say --pipeline ${ids.join(' or --pipeline ')}.`);
  return ids[0]!;
}

function pipelineIds(outputs: object): string[] {
  return Object.keys(outputs)
    .filter((name) => name.endsWith(TABLE_OUTPUT))
    .map((name) => name.slice(0, -TABLE_OUTPUT.length));
}

function list(ids: readonly string[]): string {
  return ids.length === 0 ? 'those of no pipeline' : `those of ${ids.join(', ')}`;
}
