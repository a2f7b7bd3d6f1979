import type { WordRule } from './words';

/** Words that have one meaning here, and words that nobody searches for. */
export const GLOSSARY: readonly WordRule[] = [
  // One word for each thing.
  { find: /\bhand(?:s|ed|ing)?(?: \w+){0,2} back\b/, use: 'return (to the queue)' },
  { find: /\bledgers?\b/, use: 'payment record, or payment repository' },
  {
    find: /\b(?:a|an|another|each|every|its|last|next|one|second|third|this|that|\d+) (?:new )?tr(?:y|ies)\b|\btries (?:are|left)\b/,
    use: 'receive (by SQS), attempt (of an owner) or call (of the fraud API)',
  },
  {
    find: /\b(?:a|the|each|every|its|longest|shortest|first|next) waits?\b(?! for| until| behind)/,
    use: 'retry delay, or how long something waits',
  },
  { find: /\breleas(?:e|es|ed|ing) (?:a|an|the|its|all|every|this)(?: \w+)? holds?\b/, use: 'lift (a hold)' },
  { find: /\b(?:havoc|strikes? of chaos)\b/, use: 'fault injection' },
  { find: /\bvictims?\b/, use: 'target' },
  { find: /\bsaboteurs?\b/, use: 'mutant' },
  { find: /\bplanted bugs?\b/, use: 'mutant' },
  { find: /\banother payment's\b/, use: 'a conflicting payment' },
  { find: /\b(?:order|sequence) keys?\b/, use: 'message group' },
  { find: /\b(?:poisoned|poisonous|bad) messages?\b/, use: 'invalid message' },
  // Plain English.
  { find: /\bmend(?:s|ed|ing)?\b/, use: 'fix' },
  { find: /\banew\b/, use: 'again' },
  { find: /\beldest\b/, use: 'oldest' },
  { find: /\bfor good\b/, use: 'permanently' },
  { find: /\bbesides\b/, use: 'also' },
  { find: /\bwhoever\b/, use: 'the name of the actor, such as "the deploying role"' },
  { find: /\b(?:what|whatever) (?:is|are|was|were) (?:no|not|none)\b/, use: 'a noun for the thing' },
  {
    find: /\b(?:upon|whilst|amongst|thereby|thereof|thereto|wherein|whereby|hereby|hence|hitherto|nought)\b/,
    use: 'a current word',
  },
  { find: /\b(?:needn't|mustn't|shan't|oughtn't)\b/, use: "don't have to, or don't" },
];
