import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readStackOf } from './stacks';
import type { UserProject } from './user-project';

/** Two pipelines: the second has a network and an alert topic of its own, and the first one's keys and audit trail. */
const PROGRAM = `
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { RandomProvider } from '@cdktf/provider-random/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { type Audit, type Encryption, exportOutputs, FraudApi, PaymentPipeline, type PaymentPipelineProps } from 'cdktf-payment-pipeline';
import { METRICS } from 'cdktf-payment-pipeline/contract';

interface Shared { readonly encryption: Encryption; readonly audit: Audit }

class PaymentsStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: 'eu-west-1' });
    new ArchiveProvider(this, 'archive');
    new RandomProvider(this, 'random');
    const payments = new PaymentPipeline(this, 'payments', this.props('payments'));
    const { encryption, audit } = payments;
    const shared: Shared = { encryption, audit };
    const payouts = new PaymentPipeline(this, 'payouts', {
      ...this.props('payouts'), ...shared, environment: 'dev-payouts', queueName: 'payout-processing', cidrBlock: '10.1.0.0/16',
    });
    for (const pipeline of [payments, payouts]) exportOutputs(pipeline);
    payouts.metric(METRICS.failed);
  }

  private props(name: string): PaymentPipelineProps {
    return { fraudApi: FraudApi.url('https://fraud.example.internal/check'), alertEmail: \`\${name}@example.com\` };
  }
}

const app = new App();
new PaymentsStack(app, 'two');
app.synth();
`;

/** How many of a type, in both pipelines together. */
const COUNTS: Readonly<Record<string, number>> = {
  aws_vpc: 2,
  aws_subnet: 6,
  aws_sns_topic: 4,
  aws_cloudwatch_event_rule: 4,
  aws_sqs_queue: 4,
  aws_lambda_function: 4,
  aws_dynamodb_table: 2,
  aws_kms_key: 3,
  aws_cloudtrail: 1,
  aws_s3_bucket: 1,
};

export async function compileTwoPipelines(project: UserProject): Promise<void> {
  project.writeProgram('two/app', PROGRAM);
  await project.compile('two/app');
}

/** @returns what there is of which */
export async function runTwoPipelines(project: UserProject, extension: 'cjs' | 'mjs'): Promise<string> {
  const outdir = join(project.directory, `two-${extension}.out`);
  await project.run([`two/app.${extension}`], { CDKTF_OUTDIR: outdir });
  const { resource } = readStackOf(outdir, 'two');
  const blocks = (type: string) => Object.values(resource[type] ?? {});
  assert.deepEqual(Object.fromEntries(Object.keys(COUNTS).map((type) => [type, blocks(type).length])), COUNTS);
  assert.deepEqual(
    blocks('aws_vpc')
      .map(({ cidr_block }) => cidr_block)
      .sort(),
    ['10.0.0.0/16', '10.1.0.0/16'],
  );
  assert.deepEqual(
    blocks('aws_sns_topic')
      .map(({ name }) => name)
      .sort(),
    ['alerts', 'key-changes'].flatMap((what) => [`sns-payment-${what}-dev`, `sns-payment-${what}-dev-payouts`]),
  );
  assert.deepEqual(
    new Set(blocks('aws_sns_topic_subscription').map(({ endpoint }) => endpoint)),
    new Set(['payments@example.com', 'payouts@example.com']),
  );
  return Object.entries(COUNTS)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ');
}
