import { TextlintKernel, type TextlintKernelOptions } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import { GLOSSARY } from './glossary';
import { GOOGLE } from './google';
import { headingsRule, sentenceLengthRule, wordsRule } from './rules';
import type { WordRule } from './words';

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly level: 'error' | 'warning';
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

const WORDS = [...GLOSSARY, ...GOOGLE];

/** An error fails; a warning is advice. Vale would do as well, but its packages in registries download the program from elsewhere. */
const OPTIONS: TextlintKernelOptions = {
  ext: '.md',
  plugins: [{ pluginId: 'markdown', plugin: markdown }],
  rules: [
    { ruleId: 'words', rule: wordsRule(WORDS.filter((rule) => levelOf(rule) === 'error')) },
    { ruleId: 'headings', rule: headingsRule },
    {
      ruleId: 'advice',
      rule: wordsRule(WORDS.filter((rule) => levelOf(rule) === 'warning')),
      options: { severity: 'warning' },
    },
    { ruleId: 'sentence-length', rule: sentenceLengthRule, options: { severity: 'warning' } },
  ],
};

const WARNING = 1; // textlint's number

function levelOf({ level = 'error' }: WordRule) {
  return level;
}

/** Lints the prose of a page. Code and addresses are no prose. */
export async function lintPage(file: string, text: string): Promise<Finding[]> {
  const { messages } = await new TextlintKernel().lintText(text, { ...OPTIONS, filePath: file });
  return messages.map(({ loc, severity, message }) => ({
    file,
    line: loc.start.line,
    column: loc.start.column,
    level: severity === WARNING ? 'warning' : 'error',
    message,
  }));
}
