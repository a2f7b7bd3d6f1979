import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploy, destroy, plan } from '../../tools/deploy/main';
import { exploreCommand } from '../../tools/explore/main';
import { mutateCommand } from '../../tools/mutate/main';
import { COMMANDS as PLAN_REVIEW } from '../../tools/plan-review/main';
import { scanCommand } from '../../tools/scan/main';
import { simulateCommand } from '../../tools/simulate/main';
import { validate } from '../../tools/validate/main';
import { synth } from '../../src/app/main';
import { chaosCommand } from '../../tools/chaos/main';
import { demoCommand } from '../../tools/demo/options';
import { opsCommand } from '../../src/ops/commands';
import { documents, ROOT } from '../../tools/kit/documents';

const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8')) as {
  tasks: Record<string, unknown>;
};

const never = () => Promise.reject(new Error('Only the help is asked for.'));

/** What each command says of itself, of those that a page gives an option. */
const HELP: Readonly<Record<string, (args: readonly string[]) => string>> = {
  chaos: () => chaosCommand(never).help,
  demo: () => demoCommand().helpInformation(),
  deploy: () => deploy.help,
  destroy: () => destroy.help,
  explore: () => exploreCommand(never).help,
  mutate: () => mutateCommand(never).help,
  ops: ([name]) => helpOfOps(name),
  plan: () => plan.help,
  'plan:review': ([name = '']) => PLAN_REVIEW[name]!.help,
  scan: () => scanCommand([], never as never).help,
  simulate: () => simulateCommand(never).help,
  synth: () => synth.help,
  validate: () => validate.help,
};

/** Terraform's own variables, and those of everything that calls AWS. */
const OF_OTHERS = /^(TF_VAR_|TF_CLI_ARGS|AWS_)/;

/** Perhaps with variables of its own. */
const COMMAND_LINE = /^((?:\w+=\S*\s+)*)npx projen(|\s.*)$/;

interface CommandLine {
  readonly text: string;
  readonly variables: readonly string[];
  readonly task: string;
  readonly args: readonly string[];
}

const lines = documents().flatMap(({ file, shell, quoted }) => {
  return [...shell, ...quoted].flatMap((block) => commandLinesOf(block).map((line) => ({ file, ...line })));
});

test('there are command lines to look at', () => {
  expect(lines.length).toBeGreaterThan(30);
  expect(lines.filter(({ args }) => args.length > 0).length).toBeGreaterThan(5);
});

test.each(lines)('$file: $text', ({ task, args, variables }) => {
  expect(Object.keys(tasks)).toContain(task);
  const options = args
    .filter((arg) => arg.startsWith('--') && arg !== '--' && arg !== '--help')
    .map((arg) => arg.split('=', 1)[0]!);
  const own = variables.filter((name) => !OF_OTHERS.test(name));
  if (options.length + own.length === 0) return;
  const help = HELP[task]?.(args);
  if (help === undefined) throw new Error(`Add ${task} to HELP: a page gives it ${[...options, ...own].join(' ')}.`);
  expect([...options, ...own].filter((told) => !new RegExp(`(?<![\\w-])${told}(?![\\w-])`).test(help))).toEqual([]);
});

/** With the variables that an earlier line of the block has exported. */
function commandLinesOf(block: string): CommandLine[] {
  const exported: string[] = [];
  return block.split(/\n|&&/).flatMap((part) => {
    const text = part.trim();
    if (text.startsWith('export ')) exported.push(...assigned(text));
    const [, own, rest] = COMMAND_LINE.exec(text) ?? [];
    if (rest === undefined) return [];
    const [task = 'default', ...args] = rest
      .replace(/\s#.*$/, '')
      .split(/\s+/)
      .filter(Boolean);
    return [{ text, task, args, variables: [...exported, ...assigned(own!)] }];
  });
}

function assigned(text: string): string[] {
  return [...text.matchAll(/(?:^|\s)(\w+)=/g)].map(([, name]) => name!);
}

function helpOfOps(name: string | undefined): string {
  const program = opsCommand(never as never);
  const command = program.commands.find((one) => one.name() === name);
  return `${command?.helpInformation() ?? ''}\n${program.helpInformation()}`;
}
