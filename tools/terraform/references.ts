/** Another expression for a reference such as `aws_sqs_queue.orders.arn`, given in its parts; undefined keeps it. */
export type Translate = (path: readonly string[]) => string | undefined;

/** Translates the references in a string of Terraform JSON, that is in its `${…}` and `%{…}`, however nested. */
export function translateTemplate(template: string, translate: Translate): string {
  return new Rewriting(template, translate).template();
}

/** Translates the references in what is an expression as a whole, as the entries of `depends_on` are. */
export function translateExpression(expression: string, translate: Translate): string {
  return new Rewriting(expression, translate).expression();
}

const ESCAPED_MARKER = /\$\$\{|%%\{/y;
const MARKER = /[$%]\{/y;
const ESCAPED_CHARACTER = /\\./y;
const REFERENCE = /[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*/y;
/** Begins no reference: `f().name`. */
const ATTRIBUTE = /\.[\w-]*/y;
const ANY_CHARACTER = /[^]/y;

/** One pass over the text; what has been read is written at once. */
class Rewriting {
  private at = 0;
  private written = '';

  constructor(
    private readonly text: string,
    private readonly translate: Translate,
  ) {}

  /** @param quote ends the template, and brings escapes by backslash; undefined for a string of the JSON itself */
  template(quote?: '"'): string {
    while (!this.ended(quote)) {
      if (quote !== undefined && this.copy(ESCAPED_CHARACTER)) continue;
      if (this.copy(ESCAPED_MARKER)) continue;
      if (this.copy(MARKER)) this.enclosed('}');
      else this.copy(ANY_CHARACTER);
    }
    return this.written;
  }

  expression(bracket?: '}'): string {
    while (!this.ended(bracket)) {
      if (this.copy(ATTRIBUTE) || this.reference()) continue;
      const character = this.text[this.at];
      this.copy(ANY_CHARACTER);
      if (character === '{') this.enclosed('}');
      if (character === '"') this.enclosed('"');
    }
    return this.written;
  }

  private enclosed(end: '}' | '"'): void {
    if (end === '"') this.template(end);
    else this.expression(end);
    this.copy(ANY_CHARACTER);
  }

  private ended(end: string | undefined): boolean {
    return this.at >= this.text.length || this.text[this.at] === end;
  }

  private reference(): boolean {
    const reference = this.next(REFERENCE);
    if (reference === undefined) return false;
    this.at += reference.length;
    this.written += this.translate(reference.split('.')) ?? reference;
    return true;
  }

  private copy(pattern: RegExp): boolean {
    const found = this.next(pattern);
    if (found === undefined) return false;
    this.at += found.length;
    this.written += found;
    return true;
  }

  private next(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }
}
