import { Command, CommanderError, type ErrorOptions, type HelpContext, type ParseOptionsResult } from 'commander';
import { CommandError, EXIT, messageOf, UsageError } from './command-error';
import { escaped, escapedLines } from './escaped-text';
import { refuseOptionsAsValues } from './options';
import type { Terminal } from './terminal';

const HELP_WIDTH = 80;

/** The parts of a program's help that are not about its own options. */
export interface HelpText {
  /** Paragraphs. The first begins with an imperative sentence, which the list of commands shows. */
  readonly description: string | readonly string[];
  /** Terms and their descriptions, by heading. */
  readonly lists?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The meaning of each exit code. */
  readonly exitCodes: Readonly<Partial<Record<keyof typeof EXIT, string>>>;
  /** Follows the exit codes. */
  readonly note?: string;
  readonly examples: readonly string[];
}

/** Does a program's work. Options have the names that commander gives them. @returns the exit code */
type Work<Options, Operands extends unknown[]> = (
  options: Options,
  terminal: Terminal,
  ...operands: Operands
) => number | Promise<number>;

/** A command line whose help has examples, and whose usage errors are one sentence. */
export class Program extends Command {
  /** The help that `describe` has set. */
  text: HelpText | undefined;
  private advice = 'Try --help.';
  private hasTasks = false;
  private terminal: Terminal | undefined;
  private exitCode: number = EXIT.success;

  constructor(name?: string) {
    super(name);
    this.helpCommand(false).allowExcessArguments(false).exitOverride().configureHelp({ helpWidth: HELP_WIDTH });
    this.helpOption('-h, --help', 'show this help');
  }

  override createCommand(name?: string): Program {
    return new Program(name);
  }

  /** Sets the help. */
  describe(text: HelpText): this {
    this.text = text;
    const description = [text.description].flat().join('\n\n');
    return this.description(description).summary(/^[^]*?\.(?=\s|$)/.exec(description)?.[0] ?? '');
  }

  /** Sets the sentence that follows a usage error. */
  adviseOnMisuse(advice: string): this {
    this.advice = advice;
    return this;
  }

  /** Makes each command a task of projen, which passes on a `--` that ends its own options. */
  eachCommandIsTask(): this {
    this.hasTasks = true;
    return this;
  }

  /** Sets what the program does. */
  work<Options = object, Operands extends unknown[] = []>(work: Work<Options, Operands>): this {
    return this.action(async (...given: unknown[]) => {
      const root = this.root();
      const operands = given.slice(0, -2) as Operands; // options and the command follow
      root.exitCode = await work(this.optsWithGlobals() as Options, root.terminal!, ...operands);
    });
  }

  /**
   * Answers `--help`, or does the work. An error becomes a sentence and an exit code.
   * @param args without the program's own path; a leading `--`, which ends projen's options, is ignored
   * @returns the exit code
   */
  async run(args: readonly string[], terminal: Terminal): Promise<number> {
    this.terminal = terminal;
    for (const command of [this, ...this.commands]) {
      command.configureOutput({
        writeOut: (text) => terminal.stdout.write(text),
        writeErr: (text) => terminal.stderr.write(text),
      });
    }
    try {
      const own = args[0] === '--' ? args.slice(1) : [...args];
      if (this.hasTasks && own[1] === '--') own.splice(1, 1);
      await this.parseAsync(own, { from: 'user' });
      return this.exitCode;
    } catch (error) {
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usageError;
      const advice = error instanceof CommandError && error.advice !== undefined ? ` ${error.advice}` : '';
      const message = `${messageOf(error)}${advice}`;
      // The output of another program has lines. A usage error quotes the command line, which must not add any.
      terminal.stderr.write(`${error instanceof UsageError ? escaped(message) : escapedLines(message)}\n`);
      return error instanceof CommandError ? error.exitCode : EXIT.usageError;
    }
  }

  override parseOptions(args: string[]): ParseOptionsResult {
    refuseOptionsAsValues(this, args);
    return super.parseOptions(args);
  }

  /** Turns commander's messages into sentences. @throws UsageError */
  override error(message: string, { code }: ErrorOptions = {}): never {
    const unexpected = this.args.slice(this.registeredArguments.length).join(' ');
    const said =
      code === 'commander.excessArguments'
        ? `unexpected argument '${unexpected}'`
        : message.replace(/^error: /, '').replace(/\n\((.*)\)$/, '. $1');
    throw new UsageError(`${said.charAt(0).toUpperCase()}${said.slice(1).replace(/(?<![.?])$/, '.')}`, {
      advice: this.advice,
    });
  }

  override helpInformation(context?: HelpContext): string {
    const help = this.createHelp();
    help.prepareContext({ helpWidth: HELP_WIDTH });
    const { lists = {}, exitCodes = {}, note = '', examples = [] } = this.text ?? {};
    const itemsOf = (list: Readonly<Record<string, string>>) => {
      const width = Math.max(...Object.keys(list).map((term) => term.length));
      return Object.entries(list).map(([term, description]) => help.formatItem(term, width, description, help));
    };
    const codes = Object.fromEntries(
      Object.entries(exitCodes).map(([name, says]) => [String(EXIT[name as keyof typeof EXIT]), says]),
    );
    const isTask = this.root().name().startsWith('npx projen');
    const notes = [note, isTask ? 'Behind npx projen every failure is 1.' : ''].filter(Boolean).join('\n');
    return [
      super.helpInformation(context),
      ...Object.entries(lists).flatMap(([heading, list]) => help.formatItemList(`${heading}:`, itemsOf(list), help)),
      ...help.formatItemList('Exit codes:', itemsOf(codes), help),
      ...(notes === '' ? [] : [help.boxWrap(notes, HELP_WIDTH), '']),
      'Examples:',
      ...examples.map((example) => `  ${example}`),
      '',
    ].join('\n');
  }

  private root(): Program {
    return this.parent instanceof Program ? this.parent.root() : this;
  }
}

/** @param name as a person types it, such as `npx projen demo` */
export function program(name: string, text: HelpText): Program {
  return new Program(name).describe(text);
}

/** Runs the program as this process. */
export function runAsProcess(program: Program): void {
  const { stdout, stderr } = process;
  // The input is opened only if it is read: it may be for a program that this one starts.
  const terminal = {
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    signals: process,
  };
  void exitCodeOf(() => program.run(process.argv.slice(2), terminal)).then((code) => {
    process.exitCode = code;
  });
}

/**
 * Runs the program even if its output cannot be written. A reader that closes the pipe early, as `head` does, is no error.
 * @returns the exit code of the work, or EXIT.usageError when the answer is lost otherwise, as on a full disk
 */
export async function exitCodeOf(work: () => Promise<number>): Promise<number> {
  const { stdout, stderr } = process;
  let lost: string | undefined;
  stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    lost ??= code;
  });
  stderr.on('error', () => undefined);
  const code = await work();
  await written(stdout);
  if (lost === undefined || lost === 'EPIPE') return code;
  stderr.write(`The answer cannot be written (${lost}): what was done is done.\n`);
  await written(stderr);
  return EXIT.usageError;
}

/** Waits until everything was written, or has failed. */
async function written(stream: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => {
      setImmediate(resolve);
    });
  });
}
