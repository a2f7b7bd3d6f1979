import { count } from '../format';
import type { PagePayment } from '../model';
import { filtered, isFiltered, type Shown } from '../view-state';
import { h, type Section } from './dom';

/** The search and the filters of the payments, and how many they leave. */
export function paymentFilters(): Section<Shown> {
  let shown: Shown | undefined;
  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Transaction id or account',
    'aria-label': 'Search payments',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => shown?.choose({ search: search.value }),
  });
  const statuses = h('div', { class: 'segmented', role: 'group', 'aria-label': 'Status' });
  const failure = h('select', {
    'aria-label': 'Failure',
    onchange: () => shown?.choose({ failure: failure.value === '' ? undefined : failure.value }),
  });
  const account = h('button', { type: 'button', class: 'chip', onclick: () => shown?.choose({ account: undefined }) });
  const clear = h(
    'button',
    {
      type: 'button',
      class: 'plain',
      onclick: () => shown?.choose({ account: undefined, failure: undefined, status: [], search: '' }),
    },
    'Clear filters',
  );
  const found = h('output', { class: 'note', 'aria-live': 'polite' });
  const buttons = new Map<PagePayment['status'], HTMLButtonElement>();
  let failures = '';
  return {
    element: h(
      'div',
      { class: 'filters', role: 'search' },
      h('span', { class: 'search' }, search, h('kbd', {}, '/')),
      statuses,
      failure,
      account,
      clear,
      found,
    ),
    update(now) {
      shown = now;
      const { page, view, choose } = now;
      if (document.activeElement !== search) search.value = view.search;
      const counts = Map.groupBy(page.payments, ({ status }) => status);
      for (const status of counts.keys()) {
        if (buttons.has(status)) continue;
        const toggle = () => {
          const chosen = shown!.view.status;
          choose({ status: chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status] });
        };
        buttons.set(status, h('button', { type: 'button', 'data-kind': status, onclick: toggle }));
        statuses.append(buttons.get(status)!);
      }
      for (const [status, button] of buttons) {
        button.textContent = `${status} ${count(counts.get(status)?.length ?? 0)}`;
        button.setAttribute('aria-pressed', String(view.status.includes(status)));
      }
      const codes = [...new Set(page.payments.flatMap((payment) => payment.failure?.code ?? []))].sort();
      if (codes.join() !== failures) {
        failures = codes.join();
        failure.replaceChildren(
          h('option', { value: '' }, 'Any failure'),
          ...codes.map((code) => h('option', { value: code }, code)),
        );
      }
      failure.value = view.failure ?? '';
      failure.hidden = codes.length === 0;
      account.hidden = view.account === undefined;
      account.textContent = `Account ${view.account ?? ''} ✕`;
      clear.hidden = !isFiltered(view);
      found.textContent = isFiltered(view) ? `${count(filtered(page.payments, view).length)} found` : '';
    },
  };
}
