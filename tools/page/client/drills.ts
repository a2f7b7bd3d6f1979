import { tick } from '../format';
import type { PageDrill, PageModel, RunFacts } from '../model';
import { runbookLink } from './alarms';
import { badge, h, present, section, type Section } from './dom';

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
  const order = async (drill: PageDrill, action: 'start' | 'stop') => {
    const response = await fetch(`/drills/${encodeURIComponent(drill.name)}/${action}`, { method: 'POST' }).catch(
      () => undefined,
    );
    failure.textContent = response?.ok === true ? '' : ((await response?.text()) ?? 'The pipeline does not answer.');
  };
  return {
    element,
    update({ drills, run }) {
      element.hidden = drills.length === 0;
      const now = JSON.stringify(drills);
      if (now === last) return;
      last = now;
      const focused =
        document.activeElement instanceof HTMLElement && cards.contains(document.activeElement)
          ? document.activeElement.dataset.drill
          : undefined;
      cards.replaceChildren(...drills.map((drill) => card(drill, run, order)));
      if (focused !== undefined)
        cards.querySelector<HTMLElement>(`button[data-drill="${CSS.escape(focused)}"]`)?.focus();
    },
  };
}

function card(
  drill: PageDrill,
  { start }: RunFacts,
  order: (drill: PageDrill, action: 'start' | 'stop') => Promise<void>,
): HTMLElement {
  const { name, title, summary, expected, runbook, state, startedAt, verdict } = drill;
  const isOn = state === 'running' || state === 'recovering';
  const isLive = document.documentElement.dataset.live !== undefined;
  return h(
    'article',
    { class: 'panel drill', 'data-drill': name, 'data-state': state },
    h('h3', {}, title, badge(`drill-${state}`, STATES[state])),
    h('p', {}, summary),
    h(
      'dl',
      { class: 'pairs' },
      h('dt', {}, 'Should ring'),
      h('dd', {}, expected.length === 0 ? 'no alarm' : expected.join(', ')),
      h('dt', {}, 'Runbook'),
      h('dd', {}, runbookLink(runbook)),
      ...(startedAt === undefined
        ? []
        : [h('dt', {}, 'Started'), h('dd', {}, `after ${tick(Math.round((startedAt - start) / 1_000))}`)]),
    ),
    ...present([verdict]).map(({ passed, findings }) =>
      h('ul', { class: 'verdict', 'data-holds': String(passed) }, ...findings.map((finding) => h('li', {}, finding))),
    ),
    isLive
      ? h(
          'button',
          {
            type: 'button',
            class: 'action',
            'data-drill': name,
            disabled: state === 'recovering',
            onclick: () => void order(drill, isOn ? 'stop' : 'start'),
          },
          isOn ? 'End the fault' : 'Start',
        )
      : undefined,
  );
}
