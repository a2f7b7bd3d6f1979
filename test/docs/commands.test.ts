import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synth } from '../../src/app/main';
import type { Program } from '../../src/cli/program';
import { opsCommand } from '../../src/ops/commands';
import { benchCommand } from '../../tools/bench/main';
import { bundling } from '../../tools/bundle/main';
import { capacity } from '../../tools/capacity/main';
import { chaosCommand } from '../../tools/chaos/main';
import { cost } from '../../tools/cost/main';
import { measure } from '../../tools/cost/measure';
import { demoCommand } from '../../tools/demo/main';
import { deployProgram } from '../../tools/deploy/main';
import { documents as documentsProgram } from '../../tools/documents/main';
import { e2e } from '../../tools/e2e/main';
import { exploreCommand } from '../../tools/explore/main';
import { documents, ROOT } from '../../tools/kit/documents';
import { run } from '../../tools/kit/command-run';
import { localCommand } from '../../tools/local/main';
import { mutateCommand } from '../../tools/mutate/main';
import { packageCheck } from '../../tools/package-check/main';
import { packaging } from '../../tools/package/main';
import { planReview } from '../../tools/plan-review/main';
import { prose } from '../../tools/prose/main';
import { rehearsal } from '../../tools/rehearse/main';
import { releaseCommand } from '../../tools/release/main';
import { scanCommand } from '../../tools/scan/main';
import { simulateCommand } from '../../tools/simulate/main';
import { site } from '../../tools/site/main';
import { synthHclCommand } from '../../tools/synth-hcl/main';
import { validate } from '../../tools/validate/main';

const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8')) as {
  tasks: Record<string, unknown>;
};

const never = () => Promise.reject(new Error('Only the help is asked for.'));

/** Every program, by task. Its commands are tasks, or the first argument names one. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  bench: benchCommand(never),
  bundle: bundling,
  capacity,
  chaos: chaosCommand(never),
  cost,
  'cost:measure': measure,
  demo: demoCommand(never),
  deploy: deployProgram(),
  destroy: deployProgram(),
  documents: documentsProgram,
  e2e,
  explore: exploreCommand(never),
  local: localCommand(never),
  mutate: mutateCommand(never),
  ops: opsCommand(),
  package: packaging,
  'package:check': packageCheck,
  plan: deployProgram(),
  'plan:review': planReview,
  prose,
  rehearse: rehearsal,
  release: releaseCommand('.'),
  scan: scanCommand([], never as never),
  simulate: simulateCommand(never),
  site,
  synth,
  'synth:hcl': synthHclCommand({} as never),
  validate,
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
  const program = PROGRAMS[task];
  if (program === undefined)
    throw new Error(`Add ${task} to PROGRAMS: a page gives it ${[...options, ...own].join(' ')}.`);
  const word = args.find((arg) => !arg.startsWith('-'));
  const command = program.commands.find((one) => [task, word].includes(one.name()));
  const help = [command ?? program, program].map((one) => one.helpInformation()).join('\n');
  expect([...options, ...own].filter((told) => !new RegExp(`(?<![\\w-])${told}(?![\\w-])`).test(help))).toEqual([]);
});

const helps = Object.entries(PROGRAMS).flatMap(([task, program]) =>
  [program, ...program.commands].map((one) => [`${task}: ${one.name()}`, one.helpInformation()] as const),
);

describe.each(helps)('the help of %s', (_name, help) => {
  test('fits 80 columns, and ends with examples', () => {
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(help).toMatch(/\nExit codes:\n[^]*\n\nExamples:\n( {2}\S.*\n)+$/);
  });

  test('begins with an imperative sentence', () => {
    const [, sentence] = /^Usage: .*\n\n([^]*?\.)\s/.exec(help) ?? [];
    expect(sentence).toMatch(/^(?!The |What |How |\w+[^s]s )[A-Z][a-z]+ /);
  });
});

test.each(Object.entries(PROGRAMS).filter(([, { commands }]) => commands.length === 0))(
  '%s answers --help, and refuses an unknown option, before any work',
  async (_task, program) => {
    expect(await run(program, '--', '--help')).toEqual({ code: 0, stdout: program.helpInformation(), stderr: '' });
    expect(await run(program, '--no-such-option')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^Unknown option '--no-such-option'\..* Try --help\.\n$/) as string,
    });
  },
);

/** The block's commands, with the variables that earlier lines have exported. */
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
