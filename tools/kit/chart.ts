/** A line of a chart. */
export interface Series {
  readonly label: string;
  /** Points in the order of `x`. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A stacked bar of a chart: values by the names of its parts. */
export interface Bar {
  readonly label: string;
  readonly parts: Readonly<Record<string, number>>;
}

interface Axis {
  readonly label: string;
  readonly logarithmic?: boolean;
}

interface ChartText {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
}

const WIDTH = 760;
const HEIGHT = 420;
const PLOT = { left: 92, right: WIDTH - 204, top: 44, bottom: HEIGHT - 56 };
const LEGEND_X = PLOT.right + 16;
const LINE_HEIGHT = 18;
const TICKS = 5;

/** Okabe and Ito's palette, which people with colour blindness can tell apart: https://jfly.uni-koeln.de/color/ */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#555555', '#b8a800'];

/** A chart of lines as SVG, the same text for the same values. */
export function lineChart(text: ChartText, series: readonly Series[]): string {
  const points = series.flatMap((one) => one.points);
  const x = scale(
    text.x,
    points.map(([value]) => value),
    [PLOT.left, PLOT.right],
  );
  const y = scale(
    text.y,
    points.map(([, value]) => value),
    [PLOT.bottom, PLOT.top],
  );
  const lines = series.map(({ points: own }, index) => {
    const path = own.map(([px, py]) => `${round(x.at(px))},${round(y.at(py))}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colour(index)}" stroke-width="2"${dashes(index)}/>`;
  });
  const xTicks = x.ticks.map((value) => tick(round(x.at(value)), PLOT.bottom + 18, 'middle', short(value)));
  return svg(text, [...grid(y), ...xTicks, ...lines, ...legend(series.map(({ label }) => label))]);
}

/** A chart of stacked bars as SVG. */
export function barChart(text: ChartText, bars: readonly Bar[]): string {
  const names = [...new Set(bars.flatMap(({ parts }) => Object.keys(parts)))];
  const totals = bars.map(({ parts }) => Object.values(parts).reduce((sum, value) => sum + value, 0));
  const y = scale(text.y, [0, ...totals], [PLOT.bottom, PLOT.top]);
  const width = (PLOT.right - PLOT.left) / bars.length;
  const drawn = bars.flatMap(({ label, parts }, position) => {
    const left = PLOT.left + width * (position + 0.15);
    let sum = 0;
    const boxes = names.map((name, index) => {
      const from = y.at(sum);
      sum += parts[name] ?? 0;
      const height = round(from - y.at(sum));
      return `<rect x="${round(left)}" y="${round(y.at(sum))}" width="${round(width * 0.7)}" height="${height}" fill="${colour(index)}"/>`;
    });
    const middle = round(left + width * 0.35);
    return [
      ...boxes,
      tick(middle, round(y.at(sum)) - 5, 'middle', short(sum)),
      tick(middle, PLOT.bottom + 18, 'middle', label),
    ];
  });
  return svg(text, [...grid(y), ...drawn, ...legend(names)]);
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function scale({ logarithmic = false }: Axis, values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const transform = logarithmic ? Math.log10 : (value: number) => value;
  const ticks = logarithmic ? decades(values) : roundTicks(Math.max(...values));
  const [low, high] = [transform(ticks[0]!), transform(ticks.at(-1)!)];
  return { ticks, at: (value) => from + ((transform(value) - low) / (high - low)) * (to - from) };
}

/** Powers of ten around the values. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: Math.max(last, first + 1) - first + 1 }, (_, index) => 10 ** (first + index));
}

/** Zero, and multiples of 1, 2 or 5 times a power of ten up to the most. */
function roundTicks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / TICKS));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power * TICKS >= most)!;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

function grid({ at, ticks }: Scale): string[] {
  return ticks.flatMap((value) => {
    const y = round(at(value));
    const line = `<line x1="${PLOT.left}" y1="${y}" x2="${PLOT.right}" y2="${y}" stroke="#ddd"/>`;
    return [line, tick(PLOT.left - 8, y + 4, 'end', short(value))];
  });
}

function legend(labels: readonly string[]): string[] {
  return labels.flatMap((label, index) => {
    const y = PLOT.top + 8 + index * LINE_HEIGHT;
    const sample = `<line x1="${LEGEND_X}" y1="${y}" x2="${LEGEND_X + 18}" y2="${y}" stroke="${colour(index)}" stroke-width="4"${dashes(index)}/>`;
    return [sample, tick(LEGEND_X + 24, y + 4, 'start', label)];
  });
}

function svg({ title, x, y }: ChartText, content: readonly string[]): string {
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="24" font-size="15" font-weight="bold">${escaped(title)}</text>`,
    ...content,
    `<line x1="${PLOT.left}" y1="${PLOT.bottom}" x2="${PLOT.right}" y2="${PLOT.bottom}" stroke="#333"/>`,
    tick((PLOT.left + PLOT.right) / 2, HEIGHT - 16, 'middle', x.label),
    `<text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${escaped(y.label)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function tick(x: number, y: number, anchor: 'start' | 'middle' | 'end', text: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

/** Lines differ without colour, too. */
function dashes(index: number): string {
  return index === 0 ? '' : ` stroke-dasharray="${2 * index + 2} ${index + 1}"`;
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

function short(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A text within SVG or HTML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
