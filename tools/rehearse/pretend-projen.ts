import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK } from '../../src/app/settings';
import { STACK_DIRECTORY } from '../kit/project';
import { planJson, type ChangeSaid } from '../plan-review/fixtures/plans';
import { readStack, writeStack } from '../terraform/stack-file';

type Resources = Record<string, { name: string }>;

/** The folder in a checkout that says what should be in AWS: a file for each topic, with its name. */
export const WANTED = 'wanted';

/** The file in a checkout with resources beside the topics, as JSON, which nobody plans. Synthesis fails if it isn't JSON. */
export const OTHERS = 'others.json';

/** An AWS account without services: a file with what is in it. */
export interface PretendAws {
  resources: Resources;
  /** The change that AWS refuses. */
  refuses?: string;
}

const TYPE = 'aws_sns_topic';

interface PretendStack {
  readonly terraform: { readonly backend: { readonly s3: { readonly key: string } } };
  readonly resource?: Record<string, Resources>;
}

/** @param accounts the directory of the accounts' files */
export function readAws(accounts: string, environment: string): PretendAws {
  const file = join(accounts, `${environment}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PretendAws) : { resources: {} };
}

export function writeAws(accounts: string, environment: string, content: PretendAws): void {
  mkdirSync(accounts, { recursive: true });
  writeFileSync(join(accounts, `${environment}.json`), JSON.stringify(content));
}

/**
 * Stands in for `npx projen bundle`, `synth`, `validate`, `plan` and `deploy`, and for Terraform: a plan of topics takes no time.
 * It plans and applies with the credentials of the roles only, and the lock is the applying role's. Each environment has an account.
 */
function pretend([command = '', ...options]: string[], accounts: string): void {
  const { AWS_ACCESS_KEY_ID: role, AWS_SECRET_ACCESS_KEY: environment = '' } = process.env;
  if (command === 'synth') synthesize();
  if (command === 'plan') {
    if (role === undefined) throw new Error('There are no AWS credentials.');
    if (role === 'plan' && !options.includes('-lock=false')) throw new Error('AccessDenied: s3:DeleteObject');
    if (!options.includes('--synthesized')) synthesize();
    const stack = readStack(STACK_DIRECTORY) as unknown as PretendStack;
    const { key } = stack.terraform.backend.s3;
    if (environment !== 'production' && key !== `payment-pipeline/${environment}.tfstate`)
      throw new Error(`AccessDenied: s3:GetObject ${key}`);
    const wanted = options.includes('-destroy') ? {} : (stack.resource?.[TYPE] ?? {});
    const variables = { alert_email: process.env.TF_VAR_alert_email };
    writeFileSync(
      options.find((option) => option.startsWith('-out='))!.slice('-out='.length),
      planJson({ changes: changes(readAws(accounts, environment).resources, wanted), variables }),
    );
  }
  if (command === 'deploy') {
    if (role !== 'apply') throw new Error('AccessDenied: sns:CreateTopic');
    const aws = readAws(accounts, environment);
    const { resource_changes: planned } = JSON.parse(readFileSync(options.at(-1)!, 'utf8')) as {
      resource_changes: { address: string; change: { after: { name: string } | null } }[];
    };
    for (const { address, change } of planned) {
      const name = address.slice(TYPE.length + 1);
      if (name === aws.refuses) throw new Error(`Error: AWS refuses ${address}`);
      const { [name]: _before, ...others } = aws.resources;
      aws.resources = change.after === null ? others : { ...others, [name]: change.after };
      writeAws(accounts, environment, aws);
    }
  }
}

function synthesize(): void {
  const outdir = process.env.CDKTF_OUTDIR ?? 'cdktf.out';
  if (!existsSync(outdir)) mkdirSync(outdir); // as cdktf does, without the directories above it
  const directory = join(outdir, 'stacks', STACK);
  mkdirSync(directory, { recursive: true });
  const topics = existsSync(WANTED) ? readdirSync(WANTED) : [];
  const wanted = Object.fromEntries(
    topics.map((topic) => [topic, { name: readFileSync(join(WANTED, topic), 'utf8') }]),
  );
  const providers = { aws: { source: 'hashicorp/aws' } };
  const backend = { s3: { key: process.env.TF_STATE_KEY ?? '' } };
  const others = existsSync(OTHERS) ? (JSON.parse(readFileSync(OTHERS, 'utf8')) as object) : {};
  const resource = { [TYPE]: wanted, ...others };
  writeStack(directory, { terraform: { required_providers: providers, backend }, resource });
}

function changes(before: Resources, after: Resources): ChangeSaid[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => before[name]?.name !== after[name]?.name)
    .map((name) => ({
      address: `${TYPE}.${name}`,
      actions: [before[name] === undefined ? 'create' : after[name] === undefined ? 'delete' : 'update'],
      before: before[name] ?? null,
      after: after[name] ?? null,
    }));
}

if (require.main === module) pretend(process.argv.slice(3), process.argv[2]!);
