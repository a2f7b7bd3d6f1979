import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { thisProject } from '../kit/project';
import { runProgram } from '../kit/processes';

/** The package as npm would publish it. */
export interface Packed {
  readonly tarball: string;
  /** Where the tarball is unpacked. */
  readonly directory: string;
  /** Paths within it. */
  readonly files: readonly string[];
}

/** Bundles and compiles into an empty `lib`: npm would also pack what an earlier compilation left of a file that is gone. */
export async function build(progress: NodeJS.WritableStream): Promise<void> {
  const { root } = thisProject;
  await thisProject.bundle(progress);
  rmSync(join(root, 'lib'), { recursive: true, force: true });
  await succeed(join(root, 'node_modules/.bin/tsc'), ['--build', '--force'], root);
}

/** Packs the project at `root` as it is, and unpacks the tarball beside it. */
export async function pack(root: string, directory: string): Promise<Packed> {
  const [packed] = JSON.parse(await succeed('npm', ['pack', '--json', '--pack-destination', directory], root)) as [
    { filename: string; files: { path: string }[] },
  ];
  const tarball = join(directory, packed.filename);
  await succeed('tar', ['-xzf', tarball, '-C', directory], root);
  return { tarball, directory: join(directory, 'package'), files: packed.files.map(({ path }) => path).sort() };
}

/** @throws Error with all that the program printed, when it fails */
export async function succeed(program: string, args: readonly string[], directory: string): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, { directory });
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
