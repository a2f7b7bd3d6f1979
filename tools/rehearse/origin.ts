import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../kit/processes';

const IDENTITY = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@example.com', '-c', 'commit.gpgsign=false'];

/** Changes the text of a file; undefined stands for one that doesn't exist. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

/** A repository with the files of the checkout as they are now, and with branches that come and are merged. */
export class Origin {
  constructor(readonly directory: string) {}

  static async from(project: string, directory: string): Promise<Origin> {
    mkdirSync(directory, { recursive: true });
    const { stdout } = await runProgram('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      directory: project,
    });
    for (const file of stdout.split('\0').filter((name) => name !== '' && existsSync(join(project, name))))
      cpSync(join(project, file), join(directory, file));
    const origin = new Origin(directory);
    await origin.git('init', '--quiet', '--initial-branch=main');
    await origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    await origin.commit('The checkout as it is');
    return origin;
  }

  copyTo(directory: string): Origin {
    cpSync(this.directory, directory, { recursive: true });
    return new Origin(directory);
  }

  /** Begins a branch, or continues it. Without edits its commit is empty. @returns the branch's last commit */
  async edit(branch: string, edits: Edits, from = 'main', message = `Change ${branch}`): Promise<string> {
    const isNew = (await this.git('branch', '--list', branch)) === '';
    await this.git('checkout', '--quiet', ...(isNew ? ['-b', branch, from] : [branch]));
    for (const [file, edit] of Object.entries(edits)) {
      const path = join(this.directory, file);
      const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const after = edit(before);
      if (after === before) throw new Error(`${file} is not what the rehearsal changes any more.`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, after);
    }
    return this.commit(message);
  }

  /** Renews the merge of a pull request with its base, as GitHub does. @returns the ref */
  async mergeRef(number: number, head: string, base: string): Promise<string> {
    const ref = `refs/pull/${number}/merge`;
    await this.git('checkout', '--quiet', '--detach', base);
    await this.git('merge', '--quiet', '--no-ff', '-m', 'merge', head);
    await this.git('update-ref', ref, 'HEAD');
    return ref;
  }

  /** @returns the one commit on main that the branch's last commit has become */
  async squash(head: string, message: string): Promise<string> {
    await this.git('checkout', '--quiet', 'main');
    await this.git('merge', '--quiet', '--squash', head);
    return this.commit(message);
  }

  async revert(): Promise<string> {
    await this.git('checkout', '--quiet', '-B', 'revert', 'main');
    await this.git('revert', '--no-edit', 'HEAD');
    return this.tip('revert');
  }

  async tip(branch = 'main'): Promise<string> {
    return this.git('rev-parse', branch);
  }

  /** Main's commits, the newest first. */
  async commits(): Promise<string[]> {
    return (await this.git('rev-list', '--first-parent', 'main')).split('\n');
  }

  async read(commit: string, file: string): Promise<string> {
    return this.git('show', `${commit}:${file}`);
  }

  private async commit(message: string): Promise<string> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.tip('HEAD');
  }

  private async git(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram('git', [...IDENTITY, ...args], { directory: this.directory });
    if (code !== 0) throw new Error(`git ${args.join(' ')} failed: ${stderr}`);
    return stdout.trim();
  }
}
