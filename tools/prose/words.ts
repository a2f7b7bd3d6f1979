/** Words that a page must not have, and what it says instead. */
export interface WordRule {
  /** Upper and lower case are alike, unless `matchCase` is set. */
  readonly find: RegExp;
  readonly matchCase?: boolean;
  readonly use: string;
  /** An error fails. @default error */
  readonly level?: 'error' | 'warning';
  /** The page of a style guide. @default the project's own glossary */
  readonly source?: string;
}

export interface FoundWords {
  readonly index: number;
  readonly words: string;
  readonly rule: WordRule;
}

/** Finds every word of the rules, in the order of the rules. */
export function findWords(text: string, rules: readonly WordRule[]): FoundWords[] {
  return rules.flatMap((rule) =>
    [...text.matchAll(new RegExp(rule.find.source, rule.matchCase === true ? 'gu' : 'giu'))].map((match) => ({
      index: match.index,
      words: match[0].trim(),
      rule,
    })),
  );
}
