import { machineOf, type Report } from '../bench/measured';
import { escaped } from '../kit/chart';
import { table } from './generated';

const WIDTH = 720;
const ROW = 44;
const LEFT = 16;
/** Leaves room for the figure behind the bar. */
const LONGEST = WIDTH - 2 * LEFT - 60;

/** The table of docs/explanation/performance.md, with the machine that it was measured on. */
export function measuredTable(report: Report): string {
  return [
    table(
      ['baseline / pipeline', 'median', 'lowest and highest round', 'at least'],
      report.comparisons.map(({ name, median, lowest, highest, floor }) => [
        name,
        median.toFixed(2),
        `${lowest.toFixed(2)} to ${highest.toFixed(2)}`,
        String(floor),
      ]),
    ),
    '',
    `${report.rounds} rounds. ${machineOf(report)}.`,
  ].join('\n');
}

/** The medians as bars, the spread of the rounds as lines. */
export function measuredChart({ comparisons }: Report): string {
  const most = Math.max(...comparisons.map(({ highest }) => highest));
  const x = (ratio: number) => Math.round(LEFT + (ratio / most) * LONGEST);
  const height = comparisons.length * ROW + LEFT;
  const rows = comparisons.flatMap(({ name, median, lowest, highest }, index) => {
    const y = LEFT + index * ROW;
    return [
      `<text x="${LEFT}" y="${y + 10}">${escaped(name)}</text>`,
      `<rect x="${LEFT}" y="${y + 16}" width="${x(median) - LEFT}" height="12" rx="2" fill="#4c78a8"/>`,
      `<path d="M${x(lowest)} ${y + 22}H${x(highest)}" stroke="#f58518" stroke-width="2"/>`,
      `<text x="${x(highest) + 6}" y="${y + 26}">${median.toFixed(2)}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#808080">`,
    `<path d="M${x(1)} 0V${height}" stroke="#808080" stroke-dasharray="3 3"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}
