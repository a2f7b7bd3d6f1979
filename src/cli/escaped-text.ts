import { createColors } from 'picocolors';

/** Terminal controls (C0, DEL, C1), characters that reorder or hide text, line separators, and lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u034f\u115f\u1160\u3164\uffa0]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Makes everything visible that a terminal would obey, reorder or hide: `\x1b`, `\u202e`, `\n`. */
export function escaped(text: string): string {
  return text.replace(UNSAFE, (character) => NAMED[character] ?? escapeOf(character));
}

/** Like `escaped`, but keeps line breaks: for the output of a program. */
export function escapedLines(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** Text that is safe to print: the program's own words, and values that were escaped on their way in. */
export class ShownText {
  private constructor(private readonly text: string) {}

  /** Takes the program's own text, such as a table's borders, as it is. */
  static own(text: string): ShownText {
    return new ShownText(text);
  }

  toString(): string {
    return this.text;
  }
}

/** A value of a template, a cell or a list of lines. All but shown text is escaped. */
export type Value = string | number | ShownText;

/** JSON that is safe to print. Parsed, it is the value again. */
export function shownJson(value: unknown, indent?: number): ShownText {
  const units = (character: string) =>
    character
      .split('')
      .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
      .join('');
  return ShownText.own(
    JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
      character === '\n' ? character : units(character),
    ),
  );
}

/** The tag of a template: its words are the program's own, its values are escaped. */
export function shown(words: TemplateStringsArray, ...values: readonly Value[]): ShownText {
  return ShownText.own(String.raw({ raw: words }, ...values.map(printable)));
}

/** @param separator is printed as it is */
export function joined(parts: readonly Value[], separator = '\n'): ShownText {
  return ShownText.own(parts.map(printable).join(separator));
}

export function printable(value: Value): string {
  return value instanceof ShownText ? value.toString() : escaped(String(value));
}

const STYLES = ['bold', 'dim', 'green', 'magenta', 'red', 'yellow'] as const;

export type Colours = Readonly<Record<(typeof STYLES)[number], (value: Value) => ShownText>>;

/** Colours for shown text, or none. */
export function colours(coloured: boolean): Colours {
  const codes = createColors(coloured);
  return Object.fromEntries(
    STYLES.map((style) => [style, (value: Value) => ShownText.own(codes[style](printable(value)))]),
  ) as Colours;
}
