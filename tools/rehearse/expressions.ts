import type { data } from '@actions/expressions';

type Library = typeof import('@actions/expressions');

export type Contexts = Readonly<Record<string, unknown>>;

const STATUS = ['success', 'failure', 'cancelled', 'always'] as const;

/** GitHub's own language, evaluated by GitHub's own library. */
export class Expressions {
  private constructor(private readonly library: Library) {}

  /** The library is an ES module alone. */
  static async load(): Promise<Expressions> {
    return new Expressions(await import('@actions/expressions'));
  }

  /** Replaces every `${{ }}` in the text by its value. */
  interpolate(text: string, contexts: Contexts): string {
    return text.replace(/\$\{\{(.*?)\}\}/g, (_all, expression: string) =>
      this.evaluate(expression.trim(), contexts, false).coerceString(),
    );
  }

  interpolateAll(values: Readonly<Record<string, unknown>>, contexts: Contexts): Record<string, string> {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, this.interpolate(String(value), contexts)]),
    );
  }

  /** Whether something runs: what does not ask for failures does not run after one. */
  holds(condition: string | undefined, contexts: Contexts, failed: boolean): boolean {
    const asked = condition ?? 'success()';
    if (failed && !STATUS.some((name) => asked.includes(`${name}(`))) return false;
    return this.evaluate(`!!(${asked})`, contexts, failed).coerceString() === 'true';
  }

  private evaluate(expression: string, contexts: Contexts, failed: boolean): data.ExpressionData {
    const { data, Evaluator, Lexer, Parser } = this.library;
    const values = { success: !failed, failure: failed, cancelled: false, always: true };
    const infos = STATUS.map((name) => ({
      name,
      minArgs: 0,
      maxArgs: 0,
      call: () => new data.BooleanData(values[name]),
    }));
    const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), infos).parse();
    const context = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
    return new Evaluator(tree, context, new Map(infos.map((info) => [info.name, info]))).evaluate();
  }
}
