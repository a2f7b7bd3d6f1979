import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { readPlanFile } from '../plan-review/plan-file';
import { digestOf, summarize } from '../plan-review/plan-summary';
import { NO_PROVIDERS, NoProvidersError } from '../terraform/initialised-stack';
import { readStack, writeStack } from '../terraform/stack-file';
import type { Runner } from './runner';
import { logOf, type Rehearsal } from './world';

/** Plans the whole stack, on an AWS without anything. */
const PLANNING = {
  TF_CLI_ARGS_plan: '',
  AWS_ACCESS_KEY_ID: 'plan',
  AWS_SECRET_ACCESS_KEY: 'plan',
  TF_VAR_alert_email: 'oncall@example.com',
  TF_VAR_fraud_api_url: 'https://fraud.example.internal/check',
};
const ANOTHER_MACHINE = { TZ: 'Pacific/Kiritimati', LANG: 'C', HOME: '/nonexistent' };
/** All that they decide is unknown yet. */
const OTHER_VARIABLES = { TF_VAR_fraud_api_url: 'https://other.example.internal/check' };

const PLAN = [
  '"$TERRAFORM_BINARY" init -input=false ${TF_PLUGIN_MIRROR:+-plugin-dir="$TF_PLUGIN_MIRROR"} >&2',
  '"$TERRAFORM_BINARY" plan -input=false -lock=false -out=my.tfplan >&2',
  '"$TERRAFORM_BINARY" show -json my.tfplan',
].join(' && ');

/** Terraform's own plans. */
export async function sameAndOther(rehearsal: Rehearsal, runner: Runner): Promise<void> {
  await rehearsal.steps.take(
    'plans of the whole stack have the same digest when they do the same, and else another',
    logOf(rehearsal, 'rehearsal'),
    async (say) => {
      const stack = runner.newDirectory();
      const synth = `cd "${join(__dirname, '../..')}" && npx projen bundle && npx projen synth`;
      const { code, output } = await runner.bash(synth, stack, { CDKTF_OUTDIR: stack });
      assert.equal(code, 0, output);
      const digestWith = async (environment: Readonly<Record<string, string>>, change = <T>(blocks: T) => blocks) => {
        const directory = runner.newDirectory();
        cpSync(join(stack, 'stacks/payment-pipeline'), directory, { recursive: true });
        writeStack(directory, change(readStack(directory)));
        return digestOfPlan(runner, directory, environment);
      };
      const [first, same, other] = await Promise.all([
        digestWith({}),
        digestWith(ANOTHER_MACHINE, reversed),
        digestWith(OTHER_VARIABLES),
      ]);
      assert.equal(same, first, 'on another machine, with the blocks in another order');
      assert.notEqual(other, first, 'with another value where all is unknown yet');
      say(first);
    },
  );
}

async function digestOfPlan(runner: Runner, directory: string, environment: Readonly<Record<string, string>>) {
  const { code, stdout, output } = await runner.bash(PLAN, directory, { ...PLANNING, ...environment });
  if (NO_PROVIDERS.test(output)) throw new NoProvidersError(output);
  assert.equal(code, 0, output);
  return digestOf(summarize(readPlanFile(stdout)));
}

/** The blocks of a stack, and their arguments, in the reverse order. Lists keep theirs. */
function reversed<T>(blocks: T): T {
  if (typeof blocks !== 'object' || blocks === null || Array.isArray(blocks)) return blocks;
  const entries = Object.entries(blocks).map(([name, value]) => [name, reversed(value as unknown)]);
  return Object.fromEntries(entries.reverse()) as T;
}
