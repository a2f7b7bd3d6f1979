import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { givenValue, projectVariableFiles } from '../../src/app/given-values';
import { OLDEST_TERRAFORM, OLDEST_TERRAFORM_FOR_S3, REGION } from '../../src/app/settings';
import { EXIT, UsageError } from '../../src/cli/command-error';
import { type Terminal } from '../../src/cli/terminal';
import { shellWord } from '../../src/cli/options';
import { escaped, escapedLines } from '../../src/cli/escaped-text';
import { terraform, terraformBinary } from '../terraform/terraform';
import { findAccount } from './account';
import { adviseOn } from './advice';
import { concurrencyAdvice } from './concurrency';
import { terraformAtTerminal, type InteractiveOutcome } from './interactive';
import { refuseChangedCode } from './planned-code';
import { STACK_DIRECTORY, type Project } from '../kit/project';
import { refuseOtherRegion, refuseProtectedPlan, refuseProtectedState, reservedConcurrency } from './protection';
import { has, type Request, type TaskOptions } from './request';
import { LOCK_FILE, refuseIncompletePlan, refuseMissingStack } from './saved-plan';
import { variableDefaults } from '../terraform/stack-file';
import { requireTerraform } from '../terraform/terraform-version';
import { missingVariables, missingVariablesError, REQUIRED_VARIABLES } from './variables';
import Table from 'cli-table3';
import * as v from 'valibot';

export type Verb = 'plan' | 'apply' | 'destroy';

/** One of Terraform's verbs, on the project's stack as it is now. */
export class TerraformTask {
  private readonly stack: string;

  constructor(
    private readonly verb: Verb,
    private readonly options: TaskOptions,
    private readonly request: Request,
    private readonly project: Project,
    private readonly terminal: Terminal,
  ) {
    this.stack = join(project.root, STACK_DIRECTORY);
  }

  async run(): Promise<number> {
    const args = this.verbArguments();
    await this.refuseUnlessReady();
    if (!this.isPrepared()) await this.prepare();

    if (this.request.planFile === undefined) this.pinProviders();
    const initialised = await this.terraform('init', this.initArguments());
    if (initialised.code !== EXIT.success) return initialised.code;
    if (initialised.isInterrupted) return EXIT.interrupted;
    await this.refuseWhatWouldEndHalfWay();
    const { code } = await this.terraform(this.verb, args);
    if (code === EXIT.success) await this.sayWhatNext();
    return code;
  }

  /** Runs before anything is built or changed. */
  private async refuseUnlessReady(): Promise<void> {
    const { planFile } = this.request;
    const inBucket = Boolean(process.env.TF_STATE_BUCKET);
    const version = await (inBucket
      ? requireTerraform(OLDEST_TERRAFORM_FOR_S3, 'to lock a state in S3')
      : requireTerraform(OLDEST_TERRAFORM, 'for this stack'));
    if (planFile !== undefined) refuseIncompletePlan(planFile, this.stack);
    else if (this.options.synthesized) refuseMissingStack(this.stack);
    const region = this.given('region') ?? REGION;
    const account = await findAccount(region, process.env.AWS_ACCOUNT_ID);
    this.say(`Terraform ${version}, account ${account.id} in ${region}, as ${account.arn}; ${this.subject()}`);
  }

  private subject(): string {
    const { synthesized, profile } = this.options;
    if (this.request.planFile !== undefined) return 'as planned';
    return synthesized ? 'as synthesized' : `profile ${profile}`;
  }

  /** @throws CommandError */
  private verbArguments(): string[] {
    const { planFile, passed } = this.request;
    if (planFile === undefined) return [...this.variableArguments(), ...passed];
    if (this.verb !== 'apply')
      throw new UsageError(`Only deploy takes a saved plan; ${this.verb} does not know what to do with ${planFile}.`);
    return [...passed, planFile];
  }

  /** Terraform destroys what the state lists, so the variables' values make no difference. */
  private variableArguments(): string[] {
    const files = projectVariableFiles(this.project.root);
    const missing = missingVariables(this.request, files, process.env);
    if (missing.length > 0 && this.verb !== 'destroy') throw missingVariablesError(missing);
    return [
      ...files.map((file) => `-var-file=${file}`),
      ...missing.map((name) => `-var=${name}=${REQUIRED_VARIABLES[name]}`),
    ];
  }

  private isPrepared(): boolean {
    return this.options.synthesized === true || this.request.planFile !== undefined;
  }

  private async prepare(): Promise<void> {
    if (this.verb !== 'destroy' || !this.project.isBundled()) await this.project.bundle(this.terminal.stderr);
    const environment = { CDKTF_OUTDIR: join(this.project.root, 'cdktf.out'), SYNTH_HCL_OUTPUT: 'false' };
    await this.project.synthesize(this.options.profile, environment, this.request);
  }

