import type { Row, Section } from './row';

/** The command that writes the page of {@link renderCoverage}. */
export const WRITE_COMMAND = 'npx projen documents -- spec-coverage';

/** The page docs/spec/coverage.md, whose links are relative to its folder. */
export function renderCoverage(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ parts }) => parts.flatMap(([, partRows]) => partRows));
  const deviating = rows.filter(({ deviation }) => deviation !== undefined).length;
  const inPart = rows.filter(({ missing }) => missing !== undefined).length;
  return [
    `<!-- Written by \`${WRITE_COMMAND}\` from tools/spec-coverage/rows: edit those. -->`,
    '# Specification coverage',
    '',
    `Each of the specification's ${rows.length} demands has a row, in the order of the specification. ${deviating} rows name a [deviation](deviations.md);`,
    `${inPart} are met **in part** and say what is missing.`,
    '',
    'Each row is a test of `test/spec-coverage`, on the stack that this project synthesizes, with its variables at their defaults.',
    'The evidence is the file with its expectations, or a test elsewhere that shows a behavior. The same tests check that each address',
    'below exists, that everything in the stack has a row, and that this page is up to date.',
    '',
    ...sections.flatMap(renderSection),
  ].join('\n');
}

function renderSection({ title, parts }: Section): string[] {
  return [
    `## ${title}`,
    '',
    '| Demand | How it is met | Deviation | Resources | Evidence |',
    '|---|---|---|---|---|',
    ...parts.flatMap(([file, rows]) => rows.map((row) => renderRow(file, row))),
    '',
  ];
}

function renderRow(file: string, row: Row): string {
  const { demand, met, missing, deviation, resources } = row;
  const cells = [
    demand,
    missing === undefined ? met : `**In part.** ${met} **Missing: ${missing}**`,
    deviation === undefined ? '' : `[${deviation}](deviations.md#${deviation.toLowerCase()})`,
    resources.map((address) => `\`${address}\``).join('<br>'),
    evidence(file, row).join('<br>'),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function evidence(file: string, { shows, shownBy = [] }: Row): string[] {
  return [
    ...(shows ? [`[rows/${file}.ts](../../tools/spec-coverage/rows/${file}.ts)`] : []),
    ...shownBy.map(
      ({ file: elsewhere, test }) => `[${elsewhere.replace(/^test\//, '')}](../../${elsewhere}): ${literally(test)}`,
    ),
  ];
}

/** Escapes markdown and HTML. */
function literally(text: string): string {
  return `“${text.replace(/[\\`*_{}[\]<>$]/g, '\\$&')}”`;
}
