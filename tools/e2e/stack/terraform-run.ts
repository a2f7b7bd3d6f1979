import { devNull } from 'node:os';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { endOf, type Processes, type ProgramRun } from '../../kit/processes';
import { withInitialisedStack } from '../../terraform/initialised-stack';
import { terraform } from '../../terraform/terraform';
import { zipDirectory } from '../../terraform/zip-directory';
import type { Say } from '../../kit/steps';
import { type Plan, readPlan } from './plan';

/** The variables of the stack that have no usable default, and its environment. */
export const GIVEN = {
  environment: 'dev',
  alert_email: 'payments-oncall@example.com',
  fraud_api_url: 'https://fraud.example.internal/check',
};

/** Removes the AWS settings of the person who runs the test. */
const VARIABLES = {
  AWS_PROFILE: '',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  ...Object.fromEntries(Object.entries(GIVEN).map(([name, value]) => [`TF_VAR_${name}`, value])),
};

const outputs = v.record(v.string(), v.object({ value: v.unknown() }));
const resource = v.object({
  mode: v.string(),
  address: v.string(),
  type: v.string(),
  values: v.record(v.string(), v.unknown()),
});
const state = v.object({ values: v.object({ root_module: v.object({ resources: v.array(resource) }) }) });

export interface Terraform {
  readonly processes: Processes;
  readonly log: string;
}

/** A stack that Terraform has initialised, lent until it is given back. */
export class BorrowedStack {
  private constructor(
    readonly directory: string,
    private readonly tools: Terraform,
    readonly giveBack: () => void,
  ) {}

  /** @param stderr hears whether providers had to be replaced, and which */
  static async borrow(stack: string, tools: Terraform, stderr: NodeJS.WritableStream): Promise<BorrowedStack> {
    const run = runner(tools);
    const initialisation = { stderr, packageDirectory: zipDirectory(stack), backend: true, run };
    return new Promise((lend, reject) => {
      withInitialisedStack(
        stack,
        initialisation,
        (directory) =>
          new Promise<void>((giveBack) => {
            lend(new BorrowedStack(directory, tools, giveBack));
          }),
      ).catch(reject);
    });
  }

  /** @returns what would be made; the plan stands in the file, to be applied */
  async plan(file: string): Promise<Plan> {
    await this.run('plan', [`-out=${file}`]);
    return readPlan((await this.run('show', ['-json', file])).stdout);
  }

  /** @param planFile a saved plan. @default the stack as it is now */
  async apply(planFile?: string): Promise<string> {
    const { stdout } = await this.run('apply', ['-auto-approve', ...(planFile === undefined ? [] : [planFile])]);
    return /Apply complete! (.*)/.exec(stdout)?.[1] ?? stdout;
  }

  /** @throws when anything would be changed */
  async planIsEmpty(...options: readonly string[]): Promise<void> {
    const { code, stdout } = await this.run('plan', ['-detailed-exitcode', ...options], [0, 2]);
    const changes = stdout.slice(stdout.indexOf('Terraform will perform')).split('\n');
    if (code === 2) throw new Error(`A second plan is not empty:\n${changes.slice(0, 60).join('\n')}`);
  }

  /** @returns why Terraform refuses to destroy everything, as it says; empty when it would do it */
  async refusalToDestroy(...options: readonly string[]): Promise<string> {
    return (await this.run('plan', ['-destroy', '-refresh=false', ...options], [0, 1])).stderr;
  }

  /** Once more when the emulator says that something is gone already; says so. */
  async destroy(say: Say): Promise<string> {
    const first = await this.run('destroy', ['-auto-approve'], [0, 1]);
    if (first.code === 0) return destroyed(first.stdout);
    if (!first.stderr.includes('ResourceNotFoundException'))
      throw new Error(`terraform destroy failed:\n${first.stderr}`);
    say('destroyed a second time, as the first run found something gone:');
    for (const line of first.stderr.split('\n').filter((one) => /Error: |^\s+with /.test(one))) say(`  ${line.trim()}`);
    return destroyed((await this.run('destroy', ['-auto-approve'])).stdout);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const parsed = v.parse(outputs, JSON.parse(await this.outputText()));
    return Object.fromEntries(Object.entries(parsed).map(([name, { value }]) => [name, value]));
  }

  /** Prints the outputs in the form of `terraform output -json`. */
  async outputText(): Promise<string> {
    return (await this.run('output', ['-json'])).stdout;
  }

  /** The zip that was uploaded as this function's code. */
  async zipOf(functionName: string): Promise<string> {
    const found = (await this.resources()).find(
      ({ type, values }) => type === 'aws_lambda_function' && values.function_name === functionName,
    );
    return resolve(this.directory, String(found?.values.filename));
  }

  /** The addresses of the resources, by ARN. A topic's policy has the topic's ARN too, but a longer type. */
  async addresses(): Promise<Map<string, string>> {
    const managed = (await this.resources()).filter(
      ({ mode, values }) => mode === 'managed' && typeof values.arn === 'string',
    );
    managed.sort((a, b) => b.type.length - a.type.length);
    return new Map(managed.map(({ address, values }) => [values.arn as string, address]));
  }

  /** The values of each resource and data source, by address. */
  async values(): Promise<Map<string, Record<string, unknown>>> {
    return new Map((await this.resources()).map(({ address, values }) => [address, values]));
  }

  private async resources() {
    const { stdout } = await this.run('show', ['-json']);
    return v.parse(state, JSON.parse(stdout)).values.root_module.resources;
  }

  private async run(command: string, options: readonly string[], fine: readonly number[] = [0]) {
    const outcome = await runner(this.tools)([command, '-no-color', ...options], {
      directory: this.directory,
      environment: VARIABLES,
    });
    if (!fine.includes(outcome.code))
      throw new Error(`terraform ${command} failed:\n${outcome.stderr || (await endOf(this.tools.log))}`);
    return outcome;
  }
}

function destroyed(stdout: string): string {
  return /Destroy complete! (.*)/.exec(stdout)?.[1] ?? stdout;
}

function runner({ processes, log }: Terraform): typeof terraform {
  return (args, run) =>
    terraform(args, run, (binary, given, options: ProgramRun) => processes.run(binary, given, { ...options, log }));
}
