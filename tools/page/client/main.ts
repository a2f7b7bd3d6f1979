import { apply, type Changes, modelOf, partsOf } from '../changes';
import type { PageModel } from '../model';
import { fragmentOf, NOTHING_CHOSEN, type Shown, stateOf, type ViewState } from '../view-state';
import { alarmSection } from './alarms';
import { h, isLive, section, type Section } from './dom';
import { deadLetterSection } from './dead-letters';
import { drillSection } from './drills';
import { connectionBadge, navigation, pageHeader } from './header';
import { paymentSection } from './payments';
import { widgetCard } from './widget';

let parts = partsOf(JSON.parse(document.getElementById('model')!.textContent) as PageModel);
let page = modelOf(parts);
let view = stateOf(location.hash);

const connection = connectionBadge();
const dashboard = dashboardSection();
const ofPage: Section<PageModel>[] = [
  pageHeader(connection.element),
  navigation(),
  drillSection(),
  alarmSection(),
  dashboard,
];
const ofView: Section<Shown>[] = [paymentSection(), deadLetterSection()];

function update(): void {
  for (const { update } of ofPage) update(page);
  updateView();
}

function updateView(): void {
  for (const { update } of ofView) update({ page, view, choose });
}

function choose(change: Parameters<Shown['choose']>[0]): void {
  const opened = change.payment !== undefined && change.payment !== view.payment;
  view = { ...view, ...change } as ViewState;
  history.replaceState(null, '', fragmentOf(view) || location.pathname + location.search);
  updateView();
  if (opened && innerWidth < 1_000) document.getElementById('payment')?.scrollIntoView({ block: 'nearest' });
}

function dashboardSection(): Section<PageModel> {
  const grid = h('div', { class: 'dashboard' });
  let cards: Section<PageModel>[] = [];
  return {
    element: section(
      'dashboard',
      'Dashboard',
      'The widgets of the deployed dashboard, at their places, with the data of this run. A count without data is drawn as 0.',
      grid,
    ),
    update(now) {
      if (cards.length !== now.widgets.length) {
        cards = now.widgets.map(widgetCard);
        grid.replaceChildren(...cards.map(({ element }) => element));
      }
      for (const { update } of cards) update(now);
    },
  };
}

function onKey(event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
  const search = document.getElementById('search') as HTMLInputElement;
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === 'Escape') {
    if (event.target === search && search.value !== '') choose({ search: (search.value = '') });
    else if (event.target === search) search.blur();
    else if (view.payment !== undefined) choose({ payment: undefined });
  }
}

/** Takes the changes that the server sends. The browser connects again by itself, and is sent everything then. */
function followServer(): void {
  const events = new EventSource('/events');
  events.addEventListener('open', () => {
    connection.show('live');
  });
  events.addEventListener('error', () => {
    connection.show('lost');
  });
  const show = () => {
    page = modelOf(parts);
    update();
  };
  events.addEventListener('all', ({ data }: MessageEvent<string>) => {
    parts = partsOf(JSON.parse(data) as PageModel);
    show();
  });
  events.addEventListener('changes', ({ data }: MessageEvent<string>) => {
    apply(JSON.parse(data) as Changes, parts);
    show();
  });
}

const [header, nav, ...sections] = ofPage.map(({ element }) => element);
document.body.append(
  h(
    'a',
    {
      class: 'skip',
      href: '#payments',
      onclick: () => {
        document.getElementById('payments')?.focus();
      },
    },
    'Skip to the payments',
  ),
  header!,
  nav!,
  h('main', {}, ...sections, ...ofView.map(({ element }) => element)),
);
addEventListener('hashchange', () => {
  view = { ...NOTHING_CHOSEN, ...stateOf(location.hash) };
  updateView();
});
addEventListener('keydown', onKey);
update();
if (view.payment !== undefined || view.account !== undefined) document.getElementById('payments')?.scrollIntoView();
if (isLive()) followServer();
else connection.show('saved');
