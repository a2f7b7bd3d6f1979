import type { TextlintKernelRule } from '@textlint/kernel';
import { findWords, type WordRule } from './words';

type Rule = TextlintKernelRule['rule'];
type Context = Parameters<Extract<Rule, (...args: never[]) => unknown>>[0];

interface Node {
  readonly type: string;
  /** Offsets in the page. */
  readonly range: readonly [number, number];
  readonly children?: readonly Node[];
}

/** Warns about longer sentences. Most have fewer than 20 words. */
const MAX_WORDS = 30;

/** Stands for code, which counts as a word and is none of ours. */
const CODE = '\uFFFC';
/** Stands for the signs of Markdown and for addresses. */
const MARKUP = '\u200B';

const CAPITALS = '(https://developers.google.com/style/capitalization)';

/** Names that keep their capitals in a heading. Words with another capital inside, such as DynamoDB, need no entry. */
const PROPER_NAMES =
  /^(?:Actions|Amazon|Docker|English|Express|February|Google|Jest|Kafka|Kinesis|Lambda|Linux|Markdown|Node|Powertools|Python|Step|Functions|Temporal|Terrain|Terraform|Vitest|Restate|I)$/;

/** @param rules all of one level */
export function wordsRule(rules: readonly WordRule[]): Rule {
  return onEachBlock((text, report) => {
    for (const { index, words, rule } of findWords(text, rules)) {
      report(index, `"${words}": use ${rule.use}${rule.source === undefined ? '' : ` (${rule.source})`}`);
    }
  });
}

export const headingsRule: Rule = onEachBlock((text, report, { type }) => {
  if (type !== 'Header') return;
  if (/[.:!]\s*$/.test(text)) report(text.length - 1, `a heading ends without punctuation ${CAPITALS}`);
  const [, ...others] = text.matchAll(/[\p{L}\uFFFC][\p{L}\p{N}'-]*/gu);
  for (const { 0: word, index } of others) {
    const opens = /[:.?]\s+$/.test(text.slice(0, index));
    if (/^\p{Lu}\p{Ll}+(?:'s)?$/u.test(word) && !opens && !PROPER_NAMES.test(word.replace(/'s$/, '')))
      report(index, `"${word}": only the first word of a heading and names have a capital ${CAPITALS}`);
  }
});

export const sentenceLengthRule: Rule = onEachBlock((text, report) => {
  for (const { segment, index } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)) {
    const words = segment.match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*|\uFFFC+/gu)?.length ?? 0;
    if (words > MAX_WORDS) report(index, `a sentence of ${words} words: make two`);
  }
});

type Check = (text: string, report: (index: number, message: string) => void, block: Node) => void;

/** Calls the check with the prose of each paragraph, heading and cell. Its characters have the places that they have in the page. */
function onEachBlock(check: Check): Rule {
  return (context) => {
    const visit = (block: Node) => {
      const report = (index: number, message: string) => {
        const padding = context.locator.at(index);
        context.report(block as never, new context.RuleError(message, { padding }));
      };
      check(proseOf(context, block), report, block);
    };
    return { Paragraph: visit, Header: visit, TableCell: visit };
  };
}

function proseOf(context: Context, block: Node): string {
  const [start] = block.range;
  const source = context.getSource(block as never);
  let prose = MARKUP.repeat(source.length);
  const copy = ({ type, range, children = [] }: Node) => {
    const [from, to] = [range[0] - start, range[1] - start];
    const text = source.slice(from, to);
    const isBareAddress = type === 'Link' && !text.startsWith('[');
    if (type === 'Str') prose = prose.slice(0, from) + inOneLine(text) + prose.slice(to);
    else if (type === 'Code') prose = prose.slice(0, from) + CODE.repeat(text.length) + prose.slice(to);
    else if (!isBareAddress) children.forEach(copy);
  };
  block.children?.forEach(copy);
  return prose;
}

function inOneLine(text: string): string {
  return text.replace(/\n *(?:> *)*/g, (end) => `${MARKUP.repeat(end.length - 1)} `);
}
