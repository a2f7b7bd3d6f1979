import { tick } from '../format';
import type { DrillAction, PageDrill, PageModel, RunFacts } from '../model';
import { badge, h, isLive, present, runbookLink, section, type Section } from './dom';

const STATES: Readonly<Record<PageDrill['state'], string>> = {
  idle: 'Ready',
  running: 'Fault on',
  recovering: 'Recovering',
  ended: 'Ended',
};

/** The drills: what each does, which alarms should ring, and its verdict. A live page starts and stops them. */
export function drillSection(): Section<PageModel> {
  const cards = h('div', { class: 'drills' });
  const failure = h('p', { class: 'failure', role: 'alert' });
  const element = section(
    'drills',
    'Fire drills',
    'A drill switches a fault on, waits for the alarms, and switches it off. Its time is shaded in the graphs.',
    failure,
    cards,
  );
  let last = '';
  const order = async (drill: PageDrill, action: DrillAction) => {
    const response = await fetch(`/drills/${encodeURIComponent(drill.name)}/${action}`, { method: 'POST' }).catch(
      () => undefined,
    );
    failure.textContent = response?.ok === true ? '' : ((await response?.text()) ?? 'The pipeline does not answer.');
  };
  return {
    element,
    update(page) {
      const drills = shownDrills(page);
      element.hidden = drills.length === 0;
      const now = JSON.stringify(drills);
      if (now === last) return;
      last = now;
      const focused =
        document.activeElement instanceof HTMLElement && cards.contains(document.activeElement)
          ? document.activeElement.dataset.drill
          : undefined;
      cards.replaceChildren(...drills.map((drill) => card(drill, page.run, order)));
      if (focused !== undefined)
        cards.querySelector<HTMLElement>(`button[data-drill="${CSS.escape(focused)}"]`)?.focus();
    },
  };
}

function card(
  drill: PageDrill,
  { start }: RunFacts,
  order: (drill: PageDrill, action: DrillAction) => Promise<void>,
): HTMLElement {
  const { name, title, summary, expected, runbook, state, startedAt, verdict } = drill;
  const isOn = state === 'running' || state === 'recovering';
  const button = h(
    'button',
    {
      type: 'button',
      class: 'action',
      'data-drill': name,
      'aria-label': `${isOn ? 'End the fault' : 'Start'}: ${title}`,
      disabled: state === 'recovering',
      onclick: () => void order(drill, isOn ? 'stop' : 'start'),
    },
    isOn ? 'End the fault' : 'Start',
  );
  return h(
    'article',
    { class: 'panel drill', 'data-drill': name, 'data-state': state },
    h('h3', {}, title, badge(`drill-${state}`, STATES[state])),
    h(
      'p',
      {},
      summary,
      ' ',
      'Should ring: ',
      ...expected.flatMap((alarm, index) => [index === 0 ? '' : ', ', h('span', { class: 'name' }, alarm)]),
      '.',
    ),
    ...present([verdict]).map(({ passed, findings }) =>
      h('ul', { class: 'verdict', 'data-holds': String(passed) }, ...findings.map((finding) => h('li', {}, finding))),
    ),
    h(
      'footer',
      {},
      isLive() ? button : undefined,
      runbookLink(runbook, 'Runbook'),
      ...present([startedAt]).map((at) =>
        h('span', { class: 'note' }, `started at ${tick(Math.round((at - start) / 1_000))}`),
      ),
    ),
  );
}

/** In a file nothing can be started: it has the drills that were run. */
export function shownDrills({ drills }: PageModel): readonly PageDrill[] {
  return isLive() ? drills : drills.filter(({ state }) => state !== 'idle');
}

/** The drill that is on. */
export function currentDrill({ drills }: PageModel): string | undefined {
  const drill = drills.find(({ state }) => state === 'running' || state === 'recovering');
  return drill && `${drill.title}: ${STATES[drill.state].toLowerCase()}`;
}
