import { join } from 'node:path';
import * as v from 'valibot';
import { EXIT, messageOf } from '../../src/cli/command-error';
import { Program } from '../../src/cli/program';
import { billOf, differenceBetween } from '../cost/bill';
import { DEFAULT_TRAFFIC } from '../cost/payment-parts';
import { PRICED_REGION, PRICES_AS_OF } from '../cost/prices';
import { readUsage } from '../cost/usage';
import { STACK_DIRECTORY } from '../kit/project';
import { StackGraph, type StackJson } from '../kit/stacks/stack-graph';
import { ACCEPTED } from '../scan/accepted';
import { scanSynthesized } from '../scan/checkov';
import { judge } from '../scan/judgement';
import { readStack } from '../terraform/stack-file';
import { mask } from './mask';
import { fromUser } from './plan-file';
import { fenced } from './pr-comment';
import { WorkflowStep } from './workflow-step';

/** Of each environment, so that one leaves room for the others. */
const MAX_FINDINGS = 20;
/** Characters. */
const MAX_LINE_LENGTH = 300;
const MAX_LENGTH = 20_000;

const STACKS = `the directory of its stacks: that of dev as dev/${STACK_DIRECTORY}`;

export const assess = new Program('assess')
  .describe({
    description: [
      "Say what the stacks of a pull request cost, and what the policy scan finds in them, compared with main's. What main accepts in tools/scan/accepted.ts is no finding. What cannot be said says why.",
      'Output of the step: assessment, a list of lines as JSON.',
    ],
    lists: { Environment: { CHECKOV_BINARY: 'checkov, when it is not .venv/bin/checkov' } },
    exitCodes: { success: 'said' },
    examples: ['npx projen plan:review assess synthesized main production'],
  })
  .argument('<pull>', `the pull request's, ${STACKS}`)
  .argument('<main>', "main's, likewise")
  .argument('<names...>', "of GitHub's environments")
  .work(async (_options, terminal, pull: string, main: string, environments: string[]) => {
    const lines: string[] = [];
    for (const environment of environments) {
      const [before, after] = [main, pull].map((root) => join(fromUser(root), environment, STACK_DIRECTORY)) as [
        string,
        string,
      ];
      const [first = '', ...others] = [...costs(before, after), ...(await findings(before, after))];
      lines.push(environments.length > 1 ? `${environment}: ${first}` : first, ...others);
    }
    const { paymentsPerDay, batchFill } = DEFAULT_TRAFFIC;
    const prices = `Prices of ${PRICED_REGION} on ${PRICES_AS_OF}, at ${paymentsPerDay.toLocaleString('en-US')} payments a day in batches of ${batchFill}.`;
    new WorkflowStep(terminal).output({
      assessment: JSON.stringify([...lines.map((line) => line.slice(0, MAX_LINE_LENGTH)), prices]),
    });
    return EXIT.success;
  });

function costs(before: string, after: string): string[] {
  try {
    const usage = readUsage();
    const [was, is] = [before, after].map((directory) =>
      billOf(new StackGraph(readStack(directory) as unknown as StackJson), DEFAULT_TRAFFIC, usage),
    );
    const [sums = '', ...parts] = differenceBetween(was!, is!);
    return [sums, ...parts.map((line) => `- ${line}`)];
  } catch (error) {
    return [`The cost is not known: ${messageOf(error)}`];
  }
}

async function findings(before: string, after: string): Promise<string[]> {
  try {
    const [was, is] = [await findingsIn(before), await findingsIn(after)];
    const fresh = is.filter((line) => !was.includes(line));
    return fresh.length === 0
      ? ['The policy scan finds nothing new.']
      : [`The policy scan finds what main does not have: ${fresh.length}`, ...fresh.slice(0, MAX_FINDINGS)];
  } catch (error) {
    return [`The policy scan failed: ${messageOf(error)}`];
  }
}

async function findingsIn(directory: string): Promise<string[]> {
  const report = await scanSynthesized(directory);
  return judge(report.findings, ACCEPTED).fresh.map(({ check, resource, name }) => `- ${check} ${resource}: ${name}`);
}

/**
 * Renders what {@link assess} said. Its job reads the stack of a pull request with a program that evaluates expressions, so that whatever it
 * says is shown as text, in which nothing is Markdown.
 * @param json empty if the job failed before
 */
export function renderAssessment(json: string): string {
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(v.string())), json);
  const lines = success
    ? output
    : ['Neither the cost nor the findings of the policy scan are known: the job that tells them failed.'];
  return `Compared with main:\n\n${fenced(mask(lines.join('\n')).slice(0, MAX_LENGTH))}\n`;
}
