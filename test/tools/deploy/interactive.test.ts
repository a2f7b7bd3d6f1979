import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeProgram } from '../../../tools/kit/command-run';

const ROOT = join(__dirname, '../../..');

interface Busy {
  readonly BUSY_AFTER_START_MS?: string;
  readonly BUSY_WHILE_RUNNING_MS?: string;
}

/** A process like that of `npx projen deploy`, which is started in the same way. */
function start(shell: string, busy: Busy = {}) {
  const [program, ...options] = launcherOf('deploy');
  const child = spawn(
    program === 'node' ? process.execPath : join(ROOT, 'node_modules/.bin', program!),
    [...options, join(__dirname, '../../../tools/deploy/fixtures/at-terminal.ts')],
    {
      cwd: ROOT,
      env: { ...process.env, ...busy, TERRAFORM_BINARY: fakeProgram(shell) },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  child.stdin.end('yes\n');
  const end = async () => {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...output };
  };
  return { child, end: end() };
}

function launcherOf(task: string): string[] {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8')) as {
    tasks: Record<string, { steps: { execArgs: string[] }[] }>;
  };
  return tasks[task]!.steps[0]!.execArgs.filter((arg) => !arg.startsWith('tools/') && arg !== task);
}

function atTerminal(shell: string, busy?: Busy) {
  return start(shell, busy).end;
}

test('Terraform asks, and reads the answer; it colours nothing that is not written to a terminal', async () => {
  process.env.TF_CLI_ARGS = '-compact-warnings';
  const asking = atTerminal('printf "Enter a value: "; read answer; echo "$answer $TF_CLI_ARGS"; exit 1');
  delete process.env.TF_CLI_ARGS;

  expect(await asking).toMatchObject({ code: 1, stdout: 'Enter a value: yes -compact-warnings -no-color\n' });
});

test('an interrupt reaches Terraform once, and its end is waited for', async () => {
  const { code, stderr } = await atTerminal(`
    n=0
    trap 'n=$((n+1))' INT
    kill -INT $PPID; sleep 0.5
    kill -INT $PPID; sleep 0.5
    echo "interrupted $n times" >&2
    exit 1`);

  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/interrupted 1 times\n$/) });
});

test('an interrupt that comes while Terraform is being started reaches it', async () => {
  const { code, stderr } = await atTerminal(
    `
    trap 'echo interrupted >&2; exit 1' INT
    kill -INT $PPID
    n=0; while [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done`,
    { BUSY_AFTER_START_MS: '200' },
  );

  expect({ code, stderr }).toEqual({ code: 1, stderr: 'interrupted\n' });
});

test('an interrupt of a busy command is passed on late; nothing ends the command before Terraform', async () => {
  const { child, end } = start(
    `
    trap 'echo interrupted >&2; exit 1' INT
    echo running
    n=0; while [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done`,
    { BUSY_WHILE_RUNNING_MS: '1000' },
  );
  child.stdout.once('data', () => {
    setTimeout(() => child.kill('SIGINT'), 300);
  });

  expect(await end).toEqual({ code: 1, stdout: 'running\n', stderr: 'interrupted\n' });
});

test('what Terraform quotes cannot wipe the screen or forge a line; its own colours and lines stay', async () => {
  const { stderr } = await atTerminal(
    String.raw`printf '\033[31mError:\033[0m name \033[2J\302\233\r "x"\n\tline\n' >&2`,
  );
  expect(stderr).toBe('\u001b[31mError:\u001b[0m name \\x1b[2J\\x9b\\r "x"\n\tline\n');
});
