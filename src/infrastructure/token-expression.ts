import { DefaultTokenResolver, type IResolvable, type IResolveContext, StringConcat, Token, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';

/** Pattern of a token that cdktf wrote into a text. */
const TOKEN = /(\$\{TfToken\[[^\]]+\]\})/;

/** The start of an expression in a template. */
const INTRODUCER = /[$%](?=\{)/g;

/** What HCL wants escaped, and cdktf's HCL does not always; with each `$` before it, which would escape the `${` written for it. */
const HCL_SPECIAL = /(\$*["\\\r\n]+)/;

/**
 * The same values, each text written so that Terraform reads it as it was given. Terraform takes every text for a template, in
 * which `${` and `%{` begin an expression (https://developer.hashicorp.com/terraform/language/expressions/strings, and
 * language/syntax/json for JSON). A token within a text stays a token. Texts in lists and plain objects are escaped, too; any
 * other value is left as it is.
 */
export function escapeTexts<T>(value: T): T {
  if (typeof value === 'string') return escapeText(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => escapeTexts(item)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeTexts<unknown>(item)])) as T;
}

export function escapeText(text: string): string {
  if (!Token.isUnresolved(text)) return template(text);
  return text
    .split(TOKEN)
    .map((part) => (Token.isUnresolved(part) ? part : besideToken(part)))
    .join('');
}

/** Beside a token, cdktf looks for expressions in what is literal; it does not look inside tokens. */
function besideToken(text: string): string {
  return /["\\\r\n]|[$%]\{|\$$/.test(text) ? String(new LiteralText(text)) : text;
}

/** A literal part of a text with tokens, for a template or for the argument of a function. */
class LiteralText implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(private readonly text: string) {}

  resolve({ suppressBraces }: IResolveContext): string {
    if (suppressBraces === true) return quoted(this.text);
    return template(this.text).replace(/\$+$/, expression); // a token may follow: "$${" would be an escape
  }

  toString(): string {
    return Token.asString(this);
  }
}

/** Means the same in JSON and in HCL: within an expression both have the same escapes. */
function template(text: string): string {
  return text
    .split(HCL_SPECIAL)
    .map((part, index) => (index % 2 === 1 ? expression(part) : part.replace(INTRODUCER, '$&$&')))
    .join('');
}

function expression(text: string): string {
  return `\${${quoted(text)}}`;
}

/** A text as an expression of HCL. */
function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(INTRODUCER, '$&$&');
  return `"${escaped}"`;
}

/** A text or list as Terraform will read it: one variable is two tokens when it is asked for twice, but one expression. */
export function expressionOf(scope: Construct, value: string | readonly string[]): string {
  return String(resolved(scope, value));
}

/** A value with each token as the expression that Terraform will read. */
export function resolved(scope: Construct, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope, resolver, preparing: false });
}
