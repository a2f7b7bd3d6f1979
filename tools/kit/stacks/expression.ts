/** Another expression for a reference such as `aws_sqs_queue.orders.arn`, given in its parts; undefined keeps it. */
export type Translate = (path: readonly string[]) => string | undefined;

/** Translates the references in a string of Terraform JSON, that is in its `${…}` and `%{…}`, however nested. */
export function translateTemplate(template: string, translate: Translate): string {
  const translation = new Translation(template, translate);
  translation.template(LITERAL);
  return translation.written;
}

/** Translates the references in a text that is one expression: an entry of `depends_on`, or a whole file of HCL. */
export function translateExpression(expression: string, translate: Translate): string {
  const translation = new Translation(expression, translate);
  translation.expression();
  return translation.written;
}

/** Splits a string of Terraform JSON into literal texts, whose markers stay escaped, and each `${…}` or `%{…}`. */
export function splitTemplate(template: string): string[] {
  return new Translation(template, () => undefined).template(LITERAL);
}

const LITERAL = /(?:\$\$\{|%%\{|(?![$%]\{)[^])+/y;
/** A literal within an expression: a backslash escapes, and a quote ends it. */
const QUOTED_LITERAL = /(?:\\[^]|\$\$\{|%%\{|(?![$%]\{)[^"\\])+/y;
const MARKER = /[$%]\{/y;
const REFERENCE = /[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*/y;
/** Begins no reference: `f().name`. */
const ATTRIBUTE = /\.[\w-]*/y;
const ANY_CHARACTER = /[^]/y;

/** One pass over a text, which is written again as far as it has been read. */
class Translation {
  written = '';
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly translate: Translate,
  ) {}

  /** @returns its literal texts and its expressions, as they were */
  template(literal: RegExp): string[] {
    const parts: string[] = [];
    let start = this.at;
    while (this.copy(literal) || this.interpolation()) {
      parts.push(this.text.slice(start, this.at));
      start = this.at;
    }
    return parts;
  }

  expression(end?: '}'): void {
    while (this.at < this.text.length && this.text[this.at] !== end) {
      if (this.copy(ATTRIBUTE) || this.reference()) continue;
      const character = this.text[this.at];
      this.copy(ANY_CHARACTER);
      if (character === '{') this.expression('}');
      else if (character === '"') this.template(QUOTED_LITERAL);
      else continue;
      this.copy(ANY_CHARACTER);
    }
  }

  private interpolation(): boolean {
    if (!this.copy(MARKER)) return false;
    this.expression('}');
    this.copy(ANY_CHARACTER);
    return true;
  }

  private reference(): boolean {
    const reference = this.next(REFERENCE);
    if (reference === undefined) return false;
    this.written += this.translate(reference.split('.')) ?? reference;
    return true;
  }

  private copy(pattern: RegExp): boolean {
    const found = this.next(pattern);
    this.written += found ?? '';
    return found !== undefined;
  }

  private next(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}
