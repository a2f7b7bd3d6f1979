import assert from 'node:assert/strict';
import { ConfirmSubscriptionCommand } from '@aws-sdk/client-sns';
import type { CheckResult } from '../../../src/ops/verify/check';
import { runChecks } from '../../../src/ops/verify/checks';
import { connect } from '../../../src/ops/connect';
import { findPipeline } from '../../../src/ops/pipeline';
import type { Say } from '../../kit/steps';
import type { Deployed } from '../assertions/assertion';
import { deliverUntil, type TestContext } from '../payments/test-context';
import { DEPLOYMENT_FAULTS } from './deployment-faults';
import { answer, ops, type Tool } from './tool';

/** The answer of `verify --json`, as far as it is read here. */
interface VerifyAnswer {
  readonly passed: number;
  readonly checks: readonly {
    readonly check: string;
    readonly result: string;
    readonly findings: readonly { readonly found: string; readonly what_to_do: string }[];
    readonly missing_permissions: readonly string[];
  }[];
  readonly canary?: {
    readonly result: string;
    readonly payment_status: string;
    readonly steps: readonly { readonly step: string; readonly at: string }[];
  };
}

const BY_NAMES = ['--environment', 'dev'];
const GAPS =
  'failed states of functions, tables and endpoints; failed deliveries of trail and flow logs; conditions of policies, boundaries, policies of keys';

/** Verifies what was deployed: unconfirmed emails first, then nothing, then each planted fault. */
export async function verifyDeployment(
  tool: Tool,
  outputs: string,
  context: TestContext,
  client: Tool['environment'],
  say: Say,
): Promise<void> {
  say(`Not checked, as the emulator does not have them: ${GAPS}`);
  const byOutputs = ['verify', '--outputs', outputs];
  const unconfirmed = failing((await answer(tool, byOutputs, 1)) as VerifyAnswer);
  assert.deepEqual(
    unconfirmed.map(({ check, findings }) => [check, findings[0]?.what_to_do.split(' ', 3).join(' ')]),
    [
      ['Email for alarms: confirmed', 'Confirm the email'],
      ['Email for key changes: confirmed', 'Confirm the email'],
    ],
  );
  say(`verify, before the emails are confirmed: ${unconfirmed[0]!.findings[0]!.found}`);
  await confirmEmails(context.deployed);
  const { passed } = (await answer(tool, byOutputs)) as VerifyAnswer;
  assert.equal(((await answer(tool, ['verify', ...BY_NAMES])) as VerifyAnswer).passed, passed);
  say(`verify, by its outputs and by its names: ${passed} checks pass`);

  await nameFaults(tool, outputs, context.deployed, say);
  assert.equal(((await answer(tool, byOutputs)) as VerifyAnswer).passed, passed);

  const denied = (await answer({ ...tool, environment: client }, byOutputs, 3)) as VerifyAnswer;
  const lacking = new Set(denied.checks.flatMap(({ missing_permissions }) => missing_permissions));
  assert.equal(denied.passed, 0);
  assert.ok(lacking.has('lambda:GetFunctionConfiguration') && lacking.has('sqs:GetQueueUrl'), [...lacking].join());
  say(`verify, as a client of the pipeline: nothing is judged, as ${[...lacking].join(', ')} are not allowed`);

  await followCanary(tool, byOutputs, context, say);
}

async function confirmEmails({ aws, outputs }: Deployed): Promise<void> {
  for (const topic of ['payments_alert_topic_arn', 'payments_key_change_topic_arn'])
    await aws.sns.send(new ConfirmSubscriptionCommand({ TopicArn: String(outputs[topic]), Token: 'by-the-receiver' }));
}

function failing({ checks }: VerifyAnswer) {
  return checks.filter(({ result }) => result !== 'passed');
}

/** Plants one fault at a time, and undoes it. The tool runs in this process. */
async function nameFaults(tool: Tool, outputs: string, deployed: Deployed, say: Say): Promise<void> {
  for (const { what, plant, checks, found, whatToDo = /^Deploy again/ } of DEPLOYMENT_FAULTS) {
    const undo = await plant(deployed);
    const failed = (await resultsOf(tool, outputs)).filter(({ result }) => result !== 'passed');
    await undo();
    const names = failed.map(({ name }) => name);
    assert.deepEqual(names, checks, `${what}: ${JSON.stringify(failed)}`);
    const finding = failed.flatMap(({ findings }) => findings).find((one) => found.test(one.found));
    assert.ok(finding, `${what} is not named by ${JSON.stringify(failed)}`);
    assert.match(finding.whatToDo, whatToDo);
    say(`  ${what}: ${finding.found} ${finding.whatToDo}`);
  }
  say(`${DEPLOYMENT_FAULTS.length} faults, each planted, named by its checks alone with what to do, and undone`);
}

async function resultsOf({ environment }: Tool, outputs: string): Promise<readonly CheckResult[]> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    const services = await connect(findPipeline({ outputs, environment: 'dev', queueName: 'payment-processing' }));
    return await runChecks(services.deployment()).finally(services.close);
  } finally {
    process.env = before;
  }
}

async function followCanary(tool: Tool, byOutputs: readonly string[], context: TestContext, say: Say): Promise<void> {
  let ended = false;
  const following = ops(tool, ...byOutputs, '--canary', '--json').finally(() => {
    ended = true;
  });
  await deliverUntil(context, () => Promise.resolve(ended));
  const { code, stdout, stderr } = await following;
  assert.equal(code, 0, `${stderr}${stdout}`);
  const { canary } = JSON.parse(stdout) as VerifyAnswer;
  assert.equal(canary?.result, 'passed');
  assert.deepEqual(
    canary.steps.map(({ step }) => step),
    ['sent', 'received', `decided: ${canary.payment_status}`],
  );
  say(`verify --canary: ${canary.steps.map(({ step, at }) => `${step} at ${at}`).join(', ')}`);
}
