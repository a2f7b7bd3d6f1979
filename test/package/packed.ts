import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { thisProject } from '../../scripts/deploy/project';
import { runProgram } from '../../scripts/support/program';

const { root } = thisProject;

/** The package as npm would publish it. */
export interface Packed {
  readonly tarball: string;
  /** Unpacked. */
  readonly directory: string;
  /** Paths within it. */
  readonly files: readonly string[];
}

/** Builds all of it anew: what an earlier compilation left of a file that is gone would be packed too. */
export async function pack(directory: string, progress: NodeJS.WritableStream): Promise<Packed> {
  await thisProject.bundle(progress);
  rmSync(join(root, 'lib'), { recursive: true, force: true });
  await succeed('node_modules/.bin/tsc', ['--build', '--force']);
  const [packed] = JSON.parse(await succeed('npm', ['pack', '--json', '--pack-destination', directory])) as [{ filename: string; files: { path: string }[] }];
  const tarball = join(directory, packed.filename);
  await succeed('tar', ['-xzf', tarball, '-C', directory]);
  return { tarball, directory: join(directory, 'package'), files: packed.files.map(({ path }) => path).sort() };
}

/** The project's own programs that look at a tarball. */
export async function lint({ tarball }: Packed): Promise<void> {
  await succeed('node_modules/.bin/publint', ['run', tarball, '--strict']);
  await succeed('node_modules/.bin/attw', [tarball, '--no-color', '--no-emoji']);
}

async function succeed(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, { directory: root });
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
