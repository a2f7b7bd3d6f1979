import { counted, duration, timeOfDay } from '../format';
import type { PagePayment } from '../model';
import { laneOf, type Shown } from '../view-state';
import { accountLane } from './account-lane';
import { badge, copyable, h, present, type Section } from './dom';

/** One payment: its outcome, its way through the pipeline, and its account's lane. */
export function paymentDetail(): Section<Shown> {
  const element = h('aside', { class: 'panel detail', id: 'payment', tabindex: -1, 'aria-label': 'Payment' });
  let last = '';
  return {
    element,
    update(shown) {
      const { page, view } = shown;
      const payment = page.payments.find(({ id }) => id === view.payment);
      const account = payment?.account ?? view.account;
      const lane = account === undefined ? [] : laneOf(page.payments, account);
      const now = JSON.stringify([payment, view, lane, page.run.operate]);
      if (now === last) return;
      last = now;
      element.replaceChildren(
        ...(payment === undefined ? withoutPayment(view.payment) : factsOf(payment, shown)),
        ...(lane.length === 0 ? [] : accountLane(lane, shown)),
      );
    },
  };
}

function withoutPayment(wanted: string | undefined): Node[] {
  return [
    h(
      'p',
      { class: 'nothing' },
      wanted === undefined
        ? 'Choose a payment to see its way, and its account’s order.'
        : `The page has no payment ${wanted}.`,
    ),
  ];
}

function factsOf(payment: PagePayment, { page, choose }: Shown): Node[] {
  const { id, status, account, accountEnd, fraud, failure, parkedBehind } = payment;
  const close = h(
    'button',
    {
      type: 'button',
      class: 'plain close',
      'aria-label': 'Close the payment',
      'aria-keyshortcuts': 'Escape',
      onclick: () => {
        choose({ payment: undefined });
      },
    },
    '✕',
  );
  const pairs = present([
    [
      'Account',
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          title: 'List its payments',
          onclick: () => {
            choose({ account });
          },
        },
        `${account} (${accountEnd})`,
      ),
    ] as const,
    fraud && (['Fraud check', `${fraud.decision}, score ${fraud.score}`] as const),
    failure && (['Failure', `${failure.code}${failure.message === undefined ? '' : `: ${failure.message}`}`] as const),
    parkedBehind === undefined ? undefined : (['Waits for', parkedBehind] as const),
    page.run.operate === undefined ? undefined : (['Look', copyable(`${page.run.operate} payment ${id}`)] as const),
  ]);
  return [
    h('header', {}, badge(status), h('h3', {}, copyable(id)), close),
    h('dl', { class: 'pairs' }, ...pairs.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    h('h4', {}, 'Timeline'),
    timeline(payment),
  ];
}

interface Step {
  readonly at: number;
  readonly kind: string;
  readonly what: string;
  readonly more?: string | undefined;
}

/** The events of a payment, each with the time since it was sent. */
function timeline(payment: PagePayment): HTMLElement {
  const steps = stepsOf(payment);
  const start = steps[0]?.at ?? 0;
  return h(
    'ol',
    { class: 'timeline' },
    ...steps.map(({ at, kind, what, more }) =>
      h(
        'li',
        { 'data-kind': kind },
        h(
          'time',
          { datetime: new Date(at).toISOString(), title: timeOfDay(at) },
          at === start ? timeOfDay(at) : `+${duration(at - start)}`,
        ),
        h('span', {}, h('b', {}, what), ...present([more]).map((text) => h('small', {}, text))),
      ),
    ),
  );
}

function stepsOf({ sentAt, history, omitted, deadLetteredAt, failure, fraud, status }: PagePayment): Step[] {
  const sent =
    sentAt === undefined
      ? []
      : [{ at: Math.min(sentAt, history[0]?.at ?? sentAt), kind: 'SENT', what: 'Sent to the queue' }];
  const steps = history.map((entry, index): Step => {
    const isLast = index === history.length - 1;
    const by = `attempt ${entry.attempt}, request ${entry.request}`;
    if (entry.status === 'PROCESSING') {
      const what =
        entry.reason === undefined
          ? entry.attempt > 1
            ? 'Taken over by another invocation'
            : 'Claimed'
          : 'Returned by an operator';
      return { at: entry.at, kind: 'PROCESSING', what, more: entry.reason ?? by };
    }
    const detail =
      isLast && entry.status === status
        ? (failure?.message ?? failure?.code ?? (fraud && `score ${fraud.score}`))
        : undefined;
    return { at: entry.at, kind: entry.status, what: titleCase(entry.status), more: entry.reason ?? detail ?? by };
  });
  if (omitted !== undefined)
    steps.splice(1, 0, {
      at: steps[0]!.at,
      kind: 'SENT',
      what: counted(omitted, 'entry was', 'entries were').concat(' left out'),
    });
  const dead =
    deadLetteredAt === undefined ? [] : [{ at: deadLetteredAt, kind: 'DEAD', what: 'Copied to the dead-letter queue' }];
  return [...sent, ...steps, ...dead].sort((one, other) => one.at - other.at);
}

function titleCase(status: string): string {
  return `${status.charAt(0)}${status.slice(1).toLowerCase()}`;
}
