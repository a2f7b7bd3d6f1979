import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { readPlanFile } from '../plan-review/plan-file';
import { digestOf, summarize } from '../plan-review/plan-summary';
import { NO_PROVIDERS, NoProvidersError } from '../terraform/initialised-stack';
import { readStack, writeStack } from '../terraform/stack-file';
import type { Runner } from './runner';
import { logOf, type Rehearsal } from './world';

type Resources = Record<string, Record<string, Record<string, unknown>>>;
type Stack = Record<string, unknown> & { resource: Resources };

/** The whole stack. */
const ALL = { TF_CLI_ARGS_plan: '' };
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'plan', AWS_SECRET_ACCESS_KEY: 'plan' };
const VARIABLES = {
  TF_VAR_alert_email: 'oncall@example.com',
  TF_VAR_fraud_api_url: 'https://fraud.example.internal/check',
};

interface Variant {
  readonly what: string;
  readonly change?: (stack: Stack) => void;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isSame: boolean;
}

const VARIANTS: readonly Variant[] = [
  {
    what: 'on another machine, with the blocks in another order',
    change: reverseBlocks,
    environment: { TZ: 'Pacific/Kiritimati', LANG: 'C', HOME: '/nonexistent' },
    isSame: true,
  },
  {
    what: 'with another value where all is unknown yet',
    environment: { TF_VAR_fraud_api_url: 'https://other.example.internal/check' },
    isSame: false,
  },
];

/** Terraform's own plans of the whole stack, on an AWS without anything. */
export async function sameAndOther(rehearsal: Rehearsal, runner: Runner): Promise<void> {
  await rehearsal.steps.take(
    'plans of the whole stack have the same digest when they do the same, and else another',
    logOf(rehearsal, 'rehearsal'),
    async (say) => {
      const stack = await synthesized(runner);
      const atATime = pLimit(2);
      const [first, ...others] = await Promise.all(
        [{}, ...VARIANTS].map((variant) => atATime(() => digestOfPlan(runner, stack, variant))),
      );
      say(first!);
      VARIANTS.forEach(({ what, isSame }, index) => {
        assert.equal(others[index] === first, isSame, `${what}: ${others[index]}`);
        say(`${what}: ${isSame ? 'the same' : 'another'}`);
      });
    },
  );
}

async function synthesized(runner: Runner): Promise<string> {
  const directory = runner.newDirectory();
  const { code, output } = await runner.bash(
    `cd "${join(__dirname, '../..')}" && npx projen bundle && npx projen synth`,
    directory,
    { CDKTF_OUTDIR: directory },
  );
  assert.equal(code, 0, output);
  return join(directory, 'stacks/payment-pipeline');
}

async function digestOfPlan(
  runner: Runner,
  stack: string,
  { change, environment = {} }: Partial<Variant>,
): Promise<string> {
  const directory = runner.newDirectory();
  cpSync(stack, directory, { recursive: true });
  const content = readStack(directory) as Stack;
  change?.(content);
  writeStack(directory, content);
  const init = '"$TERRAFORM_BINARY" init -input=false ${TF_PLUGIN_MIRROR:+-plugin-dir="$TF_PLUGIN_MIRROR"} >&2';
  const show =
    '"$TERRAFORM_BINARY" plan -input=false -lock=false -out=my.tfplan >&2 && "$TERRAFORM_BINARY" show -json my.tfplan > plan.json';
  const { code, stdout, output } = await runner.bash(`${init} && ${show} && cat plan.json`, directory, {
    ...ALL,
    ...VARIABLES,
    ...CREDENTIALS,
    ...environment,
  });
  if (NO_PROVIDERS.test(output)) throw new NoProvidersError(output);
  assert.equal(code, 0, output);
  return digestOf(summarize(readPlanFile(stdout)));
}

function reverseBlocks(stack: Stack): void {
  const reversed = <T>(blocks: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(blocks).reverse());
  stack.resource = reversed(
    Object.fromEntries(Object.entries(stack.resource).map(([type, blocks]) => [type, reversed(blocks)])),
  );
}
