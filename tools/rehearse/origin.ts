import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../kit/processes';

const IDENTITY = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@example.com', '-c', 'commit.gpgsign=false'];

/** A pull request, as far as git knows it. */
export interface Branch {
  readonly head: string;
  /** The merge of the pull request, which a run for it checks out. */
  readonly merge: string;
  readonly base: string;
}

/** A repository with the files of the checkout as they are now, and with branches that come and are merged. */
export class Origin {
  private constructor(readonly directory: string) {}

  static async from(project: string, directory: string): Promise<Origin> {
    mkdirSync(directory, { recursive: true });
    const { stdout } = await runProgram('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      directory: project,
    });
    for (const file of stdout.split('\0').filter((name) => name !== '' && existsSync(join(project, name))))
      cpSync(join(project, file), join(directory, file));
    const origin = new Origin(directory);
    await origin.git('init', '--quiet', '--initial-branch=main');
    await origin.commitAll('The checkout as it is');
    return origin;
  }

  /** A branch of main with one file changed. */
  async branch(name: string, file: string, from: string, to: string): Promise<Branch> {
    const base = await this.git('rev-parse', 'main');
    await this.git('checkout', '--quiet', '-b', name, 'main');
    const path = join(this.directory, file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(from))
      throw new Error(`${file} does not say "${from}" any more: let the rehearsal change something else.`);
    writeFileSync(path, before.replace(from, to));
    const head = await this.commitAll(`Change ${file}`);
    await this.git('checkout', '--quiet', '-b', `${name}-merge`, 'main');
    await this.git('merge', '--quiet', '--no-ff', '-m', 'merge', name);
    return { head, merge: await this.git('rev-parse', 'HEAD'), base };
  }

  /** @returns the one commit on main that the branch has become */
  async squash(name: string): Promise<string> {
    await this.git('checkout', '--quiet', 'main');
    await this.git('merge', '--quiet', '--squash', name);
    return this.commitAll(`Merge ${name}`);
  }

  private async commitAll(message: string): Promise<string> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  private async git(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram('git', [...IDENTITY, ...args], { directory: this.directory });
    if (code !== 0) throw new Error(`git ${args.join(' ')} failed: ${stderr}`);
    return stdout.trim();
  }
}
