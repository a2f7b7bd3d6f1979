import { counted, duration, tick, ticks } from '../format';
import type { AlarmState, PageAlarm, PageModel, RunFacts } from '../model';
import { badge, copyable, h, present, runbookLink, section, type Section, styled } from './dom';

/** The state that an alarm has now. */
export function stateNow({ history }: PageAlarm): AlarmState {
  return history.at(-1)?.state ?? 'INSUFFICIENT_DATA';
}

/** How often an alarm has rung. */
export function rings({ history }: PageAlarm): number {
  return history.filter(({ state }) => state === 'ALARM').length;
}

/** Every alarm with its states over time. The ones that have rung come first. */
export function alarmSection(): Section<PageModel> {
  const note = h('span');
  const scale = h('div', { class: 'time-scale', 'aria-hidden': 'true' });
  const list = h('div', { class: 'alarms' });
  const rows = new Map<string, Section<PageModel>>();
  return {
    element: section('alarms', 'Alarms', note, h('div', { class: 'panel' }, scale, list)),
    update(page) {
      const ringing = page.alarms.filter((alarm) => stateNow(alarm) === 'ALARM').length;
      const rang = page.alarms.filter((alarm) => rings(alarm) > 0).length;
      const mails = page.alarms.reduce((sum, alarm) => sum + alarm.mails.length, 0);
      note.textContent = `${counted(page.alarms.length, 'alarm')} as deployed, evaluated by their own definitions: ${rang} rang, ${ringing} ring now, ${counted(mails, 'email')}.`;
      fillTimeScale(scale, page);
      const sorted = [...page.alarms].sort((one, other) => Math.sign(rings(other)) - Math.sign(rings(one)));
      for (const { name } of sorted) if (!rows.has(name)) rows.set(name, alarmRow(name));
      const elements = sorted.map(({ name }) => rows.get(name)!.element);
      if (elements.some((element, index) => list.children[index] !== element)) list.replaceChildren(...elements);
      for (const { name } of sorted) rows.get(name)!.update(page);
    },
  };
}

function fillTimeScale(scale: HTMLElement, { run: { start, now }, drills }: PageModel): void {
  const seconds = Math.max(1, (now - start) / 1_000);
  const place = (at: number) => `${(100 * Math.max(0, at)) / seconds}%`;
  scale.replaceChildren(
    ...ticks(seconds).map((at) => styled(h('span', {}, tick(at)), { left: place(at) })),
    ...drills.flatMap(({ title, startedAt, endedAt = now }) =>
      startedAt === undefined || endedAt < start
        ? []
        : styled(h('i', { title: `Drill: ${title}` }), {
            left: place((startedAt - start) / 1_000),
            right: place((now - endedAt) / 1_000),
          }),
    ),
  );
}

function alarmRow(name: string): Section<PageModel> {
  const band = h('div', { class: 'band', role: 'img' });
  const state = h('span', { class: 'alarm-state' });
  const facts = h('div', { class: 'alarm-facts' });
  const element = h(
    'details',
    { class: 'alarm', 'data-alarm': name },
    h('summary', {}, h('span', { class: 'alarm-name' }, name), band, state),
    facts,
  );
  let shown = '';
  return {
    element,
    update(page) {
      const alarm = page.alarms.find((one) => one.name === name);
      if (alarm === undefined) return;
      fillBand(band, alarm, page.run);
      const now = JSON.stringify(alarm);
      if (now === shown) return;
      shown = now;
      state.replaceChildren(
        badge(stateNow(alarm), stateNow(alarm) === 'ALARM' ? 'In alarm' : rings(alarm) > 0 ? 'Rang' : 'OK'),
      );
      state.firstElementChild!.classList.toggle('rang', rings(alarm) > 0);
      facts.replaceChildren(...factsOf(alarm, page.run));
    },
  };
}

function fillBand(band: HTMLElement, { history, mails, name }: PageAlarm, { start, now }: RunFacts): void {
  const place = (at: number) => (100 * Math.min(Math.max(0, at - start), now - start)) / Math.max(1, now - start);
  const segments = history.map(({ at, state, reason }, index) => {
    const [from, to] = [place(at), place(history[index + 1]?.at ?? now)];
    return styled(h('i', { 'data-kind': state, title: `${state}: ${reason}` }), {
      left: `${from}%`,
      width: `${Math.max(to - from, state === 'ALARM' ? 0.4 : 0)}%`,
    });
  });
  const sent = mails.map(({ at, subject }) =>
    styled(h('b', { class: 'mail', title: subject }), { left: `${place(at)}%` }),
  );
  band.replaceChildren(...segments, ...sent);
  band.setAttribute('aria-label', describe(name, history, start));
}

function describe(name: string, history: PageAlarm['history'], start: number): string {
  const changes = history.map(({ at, state }) => `${state} after ${duration(Math.max(0, at - start))}`);
  return `${name}: ${changes.join(', ')}`;
}

function factsOf(alarm: PageAlarm, { start }: RunFacts): Node[] {
  const { meaning, condition, firstCommand, runbook, history, mails } = alarm;
  const after = (at: number) => h('span', { class: 'after' }, tick(Math.round((at - start) / 1_000)));
  return present([
    h('p', {}, meaning),
    h(
      'dl',
      { class: 'pairs' },
      h('dt', {}, 'Rings when'),
      h('dd', {}, h('code', {}, condition)),
      h('dt', {}, 'First command'),
      h('dd', {}, copyable(firstCommand)),
      h('dt', {}, 'Runbook'),
      h('dd', {}, runbookLink(runbook)),
    ),
    history.length < 2
      ? undefined
      : h(
          'ol',
          { class: 'changes' },
          ...history
            .slice(1)
            .map(({ at, state, reason }) => h('li', {}, after(at), badge(state), h('span', {}, reason))),
        ),
    ...mails.map(({ at, subject, text }) =>
      h(
        'details',
        { class: 'mail-text' },
        h('summary', {}, after(at), h('span', {}, `Email: ${subject}`)),
        h('pre', {}, text),
      ),
    ),
  ]);
}
