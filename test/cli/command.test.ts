import { parseArgs } from 'node:util';
import { bundling } from '../../tools/bundle/main';
import { EXIT, runCommand, type Command } from '../../src/cli/command';
import { Capture } from '../../tools/kit/command-run';

const command: Command = {
  help: 'Usage: none\n',
  run: (args) => {
    parseArgs({ args, options: { seed: { type: 'string' } } });
    return Promise.resolve(EXIT.success);
  },
};

async function run(subject: Command, ...args: string[]) {
  const [stdout, stderr] = [new Capture(), new Capture()];
  const code = await runCommand(subject, args, { stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

test.each([
  [['--sede', '1'], /^Unknown option '--sede'\. Try --help\.\n$/],
  [['--seed'], /^Option '--seed <value>' argument missing\. Try --help\.\n$/],
  [['more'], /^Unexpected argument 'more'\. .*\. Try --help\.\n$/],
])('%p cannot be used, and leads to the help', async (args, sentence) => {
  expect(await run(command, ...args)).toEqual({
    code: EXIT.usageError,
    stdout: '',
    stderr: expect.stringMatching(sentence),
  });
});

test('what fails at work is said as it is', async () => {
  const failing: Command = { help: '', run: () => Promise.reject(new Error('The disk is full.')) };

  expect(await run(failing)).toMatchObject({ code: EXIT.usageError, stderr: 'The disk is full.\n' });
});

test('a leading -- is ignored', async () => {
  expect(await run(command, '--', '--seed', '1')).toMatchObject({ code: EXIT.success });
});

test.each([['--minify'], ['payment-processor']])('bundling knows no %s', async (argument) => {
  expect(await run(bundling, argument)).toMatchObject({
    code: EXIT.usageError,
    stderr: expect.stringContaining(argument),
  });
});
