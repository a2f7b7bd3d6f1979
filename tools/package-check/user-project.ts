import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Outcome, runProgram } from '../kit/processes';

const PROJECT = join(__dirname, '../..');
const COMPILER = join(PROJECT, 'node_modules/typescript/bin/tsc');
const NATIVE_COMPILER = join(PROJECT, 'node_modules/.bin/tsgo');
const PNPM = join(PROJECT, 'node_modules/pnpm/bin/pnpm.cjs');

/** Packages that a user's TypeScript project has in addition to this package. */
export const TYPES_OF_NODE = '@types/node@20';

/** The SDK says on Node 20 that later versions of it want Node 22. */
const ENVIRONMENT = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** A Node, and how it is started. */
export interface Runtime {
  readonly name: string;
  readonly binary: string;
  readonly flags: readonly string[];
}

const THIS_NODE: Runtime = { name: `Node ${process.version}`, binary: process.execPath, flags: [] };

/** A user's project: an own directory, where only that is found which was installed. */
export class UserProject {
  constructor(
    readonly directory: string,
    private readonly runtime = THIS_NODE,
  ) {
    if (!existsSync(join(directory, 'package.json'))) this.write('package.json', JSON.stringify({ private: true }));
  }

  /** The same project, its programs run by another Node. */
  on(runtime: Runtime): UserProject {
    return new UserProject(this.directory, runtime);
  }

  write(path: string, text: string): void {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** The same text as TypeScript of CommonJS, of ES modules, and of what the compiler is told. */
  writeProgram(path: string, text: string): void {
    for (const extension of ['cts', 'mts', 'ts']) this.write(`${path}.${extension}`, text);
  }

  async npmInstall(...packages: string[]): Promise<void> {
    await this.succeed('npm', ['install', '--no-audit', '--no-fund', ...packages]);
  }

  /** Into a store of its own, as what is in the machine's may be from elsewhere. */
  async pnpmAdd(...packages: string[]): Promise<void> {
    await this.succeed(process.execPath, [PNPM, 'add', '--store-dir', join(this.directory, '.store'), ...packages]);
  }

  /** Compiles a program as CommonJS and as ES module: `.cts` to `.cjs`, `.mts` to `.mjs`. With `skipLibCheck: false` the package's types, and those that they need, are checked too. */
  async compile(program: string, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.callCompiler([`${program}.cts`, `${program}.mts`], {
      module: 'node16',
      moduleResolution: 'node16',
      ...options,
    });
  }

  /** Checks types with TypeScript's other resolutions; "cdktf init" sets node10. */
  async checkTypes(program: string): Promise<void> {
    await this.callCompiler([`${program}.ts`], { module: 'esnext', moduleResolution: 'bundler', noEmit: true });
    await this.callCompiler([`${program}.ts`], { module: 'commonjs', moduleResolution: 'node10', noEmit: true });
  }

  /** Checks the types of TypeScript files. TypeScript's native compiler takes a tenth of the time. */
  async checkTypesOf(files: readonly string[], options: Readonly<Record<string, unknown>>): Promise<void> {
    this.write('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, noEmit: true }, files }));
    await this.succeed(NATIVE_COMPILER, ['-p', 'tsconfig.json', '--pretty', 'false']);
  }

  private async callCompiler(files: readonly string[], options: Readonly<Record<string, unknown>>): Promise<void> {
    const compilerOptions = { target: 'es2022', strict: true, types: ['node'], skipLibCheck: true, ...options };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    await this.succeed(process.execPath, [COMPILER, '-p', 'tsconfig.json', '--pretty', 'false']);
  }

  /** Runs Node with the arguments, of which the first is a program as a rule, and which has to succeed. @returns what it printed */
  async run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const { binary, flags } = this.runtime;
    return this.succeed(binary, [...flags, ...args], environment);
  }

  /** Runs Node with the arguments, however it ends. */
  node(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const { binary, flags } = this.runtime;
    return runProgram(binary, [...flags, ...args], {
      directory: this.directory,
      environment: { ...ENVIRONMENT, ...environment },
    });
  }

  private async succeed(
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await runProgram(program, args, {
      directory: this.directory,
      environment: { ...ENVIRONMENT, ...environment },
    });
    if (code !== 0)
      throw new Error(`${program} ${args.join(' ')} ended with ${code} in ${this.directory}:\n${stdout}${stderr}`);
    return stdout;
  }
}
