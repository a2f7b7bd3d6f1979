import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { printable, shown, ShownText, type Value } from '../cli/escaped-text';
import type { FormatOptions } from './format';
import type { Terminal } from '../cli/terminal';

/** Width of an output that is not a terminal. */
const USUAL_WIDTH = 80;
/** Transaction ids, account ids and message ids are never broken, so that they can be copied. */
const LONGEST_ID = 64;
/** Width of a border with a space on each side. */
const BETWEEN = 3;
/** Least width of a column of words. */
const LEAST_PROSE = 20;
/** Characters that take two columns of a terminal: East Asian ones, and most emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Characters in a line of the output. */
export function outputWidth({ isTTY, columns }: Terminal['stdout']): number {
  return isTTY === true && columns !== undefined && columns > 0 ? columns : USUAL_WIDTH;
}

interface Column {
  readonly index: number;
  readonly width: number;
  /** The least width, which is that of the longest word. */
  readonly least: number;
}

/**
 * A table that fits the output. A column that is too wide is wrapped between words. If that is not enough, columns move: below its row,
 * each of their values has lines of its own, so that an id stays whole. The last column that makes room enough moves, or else the one with
 * the longest word; the first column stays.
 * @param spaced with a line between two rows, for cells of several lines
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Value[])[],
  { colours, width }: Pick<FormatOptions, 'colours' | 'width'>,
  spaced = false,
): ShownText {
  const cells = rows.map((row) => row.map(printable));
  const inside = roomFor([0], width); // of a line across all columns
  const longestWord = Math.max(LONGEST_ID, inside);
  const beside = fitting(
    head.map((name, index) => columnOf(index, [name, ...cells.map((row) => row[index] ?? '')], longestWord)),
    width,
  );
  const below = [...head.keys()].filter((index) => beside.every((column) => column.index !== index));
  const rowsOfLines = cells.map((row) => [
    ...linesBeside(beside.map((column) => wrapped(row[column.index] ?? '', column.width))),
    ...below
      .flatMap((index) => namedValue(head[index]!, row[index] ?? '', colours).flatMap((line) => wrapped(line, inside)))
      .map((content) => [{ colSpan: beside.length, content }]),
  ]);
  const names = beside.map((column) => wrapped(head[column.index]!, column.width));
  const drawn = new Table({
    head: names.map((lines) => String(colours.bold(ShownText.own(lines.join('\n'))))),
    style: { head: [], border: [], compact: true },
  });
  drawn.push(...rowsOfLines.flat());
  const lines = drawn.toString().split('\n');
  return ShownText.own(
    (spaced
      ? withRules(
          lines,
          Math.max(...names.map(({ length }) => length)),
          rowsOfLines.map(({ length }) => length),
        )
      : lines
    ).join('\n'),
  );
}

/**
 * The text as a stream shows it. A terminal would break its lines within words, so they are broken between words; a program reads whole
 * sentences. Tables stay as they are.
 */
export function readable(
  text: ShownText,
  { isTTY }: { readonly isTTY?: boolean },
  { width }: Pick<FormatOptions, 'width'>,
): ShownText {
  return isTTY === true ? fitted(text, width) : text;
}

/** @see readable */
export function fitted(text: ShownText, width: number): ShownText {
  const lines = String(text).split('\n');
  return ShownText.own(lines.flatMap((line) => (/^[┌├└│]/.test(line) ? [line] : continued(line, width))).join('\n'));
}

/** Breaks a line. It continues below the value that stands beside a name, or else below its own beginning. */
function continued(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const [, margin = '', name = ''] = /^( *)(\S+(?: \S+)* {2,})?/.exec(line)!;
  const value = line.slice(margin.length + name.length);
  const indent = margin.length + widthOf(name);
  const isNarrow = widest(value.split(' ')) > width - indent;
  const [lead, rest] = isNarrow ? [margin, name + value] : [margin + name, value];
  const below = ' '.repeat(isNarrow ? margin.length : indent);
  return wrappedLine(rest, width - below.length).map((part, index) => (index === 0 ? lead : below) + part);
}

/** A row's lines, each as a row of its own: cli-table3 takes very long for a long cell. */
function linesBeside(cells: readonly (readonly string[])[]): string[][] {
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
}

/** Puts the line below the head between the rows, too. */
function withRules(lines: readonly string[], headHeight: number, heights: readonly number[]): readonly string[] {
  const rule = lines[headHeight + 1]!;
  let from = headHeight + 2;
  const rows = heights.map((height) => lines.slice(from, (from += height)));
  return [
    ...lines.slice(0, headHeight + 2),
    ...rows.flatMap((row, index) => (index === 0 ? row : [rule, ...row])),
    ...lines.slice(from),
  ];
}

function columnOf(index: number, texts: readonly string[], longestWord: number): Column {
  const lines = texts.flatMap((text) => text.split('\n'));
  const width = widest(lines);
  const word = Math.min(widest(lines.flatMap((line) => line.split(' '))), longestWord);
  return { index, width, least: Math.max(word, Math.min(width, LEAST_PROSE)) };
}

/** The columns that stay beside each other, in the widths that they get. */
function fitting(columns: readonly Column[], width: number): readonly Column[] {
  const room = roomFor(columns, width);
  const [first, ...others] = columns;
  const missing = sum(columns.map(({ least }) => least)) - room;
  if (missing > 0 && others.length > 0) {
    const longest = others.reduce((one, other) => (other.least > one.least ? other : one));
    const moved = others.findLast(({ least }) => least + BETWEEN >= missing) ?? longest;
    return fitting([first!, ...others.filter((column) => column !== moved)], width);
  }
  return narrowed(columns, room);
}

/** Takes what is too much from the widest columns. */
function narrowed(columns: readonly Column[], room: number): readonly Column[] {
  const widths = columns.map((column) => Math.min(column.width, Math.max(room, column.least)));
  while (sum(widths) > room) {
    const spare = columns.map(({ least }, index) => (widths[index]! > least ? widths[index]! : 0));
    const widestOne = spare.indexOf(Math.max(...spare));
    if (spare[widestOne] === 0) break;
    widths[widestOne]!--;
  }
  return columns.map((column, index) => ({ ...column, width: widths[index]! }));
}

/** The width that is left for cells, without borders and the spaces beside them. */
function roomFor({ length }: readonly unknown[], width: number): number {
  return width - BETWEEN * length - 1;
}

function namedValue(name: string, value: string, { bold }: FormatOptions['colours']): readonly string[] {
  if (value === '') return [];
  const named = String(shown`${bold(name)}:`);
  return value.includes('\n') ? [named, value] : [`${named} ${value}`];
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrappedLine(line, width));
}

function wrappedLine(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const lines: string[] = [];
  for (const word of line.split(' ').flatMap((whole) => pieces(whole, Math.max(width, LONGEST_ID)))) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Breaks a word that no line has room for, and that is too long for an id. */
function pieces(word: string, longest: number): readonly string[] {
  if (widthOf(word) <= longest) return [word];
  const broken: string[] = [];
  let piece = '';
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (widthOf(piece + segment) > longest) {
      broken.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...broken, piece];
}

function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return sum(
    Array.from(stripVTControlCharacters(text)).map((character) =>
      /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1,
    ),
  );
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
