import type uPlot from 'uplot';
import { count, quantity, tick } from '../format';
import type { AlarmWidget, GraphLine, GraphWidget, PageModel, PageWidget, TextWidget } from '../model';
import { stateNow } from './alarms';
import { badge, h, type Section, styled, svg } from './dom';
import { dataOf, drawGraph, lineColour } from './graph';
import { THEME_CHANGED } from './theme';

/** A widget of the dashboard, drawn again as its data changes. */
export function widgetCard(first: PageWidget): Section<PageModel> {
  const title = h('h3', {}, 'title' in first ? first.title : '');
  const body = h('div', { class: 'widget-body' });
  const element = h('article', { class: `widget widget-${first.type}`, 'data-widget': title.textContent }, title, body);
  styled(element, {
    '--column': `${first.x + 1} / span ${first.width}`,
    '--row': `${first.y + 1} / span ${first.height}`,
  });
  const content = contentOf(first, body);
  return {
    element,
    update(page) {
      const widget = page.widgets.find(({ x, y }) => x === first.x && y === first.y);
      if (widget !== undefined) content(widget, page);
    },
  };
}

type Content = (widget: PageWidget, page: PageModel) => void;

function contentOf(first: PageWidget, body: HTMLElement): Content {
  const replaced =
    (make: (widget: never, page: PageModel) => readonly Node[]): Content =>
    (widget, page) => {
      body.replaceChildren(...make(widget as never, page));
    };
  if (first.type === 'alarm') return replaced(alarmStates);
  if (first.type === 'text') return replaced((widget: TextWidget) => [h('p', {}, widget.markdown)]);
  if (first.view === 'pie') return replaced(donut);
  if (first.view === 'singleValue') return replaced(singleValues);
  return timeSeries(body);
}

function alarmStates({ alarms: names }: AlarmWidget, { alarms }: PageModel): Node[] {
  const shown = alarms.filter(({ name }) => names.includes(name));
  return [
    h(
      'ul',
      { class: 'alarm-states' },
      ...shown.map((alarm) => h('li', { 'data-kind': stateNow(alarm) }, badge(stateNow(alarm), alarm.name))),
    ),
  ];
}

/** A graph over time, with a legend that shows the values below the pointer, or the latest ones. */
function timeSeries(body: HTMLElement): Content {
  const legend = h('ul', { class: 'legend' });
  const plot = h('div', { class: 'plot', role: 'img' });
  body.append(legend, plot);
  let shown: { widget: GraphWidget; page: PageModel } | undefined;
  let graph: uPlot | undefined;
  let hovered: number | undefined;
  const drawn = () => ({ widget: shown!.widget, run: shown!.page.run, drills: shown!.page.drills });
  const redraw = () => {
    graph?.destroy();
    graph = undefined;
    if (shown === undefined || plot.clientWidth === 0) return;
    graph = drawGraph(plot, drawn, (index) => {
      hovered = index;
      fillLegend(legend, drawn().widget, hovered, drawn().run.start);
    });
  };
  addEventListener(THEME_CHANGED, redraw);
  new ResizeObserver(() => {
    if (graph === undefined) redraw();
    else graph.setSize({ width: plot.clientWidth, height: plot.clientHeight });
  }).observe(plot);
  return (widget, page) => {
    const isSame = shown?.widget === widget && shown.page.run.now === page.run.now && shown.page.drills === page.drills;
    const hasSameLines = labelsOf(shown?.widget) === labelsOf(widget as GraphWidget);
    shown = { widget: widget as GraphWidget, page };
    if (isSame) return;
    fillLegend(legend, shown.widget, hovered, page.run.start);
    plot.setAttribute('aria-label', describe(shown.widget));
    plot.classList.toggle(
      'empty',
      shown.widget.lines.every(({ values }) => values.every((value) => value === null)),
    );
    if (graph === undefined || !hasSameLines) redraw();
    else graph.setData(dataOf(drawn()));
  };
}

function labelsOf(widget: GraphWidget | undefined): string | undefined {
  return widget?.lines.map(({ label, axis }) => `${label} ${axis}`).join('\n');
}

function fillLegend(
  legend: HTMLElement,
  { lines, times }: GraphWidget,
  index: number | undefined,
  start: number,
): void {
  const at = index === undefined ? undefined : times[index];
  legend.replaceChildren(
    ...lines.map((line, place) => {
      const value = index === undefined ? line.values.findLast((one) => one !== null) : line.values[index];
      return styled(
        h(
          'li',
          {},
          line.axis === 'right' ? `${line.label} →` : line.label,
          ' ',
          h('b', {}, value === null || value === undefined ? '–' : quantity(value)),
        ),
        { '--colour': lineColour(line, place) },
      );
    }),
    ...(at === undefined ? [] : [h('li', { class: 'at' }, tick(Math.round((at - start) / 1_000)))]),
  );
}

/** A graph in words: the latest and the largest value of each line. */
function describe({ title, lines }: GraphWidget): string {
  const facts = lines.map(({ label, values }) => {
    const numbers = values.filter((value) => value !== null);
    return numbers.length === 0
      ? `${label} has no data`
      : `${label}: latest ${quantity(numbers.at(-1)!)}, largest ${quantity(Math.max(...numbers))}`;
  });
  return `${title}. ${facts.join('; ')}.`;
}

function total({ values }: GraphLine): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

const RADIUS = 42;

function donut({ lines, title }: GraphWidget): Node[] {
  const totals = lines.map(total);
  const all = totals.reduce((sum, value) => sum + value, 0);
  let before = 0;
  const rings = lines.map((line, index) => {
    const part = all === 0 ? 0 : totals[index]! / all;
    const ring = styled(
      svg('circle', {
        r: RADIUS,
        pathLength: 100,
        'stroke-dasharray': `${Math.max(0, part * 100 - 0.4)} 100`,
        'stroke-dashoffset': -before * 100,
      }),
      { stroke: lineColour(line, index) },
    );
    before += part;
    return ring;
  });
  const label = `${title}. ${lines.map((line, index) => `${line.label} ${count(totals[index]!)}`).join(', ')}.`;
  return [
    h(
      'div',
      { class: 'donut' },
      svg(
        'svg',
        { viewBox: '-60 -60 120 120', role: 'img', 'aria-label': label },
        svg('circle', { r: RADIUS, class: 'ring' }),
        ...rings,
        svg('text', { y: 4, class: 'donut-total' }, quantity(all)),
        svg('text', { y: 18, class: 'donut-unit' }, 'payments'),
      ),
      h(
        'ul',
        { class: 'legend' },
        ...lines.map((line, index) =>
          styled(
            h(
              'li',
              {},
              line.label,
              ' ',
              h('b', {}, count(totals[index]!)),
              h('span', { class: 'share' }, all === 0 ? '' : `${((100 * totals[index]!) / all).toFixed(1)} %`),
            ),
            { '--colour': lineColour(line, index) },
          ),
        ),
      ),
    ),
  ];
}

function singleValues({ lines }: GraphWidget): Node[] {
  return [
    h(
      'dl',
      { class: 'figures' },
      ...lines.map((line) =>
        h(
          'div',
          {},
          h('dt', {}, line.label),
          h('dd', {}, quantity(line.values.findLast((value) => value !== null) ?? 0)),
        ),
      ),
    ),
  ];
}
