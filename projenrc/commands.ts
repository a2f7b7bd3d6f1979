import type { Project } from 'projen';

/** On Node 20 the AWS SDK says in every process that later versions will want Node 22; ours is pinned. */
export const QUIET_SDK = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

const BUNDLE = ['tsx', 'tools/bundle/main.ts'];
const SYNTH = ['tsx', 'src/app/main.ts'];

/**
 * The program as one process. The `tsx` command puts a process in front that kills the program when it does not answer an
 * interrupt within 60 ms, and Terraform would continue alone.
 */
const ONE_PROCESS = ['node', '--import', 'tsx'];

/**
 * Each command is one TypeScript program that parses its own arguments: projen's shell would paste them
 * unescaped. A leading `--` is the program's to ignore.
 */
export function addCommands(project: Project): void {
  const bundle = addCommand(project, 'bundle', 'Bundle the Lambda handlers into assets/', BUNDLE);
  addCommand(project, 'synth', 'Synthesize the stack as Terraform JSON into cdktf.out/', SYNTH);
  addCommand(project, 'synth:hcl', 'Synthesize the stack as HCL into cdktf.out/hcl/', [
    'tsx',
    'tools/synth-hcl/main.ts',
  ]);
  addCommand(project, 'plan', "Show what Terraform would change; arguments behind -- are Terraform's", [
    ...ONE_PROCESS,
    'tools/deploy/main.ts',
    'plan',
  ]);
  addCommand(project, 'deploy', "Apply the stack with Terraform; arguments behind -- are Terraform's", [
    ...ONE_PROCESS,
    'tools/deploy/main.ts',
    'deploy',
  ]);
  addCommand(project, 'destroy', "Destroy the deployed stack with Terraform; arguments behind -- are Terraform's", [
    ...ONE_PROCESS,
    'tools/deploy/main.ts',
    'destroy',
  ]);
  addCommand(
    project,
    'plan:review',
    'Run a step of the workflows, which apply only reviewed plans; --help lists them',
    ['tsx', 'tools/plan-review/main.ts'],
  );
  addCommand(project, 'demo', 'Run payments through the real bundle on an embedded SQS and DynamoDB', [
    'tsx',
    'tools/demo/main.ts',
  ]);
  addCommand(project, 'local', 'Run the whole pipeline on this machine until Ctrl-C, to try and to practise', [
    ...ONE_PROCESS,
    'tools/local/main.ts',
  ]);
  addCommand(project, 'browser', 'Test the page of a run in a real browser', [...ONE_PROCESS, 'tools/browser/main.ts']);
  addCommand(project, 'simulate', 'Run both functions in a simulated world with faults, seed by seed', [
    'tsx',
    'tools/simulate/main.ts',
  ]);
  addCommand(
    project,
    'explore',
    'Explore every schedule of small worlds: both functions, an operator, and up to two faults',
    ['tsx', 'tools/explore/main.ts'],
  );
  addCommand(project, 'mutate', 'Change the code one place at a time, and find changes that no test notices', [
    'tsx',
    'tools/mutate/main.ts',
  ]);
  addCommand(project, 'chaos', 'Run payments through the real bundle while its processes are killed', [
    'tsx',
    'tools/chaos/main.ts',
  ]);
  addCommand(project, 'e2e', 'Apply the stack to an AWS emulator, check it, send payments, destroy it', [
    'tsx',
    'tools/e2e/main.ts',
  ]);
  addCommand(project, 'rehearse', 'Run the workflows step by step on this machine, on an AWS emulator', [
    'tsx',
    'tools/rehearse/main.ts',
  ]);
  addCommand(
    project,
    'ops',
    "Run the operator's tool: show a deployed pipeline, send payments, redrive or discard failed ones",
    ['tsx', 'src/ops/main.ts'],
  );
  addCommand(project, 'bench', 'Measure the batch engine and the payment processor side by side with their baselines', [
    'tsx',
    'tools/bench/main.ts',
  ]);
  addCommand(
    project,
    'bench:dead-letters',
    'Measure the DLQ processor: analyze 10,000 failed payments, redrive 1,000',
    ['tsx', 'tools/bench-dead-letters/main.ts'],
  );
  addCommand(project, 'cost', 'Show what the synthesized stack costs: a month, and a million payments', [
    'tsx',
    'tools/cost/main.ts',
  ]);
  addCommand(project, 'cost:measure', 'Measure again what a payment uses, for `npx projen cost`', [
    'tsx',
    'tools/cost/measure.ts',
  ]);
  addCommand(project, 'capacity', 'Choose the settings for a number of payments a day', [
    'tsx',
    'tools/capacity/main.ts',
  ]);
  addCommand(project, 'documents', 'Write the generated parts of the pages in docs', [
    'tsx',
    'tools/documents/main.ts',
  ]);
  addCommand(project, 'prose', 'Lint the prose of the pages; errors fail', ['tsx', 'tools/prose/main.ts']);
  addCommand(project, 'site', 'Build the documentation as a site in dist/site, and check its links', [
    'tsx',
    'tools/site/main.ts',
  ]);
  addCommand(project, 'validate', 'Validate the synthesized stack with Terraform; warnings fail', [
    'tsx',
    'tools/validate/main.ts',
  ]);
  addCommand(project, 'scan', 'Scan the production stack with checkov; findings that are not accepted fail', [
    'tsx',
    'tools/scan/main.ts',
  ]);
  addCommand(project, 'package:check', 'Pack the npm package, and use it in directories outside as its users do', [
    'tsx',
    'tools/package-check/main.ts',
  ]);
  project.tasks.tryFind('pre-compile')?.spawn(bundle);
  project.packageTask.reset();
  project.packageTask.execArgs(['tsx', 'tools/package/main.ts'], { receiveArgs: true });
}

function addCommand(project: Project, name: string, description: string, execArgs: string[]) {
  return project.addTask(name, { description, execArgs, receiveArgs: true, env: QUIET_SDK });
}
