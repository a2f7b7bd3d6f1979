import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fakeProgram } from '../command-run';

const TSX = join(__dirname, '../../../node_modules/.bin/tsx');

async function atTerminal(shell: string) {
  const child = spawn(TSX, [join(__dirname, 'at-terminal.ts')], { env: { ...process.env, TERRAFORM_BINARY: fakeProgram(shell) }, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => { output[name] += text; });
  child.stdin.end('yes\n');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
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

test('what Terraform quotes cannot wipe the screen or forge a line; its own colours and lines stay', async () => {
  const { stderr } = await atTerminal(String.raw`printf '\033[31mError:\033[0m name \033[2J\302\233\r "x"\n\tline\n' >&2`);
  expect(stderr).toBe('\u001b[31mError:\u001b[0m name \\x1b[2J\\x9b\\r "x"\n\tline\n');
});
