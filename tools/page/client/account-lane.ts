import { counted, duration } from '../format';
import type { PagePayment } from '../model';
import { settledAt, type Shown } from '../view-state';
import { h, styled } from './dom';

/** Rows of a lane; a longer one shows those around the chosen payment. */
const MOST_ROWS = 40;

/** An account's payments in its order, each as a bar from sending over the claim to the outcome: no bar ends before the one above it. */
export function accountLane(lane: readonly PagePayment[], { view, choose }: Shown): Node[] {
  const chosen = Math.max(
    0,
    lane.findIndex(({ id }) => id === view.payment),
  );
  const from = Math.max(0, Math.min(chosen - MOST_ROWS / 2, lane.length - MOST_ROWS));
  const rows = lane.slice(from, from + MOST_ROWS);
  const times = rows.flatMap((payment) => [sentAt(payment), settledAt(payment) ?? sentAt(payment)]);
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const place = (at: number) => (100 * (at - start)) / Math.max(1, end - start);
  const hidden = lane.length - rows.length;
  return [
    h('h4', {}, 'The account’s order'),
    h(
      'p',
      { class: 'note' },
      `${counted(lane.length, 'payment')} of account ${rows[0]!.account.slice(0, 8)} over ${duration(end - start)}, in the order of sending. ` +
        `Pale: waits in the queue. Solid: from its first claim to its outcome.${hidden > 0 ? ` ${counted(hidden, 'other')} not drawn.` : ''}`,
    ),
    h(
      'ol',
      { class: 'lane', start: from + 1 },
      ...rows.map((payment) => {
        const claimed = payment.history[0]?.at ?? sentAt(payment);
        const settled = settledAt(payment) ?? end;
        const [left, middle, right] = [place(sentAt(payment)), place(claimed), place(settled)];
        return h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              'data-kind': payment.status,
              'aria-current': payment.id === view.payment ? 'true' : undefined,
              'aria-label': `${payment.id}, ${payment.status}`,
              title: `${payment.id}: ${payment.status}, settled ${duration(settled - sentAt(payment))} after sending`,
              onclick: () => {
                choose({ payment: payment.id });
              },
            },
            styled(h('i', { class: 'waits' }), { left: `${left}%`, width: `${Math.max(0, middle - left)}%` }),
            styled(h('i', { class: 'works' }), { left: `${middle}%`, width: `${Math.max(0.6, right - middle)}%` }),
          ),
        );
      }),
    ),
  ];
}

function sentAt({ sentAt: sent, history }: PagePayment): number {
  const claimed = history[0]?.at ?? 0;
  return Math.min(sent ?? claimed, claimed);
}
