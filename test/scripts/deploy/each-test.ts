import { terraformTask, type Verb } from '../../../scripts/deploy/terraform-task';
import { run } from '../command-run';
import { FakeDeployment, isolateEnvironment } from './fake-deployment';

/** A deployment for each test of the file, in an environment without the machine's own settings. */
export function deployForEachTest(use: (deployment: FakeDeployment) => void): void {
  const environment = { ...process.env };
  let deployment: FakeDeployment;

  beforeEach(async () => {
    isolateEnvironment();
    deployment = new FakeDeployment();
    await deployment.start();
    use(deployment);
  });

  afterEach(async () => {
    await deployment.sts.stop();
    process.env = { ...environment };
  });
}

/** The one sentence of a command that did not touch anything. */
export async function refusal(deployment: FakeDeployment, verb: Verb, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(terraformTask(verb, 'help', deployment.project), '--', ...args);
  expect({ code, stdout, calls: deployment.calls }).toEqual({ code: 2, stdout: '', calls: [] });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  return stderr;
}
