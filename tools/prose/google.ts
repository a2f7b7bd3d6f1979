import type { WordRule } from './words';

const STYLE = 'https://developers.google.com/style';

const AMERICAN: Readonly<Record<string, string>> = {
  'behaviour|colour|favour|flavour|honour|labour|neighbour': '-or',
  'centre|metre|fibre': '-er',
  '(?:cancel|label|model|signal)l(?:ed|ing)|travell(?:er|ing|ed)|fulfil(?:s|ment)': 'one l, or ll in fulfill',
  '(?:anal|catal|paral)yse': '-yze',
  '(?:author|categor|custom|final|general|initial|maxim|minim|normal|optim|organ|prior|priorit|real|recogn|serial|summar|synchron|util)is(?:e|ed|es|ing|ation)\\b':
    '-ize',
  'licence|defence|offence|grey': 'the American form',
};

/**
 * The rules of the Google developer documentation style guide that matter here. Their patterns follow the Vale package "Google"
 * (https://github.com/errata-ai/Google, MIT).
 */
export const GOOGLE: readonly WordRule[] = [
  // Tense, person, voice.
  { find: /(?<!\bat )\b(?:will|shall|won't)\b|\b\w+'ll\b/, use: 'the present tense', source: `${STYLE}/tense` },
  {
    find: /\b(?:we|us|our|ours|let's|we're|we've)\b/,
    use: 'you, or the name of the actor',
    source: `${STYLE}/pronouns`,
  },
  { find: /(?<![\w-])(?:I|I'm|I've|me|my|mine)(?![\w.-])/, matchCase: true, use: 'you', source: `${STYLE}/pronouns` },
  { find: /\b(?:he\/she|s\/he|his\/her)\b|\(s\)he/, use: 'they', source: `${STYLE}/pronouns` },
  { find: /\bplease\b/, use: 'the bare imperative', source: `${STYLE}/tone` },
  { find: /\b(?:simply|easily|obviously|of course)\b/, use: 'nothing: leave it out', source: `${STYLE}/tone` },
  // Abbreviations.
  { find: /\be\.?g\.(?=[\s,;])/, use: 'for example', source: `${STYLE}/abbreviations` },
  { find: /\bi\.?e\.(?=[\s,;])/, use: 'that is', source: `${STYLE}/abbreviations` },
  { find: /\betc\b\.?/, use: 'and so on, or the whole list', source: `${STYLE}/abbreviations` },
  { find: /\bvs\b\.?/, use: 'versus, or compared with', source: `${STYLE}/word-list` },
  {
    find: /\b(?:approx\.|aka|a\.k\.a\.|tl;dr|imo|fwiw|ymmv)/,
    use: 'the words in full',
    source: `${STYLE}/abbreviations`,
  },
  { find: /\b(?:[A-Z]\.){3,}/, matchCase: true, use: 'the acronym without periods', source: `${STYLE}/abbreviations` },
  // Words.
  { find: /\bin order to\b/, use: 'to', source: `${STYLE}/word-list` },
  { find: /\band\/or\b/, use: 'and, or or', source: `${STYLE}/word-list` },
  { find: /\ballow(?:s|ed)? you to\b/, use: 'lets you', source: `${STYLE}/word-list` },
  { find: /\b(?:utiliz|leverag)(?:e|es|ed|ing)\b/, use: 'use', source: `${STYLE}/word-list` },
  { find: /\be-mails?\b/, use: 'email', source: `${STYLE}/word-list` },
  { find: /\bfile names?\b/, use: 'filename', source: `${STYLE}/word-list` },
  { find: /\bregex(?:es)?\b/, use: 'regular expression', source: `${STYLE}/word-list` },
  { find: /\brepos?\b/, use: 'repository', source: `${STYLE}/word-list` },
  { find: /\bcheck box(?:es)?\b/, use: 'checkbox', source: `${STYLE}/word-list` },
  { find: /\bsign into\b/, use: 'sign in to', source: `${STYLE}/word-list` },
  { find: /\bweb ?sites?\b(?<=web sites?)/, use: 'website', source: `${STYLE}/word-list` },
  {
    find: /\b(?:white|black)list(?:s|ed|ing)?\b/,
    use: 'allowlist, or denylist',
    source: `${STYLE}/inclusive-documentation`,
  },
  {
    find: /\b(?:sanity check|dummy|man-?made|manpower|mankind)\b/,
    use: 'a neutral word',
    source: `${STYLE}/inclusive-documentation`,
  },
  {
    find: /\b(?:see|the (?:table|list|section|command)|described|shown|mentioned|as) (?:above|below)\b/,
    use: 'preceding or following, or a link',
    source: `${STYLE}/word-list`,
  },
  {
    find: /\b(?:click here|this (?:page|document|link) here)\b/,
    use: 'a link whose text says where it leads',
    source: `${STYLE}/link-text`,
  },
  ...Object.entries(AMERICAN).map(([stems, use]) => ({
    find: new RegExp(`\\b(?:${stems})`),
    use: `American spelling (${use})`,
    source: `${STYLE}/spelling`,
  })),
  // Numbers, dates and punctuation.
  { find: /\b(?:1?\d|20)(?:st|nd|rd|th)\b/, use: 'the ordinal in letters', source: `${STYLE}/numbers` },
  {
    find: /\b\d+(?:B|kB|KB|MB|GB|TB|ns|ms|s|min|h|d)\b/,
    matchCase: true,
    use: 'a space before the unit',
    source: `${STYLE}/units-of-measure`,
  },
  { find: /\b(?:from|between) \d+ ?[-–] ?\d+/, use: 'from 1 to 5, or 1-5', source: `${STYLE}/hyphens` },
  { find: /\b\d{1,2}[./]\d{1,2}[./]\d{4}\b/, use: 'July 31, 2026', source: `${STYLE}/dates-times` },
  {
    find: /\b\d{1,2} ?(?:a\.m\.|p\.m\.|am\b|pm\b)|\b\d{1,2}[AP]M\b/,
    matchCase: true,
    use: '5 PM',
    source: `${STYLE}/dates-times`,
  },
  { find: /\w\(s\)/, use: 'the plural', source: `${STYLE}/plurals-parentheses` },
  {
    find: /\b(?!early|exactly-once|family|only|reply|supply|daily|weekly|monthly|hourly|nightly|yearly|quarterly|multiply|anomaly|read)[a-z]+ly-[a-z]+\b/,
    use: 'two words: adverbs take no hyphen',
    source: `${STYLE}/hyphens`,
  },
  { find: /\s[—–]\s/, use: 'a comma, a colon, or a dash without spaces', source: `${STYLE}/dashes` },
  { find: /\w!(?=\s|$)/, use: 'a period', source: `${STYLE}/exclamation-points` },
  { find: /\.\.\.|…/, use: 'nothing: say all, or "and so on"', source: `${STYLE}/ellipses` },
  {
    find: /[a-z][.?!] {2,}[A-Z]/,
    matchCase: true,
    use: 'one space between sentences',
    source: `${STYLE}/sentence-spacing`,
  },
  // Advice: sometimes there is no better way.
  {
    find: /\b(?:are|is|was|were|be|been|being) (?:\w+ly |not |never |only |then |also )?(?:\w+ed|built|chosen|done|found|given|had|held|kept|known|left|lost|made|read|run|said|seen|sent|shown|taken|told|written)\b/,
    use: 'the active voice: name the actor',
    level: 'warning',
    source: `${STYLE}/voice`,
  },
  {
    find: /\b(?:cannot|(?:are|could|did|do|does|has|have|is|should|was|were) not)\b/,
    use: 'the contraction',
    level: 'warning',
    source: `${STYLE}/contractions`,
  },
];
