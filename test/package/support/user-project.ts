import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Outcome, runProgram } from '../../../scripts/support/program';

const PROJECT = join(__dirname, '../../..');
const COMPILER = join(PROJECT, 'node_modules/typescript/bin/tsc');
const PNPM = join(PROJECT, 'node_modules/pnpm/bin/pnpm.cjs');

/** Versions that the project itself takes, for what a user's project has beside the package. */
export const TYPES_OF_NODE = '@types/node@20';

/** The SDK says on Node 20 that later versions of it want Node 22. */
const ENVIRONMENT = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** A user's project: an own directory, where only that is found which was installed. */
export class UserProject {
  constructor(readonly directory: string) {
    this.write('package.json', JSON.stringify({ private: true }));
  }

  write(path: string, text: string): void {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  async npmInstall(...packages: string[]): Promise<void> {
    await this.succeed('npm', ['install', '--no-audit', '--no-fund', ...packages]);
  }

  /** Into a store of its own, as what is in the machine's may be from elsewhere. */
  async pnpmAdd(...packages: string[]): Promise<void> {
    await this.succeed(process.execPath, [PNPM, 'add', '--store-dir', join(this.directory, '.store'), ...packages]);
  }

  /** Compiles, or, with `noEmit`, only checks types. */
  async compile(files: readonly string[], compilerOptions: Readonly<Record<string, unknown>>): Promise<void> {
    this.write('tsconfig.json', JSON.stringify({ compilerOptions: { target: 'es2022', strict: true, types: ['node'], ...compilerOptions }, files }));
    await this.succeed(process.execPath, [COMPILER, '-p', 'tsconfig.json', '--pretty', 'false']);
  }

  /** Runs a program, which has to succeed. @returns what it printed */
  async run(program: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.succeed(process.execPath, [program], environment);
  }

  /** Runs Node with the arguments, however it ends. */
  node(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return runProgram(process.execPath, args, { directory: this.directory, environment: { ...ENVIRONMENT, ...environment } });
  }

  private async succeed(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, stdout, stderr } = await runProgram(program, args, { directory: this.directory, environment: { ...ENVIRONMENT, ...environment } });
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code} in ${this.directory}:\n${stdout}${stderr}`);
    return stdout;
  }
}
