import { CommandError, EXIT } from '../../src/cli/command-error';
import { choiceOption, nonEmpty, reportOption, wholeNumber } from '../../src/cli/options';
import { program } from '../../src/cli/program';
import { run } from '../../tools/kit/command-run';

const TEXT = {
  description: 'Do something. It is not said what.',
  lists: { Environment: { COLOUR: 'of the result' } },
  exitCodes: { success: 'done', failed: 'not done' },
  examples: ['npx projen something --seed 1'],
};

interface Options {
  readonly seed: number;
  readonly mode?: string;
  readonly name?: string;
  readonly json?: string;
}

/** Its exit code is its seed. */
const something = program('npx projen something', TEXT)
  .argument('[file]', 'the file')
  .option('--seed <n>', 'the seed', wholeNumber(0, 9), 0)
  .option('--name <name>', 'a name', nonEmpty)
  .addOption(choiceOption('--mode <mode>', 'the mode', ['fast', 'slow']))
  .addOption(reportOption())
  .work(({ seed }: Options, { stdout }, file = '') => {
    stdout.write(String(file));
    return seed;
  });

test('the work has the options and operands, and its result is the exit code', async () => {
  expect(await run(something, '--seed', '7', 'a.txt')).toEqual({ code: 7, stdout: 'a.txt', stderr: '' });
  expect(await run(something)).toEqual({ code: 0, stdout: '', stderr: '' }); // nothing is left of the run before
});

test('a leading -- is ignored, a later one ends the options', async () => {
  expect(await run(something, '--', '--seed', '1')).toMatchObject({ code: 1 });
  expect(await run(something, '--seed', '1', '--', '--seed')).toMatchObject({ code: 1, stdout: '--seed' });
});

test.each([
  [['--sede', '1'], "Unknown option '--sede'. Did you mean --seed? Try --help.\n"],
  [['--colour'], "Unknown option '--colour'. Try --help.\n"],
  [['--seed'], "Option '--seed <n>' argument missing. Try --help.\n"],
  [
    ['--seed', '10'],
    "Option '--seed <n>' argument '10' is invalid. It must be a whole number from 0 to 9. Try --help.\n",
  ],
  [
    ['--seed', '1.5'],
    "Option '--seed <n>' argument '1.5' is invalid. It must be a whole number from 0 to 9. Try --help.\n",
  ],
  [['--name='], "Option '--name <name>' argument '' is invalid. It must not be empty. Try --help.\n"],
  [['--mode', 'x'], "Option '--mode <mode>' argument 'x' is invalid. Allowed choices are fast, slow. Try --help.\n"],
  [
    ['--name', '--seed'],
    '--name has no value, as --seed looks like an option: if it is the value, write --name=--seed.\n',
  ],
  [
    ['--json', '/nowhere/report.json'],
    '/nowhere/report.json cannot be written: its directory is missing or read-only.\n',
  ],
  [['a', 'b', 'c'], "Unexpected argument 'b c'. Try --help.\n"],
  [['a', '\u001b[2J\n'], "Unexpected argument '\\x1b[2J\\n'. Try --help.\n"],
])('%j is refused in one sentence', async (args, stderr) => {
  expect(await run(something, ...args)).toEqual({ code: EXIT.usageError, stdout: '', stderr });
});

test.each([
  [new Error('The disk is full.\nVery full.'), 2, 'The disk is full.\nVery full.\n'],
  [new CommandError('There is no network.'), 2, 'There is no network.\n'],
  [
    new CommandError('There is no network.', { exitCode: EXIT.unavailable, advice: 'Plug it in.' }),
    3,
    'There is no network. Plug it in.\n',
  ],
])('an error at work is printed without a stack trace, with its exit code: %p', async (error, code, stderr) => {
  const failing = program('x', TEXT).work(() => Promise.reject(error));
  expect(await run(failing)).toEqual({ code, stdout: '', stderr });
});

test('the help has the options, lists, exit codes and examples, and comes before any work', async () => {
  const { code, stdout, stderr } = await run(something, '--', '--seed', '7', '--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^Usage: npx projen something \[options\] \[file\]\n\nDo something\.[^]*\n {2}--seed <n> +the seed \(default: 0\)\n[^]*\nEnvironment:\n {2}COLOUR {2}of the result\n\nExit codes:\n {2}0 {2}done\n {2}1 {2}not done\n\nBehind npx projen every failure is 1\.\n\nExamples:\n {2}npx projen something --seed 1\n$/,
  );
});
