import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { App } from 'cdktf';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutTraces } from '../../../src/app/without-traces';
import { FraudApi, Network, PaymentPipeline } from '../../../src';
import { PaymentStack } from '../../../src/app/payment-stack';
import { newDirectory } from '../new-directory';
import { APPLY_ROLE, BOUNDARY, OIDC_PROVIDER, REPOSITORY, STATE_BUCKET } from './deploy-roles';
import { OTHER_SENDER, READER, SENDER } from './granted-roles';
import { otherProps, sharingProps, someProps } from './pipeline-props';
import { EQUIPPED_VPC, EXISTING_VPC, ROUTE_TABLE } from './existing-vpc';
import { API_KEY_KMS_KEY_ARN, API_KEY_SECRET_ARN, arn, PRIVATE_SERVICE } from './stack-graph';
import { synthesize, synthesizePipeline, synthesizeRoles, templateOf, testApp } from './synthesize';
import { STACKS_DIRECTORY, type Template } from './template';

const outageAlarm = { alarms: { 'payments-outage': true } };
const bounded = { permissionsBoundaryArn: BOUNDARY };

/** The stacks that suites read by `readTemplate` and `readGraph`. */
export const CONFIGURATIONS = {
  /** The stack that this project deploys. */
  deployed: () => templateOf(withoutTraces(() => new PaymentStack(testApp()))),
  production: () => templateOf(withoutTraces(() => new PaymentStack(testApp(), 'production'))),

  /** One pipeline with default props, and the same with other props. */
  pipeline: () => synthesizePipeline(),
  hold: () => synthesizePipeline({ onFailedPayment: 'hold' }),
  /** With a subscribed queue. As it may also hold accounts, it has every alarm. */
  outcomes: () =>
    synthesize((stack) => {
      const pipeline = new PaymentPipeline(
        stack,
        'payments',
        someProps({ outcomes: 'topic', onFailedPayment: 'hold', maxPaymentAgeHours: 24 }),
      );
      const fifo = { fifoQueue: true, kmsMasterKeyId: pipeline.encryption.sqsKey.arn };
      const queue = new SqsQueue(stack, 'ledger', { ...fifo, name: 'ledger.fifo' });
      const undelivered = new SqsQueue(stack, 'undelivered', { ...fifo, name: 'undelivered.fifo' });
      pipeline.grantReadOutcomes(queue, { undelivered });
    }),
  outageAlarm: () => synthesizePipeline({ onFailedPayment: 'hold', ...outageAlarm }),
  /** With every option that the fraud API takes. */
  apiKey: () =>
    synthesizePipeline({
      fraudApi: FraudApi.url('https://fraud.example/check', {
        apiKeySecretArn: API_KEY_SECRET_ARN,
        apiKeyKmsKeyArn: API_KEY_KMS_KEY_ARN,
        adapter: join(__dirname, '../../../examples/fraud-adapter-score/adapter.mjs'),
      }),
      maxPaymentAgeHours: 24,
    }),
  privateLink: () =>
    synthesizePipeline({
      fraudApi: FraudApi.privateLink({
        serviceName: PRIVATE_SERVICE,
        url: 'https://fraud.example:443/check?v=1',
        apiKeySecretArn: API_KEY_SECRET_ARN,
      }),
      cidrBlock: '172.20.0.0/20',
    }),

  /** Every alarm that a pipeline may have, but the composite ones. */
  everyAlarm: () => synthesizePipeline({ onFailedPayment: 'hold', profile: 'production', outcomes: 'topic' }),

  /** Two pipelines, the second of which uses all that the first can share. */
  sharing: () =>
    synthesize((stack) => {
      const payments = new PaymentPipeline(stack, 'payments', someProps());
      new PaymentPipeline(stack, 'payouts', sharingProps(payments));
    }),

  /** Two pipelines in a VPC that exists, and one that finds endpoints, routes and flow logs in it. */
  existingNetwork: () =>
    synthesize((stack) => {
      const network = Network.existing(EXISTING_VPC);
      const fraudApi = FraudApi.privateLink({ serviceName: PRIVATE_SERVICE, url: 'https://fraud.example/check' });
      new PaymentPipeline(stack, 'payments', someProps({ network, fraudApi }));
      new PaymentPipeline(stack, 'payouts', otherProps({ network }));
    }),
  equippedNetwork: () => synthesizePipeline({ network: Network.existing(EQUIPPED_VPC) }),
  routedNetwork: () =>
    synthesizePipeline({ network: Network.existing({ ...EXISTING_VPC, routeTableIds: [ROUTE_TABLE] }) }),

  /** A pipeline that grants all it can to the ARNs of roles. */
  grantsToArns: () =>
    synthesize((stack) => {
      const pipeline = new PaymentPipeline(stack, 'payments', someProps(bounded));
      for (const role of [SENDER, OTHER_SENDER]) pipeline.grantSendPayments(role);
      pipeline.grantReadPayments(READER);
    }),

  /** Two pipelines that share all they can, audited. */
  sharingProduction: () =>
    synthesize((stack) => {
      const profile = 'production';
      const payments = new PaymentPipeline(stack, 'payments', someProps({ profile }));
      new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), profile });
    }),

  /** Pipelines for the deploy roles. */
  bounded: () => synthesizePipeline(bounded),
  boundedProduction: () => synthesizePipeline({ ...bounded, profile: 'production' }),
  boundedProd: () => synthesizePipeline({ ...bounded, environment: 'prod', queueName: 'prod' }),
  boundedPrivateLink: () =>
    synthesizePipeline({
      ...bounded,
      fraudApi: FraudApi.privateLink({ serviceName: PRIVATE_SERVICE, url: 'https://fraud.example/check' }),
    }),
  boundedExistingNetwork: () =>
    synthesizePipeline({ ...bounded, network: Network.existing({ ...EXISTING_VPC, routeTableIds: [ROUTE_TABLE] }) }),
  boundedOutageAlarm: () => synthesizePipeline({ ...bounded, ...outageAlarm }),
  boundedOfApplier: () => synthesizePipeline({ ...bounded, deploymentPrincipalArn: APPLY_ROLE }),

  /** The deploy roles of a repository. */
  roles: () => synthesizeRoles(),
  rolesWithApiKey: () => synthesizeRoles({ apiKeySecretArn: API_KEY_SECRET_ARN }),
  rolesWithStateKey: () => synthesizeRoles({ stateKmsKeyArn: arn('kms', 'key/of-the-state') }),
  rolesWithPrivateLink: () => synthesizeRoles({ privateLinkHost: 'fraud.example' }),
  rolesWithTablePolicy: () => synthesizeRoles({ tablePolicy: true }),
  rolesWithVpc: () => synthesizeRoles({ vpcId: EXISTING_VPC.vpcId }),
  rolesWithCompositeAlarms: () => synthesizeRoles({ compositeAlarms: true }),
  rolesThatKeepEvidence: () => synthesizeRoles({ protectEvidence: true }),
  rolesWithNumbers: () => synthesizeRoles({ repository: 'example@123456/payments@456789' }),
  rolesOfKnownProvider: () => synthesizeRoles({ oidcProviderArn: OIDC_PROVIDER }),
} satisfies Record<string, () => Template>;

