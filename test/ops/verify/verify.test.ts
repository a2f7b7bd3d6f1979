import { interruptible } from '../../../src/cli/terminal';
import { colours } from '../../../src/cli/escaped-text';
import type { Pipeline } from '../../../src/ops/pipeline';
import type { Services } from '../../../src/ops/services';
import { CHECKS } from '../../../src/ops/verify/checks';
import { verify } from '../../../src/ops/verify/verify';
import { fakeDeployment, outputsPipeline } from '../../../tools/kit/ops/fake-deployment';
import { type DeploymentState, OUTPUTS, soundState } from '../../../tools/kit/ops/sound-deployment';
import { fileOf, outputsOf, runOps, terminalOf } from '../../../tools/kit/ops/ops-bench';
import { ScriptedServer, status } from '../../../tools/kit/scripted-server';

const format = { full: false, colours: colours(false), width: 80 };

async function run(change: (state: DeploymentState) => void, pipeline?: Pipeline) {
  const state = soundState();
  change(state);
  const services = { payments: { place: 'payments in x' }, deployment: () => fakeDeployment(state, pipeline) };
  const { json, text, exitCode } = await interruptible(terminalOf(), (one) =>
    verify({}, services as unknown as Services, format, one),
  );
  return { json, text: String(text), exitCode };
}

const denied = (state: DeploymentState) => (state.denied['kms:DescribeKey'] = 'AccessDenied');
const paused = (state: DeploymentState) => (state.mappings[0]!.State = 'Disabled');

test('a sound deployment: one line for each check, exit code 0', async () => {
  const { text, exitCode, json } = await run(() => undefined);
  expect(exitCode).toBe(0);
  expect(text.split('\n')).toHaveLength(CHECKS.length + 6);
  expect(text).toMatch(
    /^payments in x\n[^]*│ Mapping: enabled +│ ok +│[^]*\n32 checks passed, 0 failed, 0 could not be made\.$/,
  );
  expect(json).toMatchObject({ place: 'payments in x', passed: CHECKS.length, failed: 0, unknown: 0 });
});

test('a fault: its finding and what to do in 80 columns, exit code 1', async () => {
  const { text, exitCode, json } = await run((state) => {
    paused(state);
    denied(state);
  });
  expect(exitCode).toBe(1);
  expect(text).toMatch(/│ Check +│ Result +│ What to do +│[^]*│ Mapping: enabled +│ ✘ The mapping is/);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect((json as { checks: object[] }).checks[0]).toEqual({
    check: 'Mapping: enabled',
    result: 'failed',
    findings: [
      {
        found: 'The mapping is Disabled: payments wait in the queue.',
        what_to_do: 'Resume: aws lambda update-event-source-mapping --uuid mapping-1 --enabled',
      },
    ],
    missing_permissions: [],
  });
});

test('a missing permission alone: exit code 3, and its name', async () => {
  const { text, exitCode } = await run(denied);
  expect(exitCode).toBe(3);
  expect(text).toMatch(/not checked[^]*kms:DescribeKey[^]*28 checks passed, 0 failed, 4 could not be made\.$/);
});

test('what a local pipeline does not emulate is neither passed nor failed; in AWS it was not checked', async () => {
  const unknownCalls = (state: DeploymentState) => {
    state.denied['kms:DescribeKey'] = 'UnknownOperationException';
    state.denied['iam:SimulatePrincipalPolicy'] = 'NotEmulated';
  };
  const local = { ...outputsPipeline(), endpoint: 'http://127.0.0.1:1' };
  const { text, exitCode, json } = await run(unknownCalls, local);
  expect(exitCode).toBe(0);
  expect(text).toMatch(/│ Role of the DLQ processor: allows each call +│ not emulated +│/);
  expect(text).toMatch(/26 checks passed, 0 failed, 0 could not be made, 6 are not emulated\.$/);
  expect(json).toMatchObject({ not_emulated: 6, failed: 0, unknown: 0 });
  const inAws = await run(unknownCalls);
  expect(inAws.exitCode).toBe(3);
  expect(inAws.text).toMatch(/not checked:[^]*0 failed, 6 could not be made\.$/);
});

describe('on the command line', () => {
  const aws = new ScriptedServer();
  const before = process.env;
  beforeAll(async () => {
    await aws.start();
    const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'ap-southeast-1' };
    process.env = { ...before, ...credentials, AWS_ENDPOINT_URL: new URL(aws.url).origin };
  });
  afterAll(async () => {
    process.env = before;
    await aws.stop();
  });

  test('with the clients of the SDK, of whom AWS lets none read: each check names what it lacks', async () => {
    const xml = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';
    aws.answers((response) => {
      const isXml = String(aws.requests.at(-1)!.headers['content-type']).includes('x-www-form-urlencoded');
      status(403, { 'x-amzn-errortype': 'AccessDeniedException' }, isXml ? xml : '{}')(response);
    });
    const { code, stdout, stderr } = await runOps(['verify', '--json', '--outputs', fileOf(OUTPUTS)]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    const { passed, checks } = JSON.parse(stdout) as { passed: number; checks: { missing_permissions: string[] }[] };
    expect(passed).toBe(0);
    expect([...new Set(checks.flatMap(({ missing_permissions }) => missing_permissions))].sort()).toEqual([
      'cloudtrail:GetTrail',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeTable',
      'lambda:GetAccountSettings',
      'lambda:GetFunctionConcurrency',
      'lambda:GetFunctionConfiguration',
      'lambda:GetPolicy',
      'logs:DescribeLogGroups',
      'sqs:GetQueueUrl',
    ]);
  });

  test('outputs of a pipeline that say too little', async () => {
    aws.answers(status(200, {}, '{}'));
    const { code, stderr } = await runOps(['verify', '--outputs', fileOf(outputsOf())]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/has no output payments_trail_arn: it has those of payments/);
  });
});