  /** Lets Terraform itself explain why it cannot show a plan. @throws CommandError */
  private async refuseWhatWouldEndHalfWay(): Promise<void> {
    const { planFile } = this.request;
    const { code, stdout } = await terraform(['show', '-json', ...(planFile === undefined ? [] : [planFile])], {
      directory: this.stack,
    });
    if (code !== EXIT.success) return;
    if (planFile === undefined) {
      refuseOtherRegion(stdout, this.given('region') ?? REGION);
      if (this.destroysEverything()) refuseProtectedState(stdout);
      else if (this.verb !== 'destroy') await this.compareConcurrency(reservedConcurrency(stdout));
    } else {
      refuseChangedCode(stdout, this.stack);
      refuseProtectedPlan(stdout);
    }
  }

  private async compareConcurrency(reserved: number): Promise<void> {
    const { max_concurrency: max, reserve_concurrency: reserve } = variableDefaults(this.stack);
    if (max === undefined) return; // the stack of an older version
    const settings = {
      maxConcurrency: Number(this.given('max_concurrency') ?? max),
      reserveConcurrency: String(this.given('reserve_concurrency') ?? reserve) === 'true',
      reserved,
    };
    const advice = await concurrencyAdvice(this.given('region') ?? REGION, settings);
    if (advice !== undefined) this.say(advice);
  }

  /** The text of a variable that has a value of its own. */
  private given(variable: string): string | undefined {
    return givenValue(variable, this.request, projectVariableFiles(this.project.root), process.env);
  }

  private destroysEverything(): boolean {
    const destroys = this.verb === 'destroy' || (this.verb === 'apply' && has(this.request, '-destroy'));
    return destroys && !this.request.passed.some((option) => /^-(target|exclude)\b/.test(option));
  }

  /** The project's lock file, not one that an earlier run left. A plan is applied with the providers that made it. */
  private pinProviders(): void {
    const lock = join(this.project.root, LOCK_FILE);
    if (existsSync(lock)) copyFileSync(lock, join(this.stack, LOCK_FILE));
  }

  private initArguments(): string[] {
    const mirror = process.env.TF_PLUGIN_MIRROR;
    return [
      ...this.request.passed.filter((option) => /^-(input=|no-color$|lock=|lock-timeout=)/.test(option)),
      ...(mirror ? [`-plugin-dir=${mirror}`] : []),
      ...(this.request.planFile === undefined ? [] : ['-lockfile=readonly']),
    ];
  }

  private async terraform(verb: string, args: readonly string[]): Promise<InteractiveOutcome> {
    const outcome = await terraformAtTerminal([verb, ...args], this.stack, this.terminal.stderr);
    const advice = outcome.code === EXIT.success ? undefined : adviseOn(verb, outcome.stderr);
    if (advice !== undefined) this.say(advice);
    return outcome;
  }

  private async sayWhatNext(): Promise<void> {
    const { out } = this.request;
    if (this.verb === 'plan' && out !== undefined)
      this.say(`Apply it, wherever ${STACK_DIRECTORY} goes with it, by: npx projen deploy -- ${shellWord(out)}`);
    if (this.verb !== 'apply' || has(this.request, '-json')) return;
    const { code, stdout, stderr } = await terraform(['output', '-json'], { directory: this.stack });
    if (code === EXIT.success) this.terminal.stdout.write(renderOutputs(stdout, STACK_DIRECTORY));
    else this.say(`All is applied, but the outputs cannot be shown: ${stderr.trim()}`);
  }

  private say(line: string): void {
    this.terminal.stderr.write(`${escapedLines(line)}\n`);
  }
}

const answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(v.string(), v.object({ sensitive: v.boolean(), value: v.unknown() })),
);
const NO_LINES_BETWEEN = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Terraform's outputs, and how to see those that are sensitive. Nothing, if there are none. */
export function renderOutputs(json: string, stackDirectory: string): string {
  const outputs = Object.entries(v.parse(answer, json)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (outputs.length === 0) return '';
  const table = new Table({ head: ['Output', 'Value'], style: { head: [], border: [] }, chars: NO_LINES_BETWEEN });
  table.push(
    ...outputs.map(([name, { sensitive, value }]) => [name, sensitive ? '(sensitive)' : escaped(asText(value))]),
  );
  return [table.toString(), ...howToSee(outputs.find(([, { sensitive }]) => sensitive)?.[0], stackDirectory), ''].join(
    '\n',
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function howToSee(sensitive: string | undefined, stackDirectory: string): string[] {
  return sensitive === undefined
    ? []
    : [`A sensitive one is shown by: ${terraformBinary()} -chdir=${stackDirectory} output -raw ${sensitive}`];
}
