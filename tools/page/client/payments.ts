import { count, duration, timeOfDay } from '../format';
import type { PagePayment } from '../model';
import { filtered, settledAt, type Shown } from '../view-state';
import { badge, h, section, type Section, styled } from './dom';
import { paymentDetail } from './payment-detail';
import { paymentFilters } from './payment-filters';

const ROWS_AT_ONCE = 100;
const COLUMNS = ['Status', 'Transaction', 'Account', 'Sent', 'Settled after', 'Attempts', 'Failure'];

/** The payments: filters, a table, and one payment in detail. */
export function paymentSection(): Section<Shown> {
  const note = h('span');
  const filters = paymentFilters();
  const table = paymentTable();
  const detail = paymentDetail();
  return {
    element: section(
      'payments',
      'Payments',
      note,
      filters.element,
      h('div', { class: 'split' }, table.element, detail.element),
    ),
    update(shown) {
      const { payments, run } = shown.page;
      note.textContent =
        payments.length < run.paymentCount
          ? `The page has ${count(payments.length)} of ${count(run.paymentCount)}: the failed ones, then the latest. Times are real.`
          : `All ${count(payments.length)} of the run. Times are real.`;
      for (const part of [filters, table, detail]) part.update(shown);
    },
  };
}

function paymentTable(): Section<Shown> {
  const body = h('tbody', { onkeydown: moveBetweenRows });
  const more = h('button', { type: 'button', class: 'plain more' });
  let limit = ROWS_AT_ONCE;
  let shown: Shown;
  const table = h(
    'table',
    {},
    h('caption', { class: 'hidden' }, 'Payments'),
    h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, name)))),
    body,
  );
  const fill = () => {
    const found = filtered(shown.page.payments, shown.view);
    const slowest = Math.max(1, ...found.map((payment) => waited(payment) ?? 0));
    const focused = body.contains(document.activeElement)
      ? document.activeElement?.closest('tr')?.dataset.id
      : undefined;
    body.replaceChildren(...found.slice(0, limit).map((payment) => row(payment, slowest, shown)));
    body.querySelector('tr')?.setAttribute('tabindex', '0');
    if (focused !== undefined) rowOf(body, focused)?.focus({ preventScroll: true });
    if (found.length === 0)
      body.append(h('tr', {}, h('td', { colspan: COLUMNS.length, class: 'nothing' }, 'No payment matches.')));
    more.hidden = found.length <= limit;
    more.textContent = `Show ${count(Math.min(ROWS_AT_ONCE, found.length - limit))} more of ${count(found.length)}`;
  };
  more.addEventListener('click', () => {
    limit += ROWS_AT_ONCE;
    fill();
  });
  let filled: Pick<Shown, 'page' | 'view'> | undefined;
  const element = h(
    'div',
    { class: 'panel table', tabindex: 0, role: 'region', 'aria-label': 'Table of payments' },
    table,
    more,
  );
  const update = () => {
    const { page, view } = shown;
    // A row stays below the pointer, and below the keyboard's focus, while somebody is about to open it.
    const isHeld = filled?.view === view && (body.matches(':hover') || body.contains(document.activeElement));
    if (isHeld || (filled?.view === view && areSame(filled.page.payments, page.payments))) return;
    filled = { page, view };
    fill();
  };
  for (const event of ['mouseleave', 'focusout'])
    body.addEventListener(event, () => {
      setTimeout(update);
    });
  return {
    element,
    update(now) {
      shown = now;
      update();
    },
  };
}

/** A payment that hasn't changed is the same object. */
function areSame(before: readonly PagePayment[], now: readonly PagePayment[]): boolean {
  return before.length === now.length && before.every((payment, index) => payment === now[index]);
}

function waited(payment: PagePayment): number | undefined {
  const at = settledAt(payment);
  return at === undefined || payment.sentAt === undefined ? undefined : Math.max(0, at - payment.sentAt);
}

function row(payment: PagePayment, slowest: number, { view, choose }: Shown): HTMLElement {
  const { id, status, account, accountEnd, sentAt, attempts, failure } = payment;
  const wait = waited(payment);
  const open = () => {
    choose({ payment: id });
  };
  const bar = styled(h('i'), { '--part': `${(100 * (wait ?? 0)) / slowest}%` });
  return h(
    'tr',
    { 'data-id': id, tabindex: -1, 'aria-selected': view.payment === id ? 'true' : undefined, onclick: open },
    h('td', {}, badge(status)),
    h(
      'th',
      { scope: 'row' },
      h(
        'a',
        {
          href: `#payment=${encodeURIComponent(id)}`,
          tabindex: -1,
          onclick: (event: Event) => {
            event.preventDefault();
          },
        },
        id,
      ),
    ),
    h('td', { title: `Account ${accountEnd}` }, h('code', {}, account.slice(0, 8))),
    h('td', { class: 'number' }, sentAt === undefined ? '–' : timeOfDay(sentAt).slice(0, 12)),
    h('td', { class: 'number wait' }, bar, wait === undefined ? '–' : duration(wait)),
    h('td', { class: 'number' }, String(attempts)),
    h('td', {}, failure?.code ?? ''),
  );
}

function rowOf(body: HTMLElement, id: string): HTMLElement | null {
  return body.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"]`);
}

/** Arrow keys, Home and End move between rows; Enter opens one. */
function moveBetweenRows(event: KeyboardEvent): void {
  const current = (event.target as HTMLElement).closest('tr');
  if (current === null) return;
  const rows = current.parentElement!.children;
  const target = {
    ArrowDown: current.nextElementSibling,
    ArrowUp: current.previousElementSibling,
    Home: rows[0],
    End: rows[rows.length - 1],
  }[event.key];
  if (event.key === 'Enter') current.click();
  else if (target === undefined) return;
  event.preventDefault();
  if (target instanceof HTMLElement) {
    current.tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  }
}
