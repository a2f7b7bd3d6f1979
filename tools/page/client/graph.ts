import uPlot, { type AlignedData, type Axis, type Options, type Series } from 'uplot';
import { quantity, tick, TICK_STEPS } from '../format';
import type { GraphLine, GraphWidget, PageDrill, RunFacts } from '../model';
import { colourOf } from './theme';

/** Colours of lines without a tone, in turn. */
const LINE_COLOURS = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6'];

/** The name of a line's colour. */
export function lineColour({ tone }: GraphLine, index: number): string {
  return tone === undefined ? `var(${LINE_COLOURS[index % LINE_COLOURS.length]!})` : `var(--${tone.toLowerCase()})`;
}

/** What a graph is drawn from. */
export interface Drawn {
  readonly widget: GraphWidget;
  readonly run: RunFacts;
  readonly drills: readonly PageDrill[];
}

const STACK_OPACITY = 0.75;
const AXIS_FONT = '11px Inter, system-ui, sans-serif';

/** Draws a graph over time into the element. @param onHover is told the data point below the pointer, in any of the graphs */
export function drawGraph(
  element: HTMLElement,
  drawn: () => Drawn,
  onHover: (index: number | undefined) => void,
): uPlot {
  const { widget } = drawn();
  const { clientWidth: width, clientHeight: height } = element;
  const colours = Object.fromEntries(
    ['--muted', '--grid', '--surface', '--fault'].map((name) => [name, colourOf(`var(${name})`)]),
  );
  const axis = { font: AXIS_FONT, stroke: colours['--muted']!, ticks: { show: false }, gap: 4 };
  const grid = { stroke: colours['--grid']!, width: 1 };
  const rightAxis = {
    ...axis,
    scale: 'right',
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot's enum exists in its types only
    side: 1,
    size: 42,
    space: 36,
    grid: { show: false },
    values: (_self: uPlot, at: number[]) => at.map(quantity),
  } as Axis;
  const hasRight = widget.lines.some((line) => line.axis === 'right');
  const options: Options = {
    width,
    height,
    padding: [8, hasRight ? 0 : 20, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { setScale: false, x: false, y: false },
      sync: { key: 'time' },
      points: { size: 7, width: 2, fill: (self, index) => (self.series[index]!.stroke as () => string)() },
    },
    scales: {
      x: { time: false, range: () => [0, Math.max(1, secondsOf(drawn().run))] },
      left: { range: (_self, _min, max) => fromZero(max, drawn().widget, 'left') },
      ...(hasRight && { right: { range: (_self, _min, max) => fromZero(max, drawn().widget, 'right') } }),
    },
    axes: [
      {
        ...axis,
        scale: 'x',
        incrs: TICK_STEPS,
        space: 64,
        size: 24,
        grid: { show: false },
        values: (_self, at) => at.map(tick),
      },
      { ...axis, scale: 'left', size: 42, space: 36, grid, values: (_self, at) => at.map(quantity) },
      ...(hasRight ? [rightAxis] : []),
    ],
    series: [{}, ...widget.lines.map((line, index) => seriesOf(line, index, widget))],
    ...(widget.stacked && {
      bands: widget.lines
        .slice(1)
        .map(
          (line, index) => ({ series: [index + 2, index + 1], fill: fillOf(line, index + 1, STACK_OPACITY) }) as const,
        ),
    }),
    hooks: {
      drawClear: [
        (self) => {
          shadeFaults(self, drawn(), colours['--fault']!);
        },
      ],
      draw: [
        (self) => {
          drawAnnotations(self, drawn().widget, colours['--muted']!);
        },
      ],
      setCursor: [
        ({ cursor }) => {
          onHover(cursor.idx ?? undefined);
        },
      ],
    },
  };
  return new uPlot(options, dataOf(drawn()), element);
}

/** The data of a graph; of a stacked one, each line on top of those before it. */
export function dataOf({ widget, run }: Drawn): AlignedData {
  const x = widget.times.map((at) => (at - run.start) / 1_000);
  const values = widget.lines.map(drawnValues);
  if (!widget.stacked) return [x, ...values] as AlignedData;
  const below = widget.times.map(() => 0);
  return [x, ...values.map((line) => line.map((value, index) => (below[index]! += value ?? 0)))] as AlignedData;
}

/** A count is 0 where it has no data, unless it has none at all. */
function drawnValues({ isCount, values }: GraphLine): readonly (number | null)[] {
  return isCount && values.some((value) => value !== null) ? values.map((value) => value ?? 0) : values;
}

function seriesOf(line: GraphLine, index: number, { stacked, lines }: GraphWidget): Series {
  const stroke = colourOf(lineColour(line, index));
  const filled = stacked ? index === 0 : line.axis === 'left' && lines.length <= 2;
  return {
    label: line.label,
    scale: line.axis,
    stroke,
    width: stacked ? 0 : 1.6, // a line on top of an empty part would hide the part below
    ...(filled && { fill: fillOf(line, index, stacked ? STACK_OPACITY : 0.1) }),
    points: { show: true, size: 4.5, stroke, fill: stroke, filter: (self, series) => isolated(self.data[series]!) },
  };
}

function fillOf(line: GraphLine, index: number, part: number): string {
  return colourOf(`color-mix(in srgb, ${lineColour(line, index)} ${part * 100}%, transparent)`);
}

/** Data points without a neighbour, which a line would not show. */
function isolated(values: ArrayLike<number | null | undefined>): number[] {
  const isThere = (index: number) => values[index] !== null && values[index] !== undefined;
  return Array.from(values, (_, index) => index).filter(
    (index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1),
  );
}

function fromZero(max: number | null, { annotations }: GraphWidget, axis: 'left' | 'right'): [number, number] {
  const highest = Math.max(max ?? 0, ...annotations.filter((one) => one.axis === axis).map(({ value }) => value));
  return [0, highest === 0 ? 1 : highest * 1.12];
}

/** Shades the time in which a drill's fault was on. */
function shadeFaults({ ctx, bbox, valToPos }: uPlot, { run, drills }: Drawn, colour: string): void {
  for (const { startedAt, endedAt } of drills) {
    if (startedAt === undefined) continue;
    const at = (time: number) => valToPos((time - run.start) / 1_000, 'x', true);
    const from = Math.max(bbox.left, at(startedAt));
    const to = Math.min(bbox.left + bbox.width, at(endedAt ?? run.now));
    ctx.fillStyle = colour;
    if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
}

function drawAnnotations({ ctx, bbox, valToPos }: uPlot, { annotations }: GraphWidget, colour: string): void {
  for (const { label, value, axis } of annotations) {
    const y = valToPos(value, axis, true);
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = AXIS_FONT;
    ctx.fillText(label, bbox.left + 6, y - 5);
    ctx.restore();
  }
}

function secondsOf({ start, now }: RunFacts): number {
  return (now - start) / 1_000;
}