/** The program of each example that synthesizes a stack, by the example's folder, which is also the stack's name. */
export const EXAMPLES = {
  'existing-network': 'main.ts',
  'github-deploy-roles': 'main.ts',
  minimal: 'main.ts',
  'outcomes-to-queue': 'main.ts',
  'private-link': 'main.ts',
  'producer-nightly-import': 'stack.ts',
  production: 'main.ts',
  'two-pipelines': 'main.ts',
};

/** The variables that examples read. */
const EXAMPLE_VARIABLES = { GITHUB_REPOSITORY: REPOSITORY, TF_STATE_BUCKET: STATE_BUCKET };

/** Runs the example's program, as its reader does. @returns the text of its stack */
async function runExample(name: string, program: string): Promise<string> {
  const outdir = newDirectory();
  Object.assign(process.env, EXAMPLE_VARIABLES, { CDKTF_OUTDIR: outdir });
  await import(join(__dirname, '../../../examples', name, program));
  return readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8');
}

/** Writes all configurations and examples, and the deployed stack to the place of `npx projen synth`. */
async function main(): Promise<void> {
  const app = new App();
  new PaymentStack(app);
  app.synth();
  mkdirSync(STACKS_DIRECTORY, { recursive: true });
  for (const [name, build] of Object.entries(CONFIGURATIONS))
    writeFileSync(join(STACKS_DIRECTORY, `${name}.json`), JSON.stringify(build().json));
  for (const [name, program] of Object.entries(EXAMPLES)) {
    const json = await runExample(name, program);
    writeFileSync(join(STACKS_DIRECTORY, `example-${name}.json`), json);
  }
}

if (require.main === module) void main();
