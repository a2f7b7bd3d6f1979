import { counted } from '../format';
import type { PageModel } from '../model';
import { rings } from './alarms';
import { currentDrill, shownDrills } from './drills';
import { badge, h, present, type Section } from './dom';
import { themeSwitch } from './theme';

/** What runs, its figures, and whether the pipeline kept its promises. */
export function pageHeader(connection: HTMLElement): Section<PageModel> {
  const title = h('h1');
  const summary = h('p', { class: 'summary' });
  const scale = h('span', { class: 'chip' });
  const figures = h('dl', { class: 'figures', 'aria-label': 'Figures of the run' });
  const claims = h('ul', { class: 'claims', 'aria-label': 'Claims' });
  const element = h(
    'header',
    { class: 'page-head' },
    h('div', { class: 'title-line' }, logo(), title, connection, scale, h('span', { class: 'spring' }), themeSwitch()),
    summary,
    figures,
    claims,
  );
  return {
    element,
    update({ run, claims: results }) {
      title.textContent = run.title;
      document.title = `${run.title}: payment pipeline`;
      summary.textContent = run.summary;
      scale.textContent = run.timeScale === 1 ? 'real time' : `time × ${run.timeScale}`;
      scale.title =
        run.timeScale === 1
          ? 'Graphs and alarms have real time.'
          : `Graphs and alarms have pipeline time: ${counted(run.timeScale, 'second')} pass in one. Payments have real time.`;
      figures.replaceChildren(
        ...run.figures.map(({ label, value, note, status }) =>
          h(
            'div',
            { 'data-kind': status },
            h('dt', {}, label),
            h('dd', {}, value, ...present([note]).map((text) => h('small', {}, text))),
          ),
        ),
      );
      claims.replaceChildren(
        ...results.map(({ name, promise, holds, seen }) =>
          h(
            'li',
            { 'data-holds': String(holds), title: promise },
            h('b', {}, name.replaceAll('_', ' ')),
            h(
              'span',
              { class: 'hidden' },
              { true: ' holds: ', false: ' is broken: ', undefined: ' is open: ' }[String(holds)],
            ),
            h('span', {}, seen),
          ),
        ),
      );
      claims.hidden = results.length === 0;
    },
  };
}

function logo(): HTMLElement {
  return h('span', { class: 'logo', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
}

/** The links to the sections, with what is to see there. */
export function navigation(): Section<PageModel> {
  const element = h('nav', { class: 'sections', 'aria-label': 'Sections' });
  const links = new Map<string, HTMLElement>();
  for (const [id, name] of Object.entries({
    drills: 'Drills',
    alarms: 'Alarms',
    dashboard: 'Dashboard',
    payments: 'Payments',
    'dead-letters': 'Dead letters',
  })) {
    const link = h('a', {
      href: `#${id}`,
      onclick: (event: Event) => {
        event.preventDefault(); // the address has the reader's filters
        const target = document.getElementById(id);
        target?.scrollIntoView();
        target?.focus({ preventScroll: true });
      },
    });
    link.append(name, ' ', h('span', { class: 'tally' }));
    links.set(id, link);
    element.append(link);
  }
  const drill = h('span', { class: 'current-drill' });
  element.append(drill);
  return {
    element,
    update(page) {
      const { alarms, payments, deadLetters, widgets } = page;
      const current = currentDrill(page);
      drill.replaceChildren(...(current === undefined ? [] : [badge('drill-running', current)]));
      const rang = alarms.filter((alarm) => rings(alarm) > 0).length;
      const tallies = {
        drills: shownDrills(page).length,
        alarms: rang,
        dashboard: widgets.length,
        payments: payments.length,
        'dead-letters': deadLetters.length,
      };
      for (const [id, tally] of Object.entries(tallies)) {
        const link = links.get(id)!;
        link.querySelector('.tally')!.textContent = String(tally);
        link.hidden = id === 'drills' && tally === 0;
      }
      links.get('alarms')!.classList.toggle('urgent', rang > 0);
      links.get('dead-letters')!.classList.toggle('urgent', deadLetters.length > 0);
    },
  };
}

/** A live page's connection: it says so when it is lost. */
export function connectionBadge(): { readonly element: HTMLElement; show(state: 'live' | 'lost' | 'saved'): void } {
  const element = h('span', { class: 'connection', role: 'status' });
  return {
    element,
    show(state) {
      const label = { live: 'Live', lost: 'Connection lost: trying again', saved: 'Saved' }[state];
      if (element.textContent !== label) element.replaceChildren(badge(state, label));
    },
  };
}
