import { count, counted } from '../format';
import type { FailurePattern, PageDeadLetter } from '../model';
import type { Shown } from '../view-state';
import { badge, copyable, h, present, section, type Section } from './dom';

/** The dead letters, why they are there, and what to do. */
export function deadLetterSection(): Section<Shown> {
  const note = h('span');
  const content = h('div', { class: 'dead-letters' });
  let last = '';
  return {
    element: section('dead-letters', 'Dead letters', note, content),
    update(shown) {
      const { deadLetters, patterns, run } = shown.page;
      const now = JSON.stringify([deadLetters, patterns, run.deadLetterCount]);
      if (now === last) return;
      last = now;
      const byCode = Map.groupBy(deadLetters, ({ code }) => code);
      note.textContent =
        deadLetters.length === 0
          ? 'The dead-letter queue is empty.'
          : `${counted(run.deadLetterCount, 'message')} in the dead-letter queue, by cause.${deadLetters.length < run.deadLetterCount ? ` The page has ${count(deadLetters.length)} of them.` : ''}`;
      content.replaceChildren(
        ...patterns.map(patternCard),
        ...[...byCode].map(([code, letters]) => causeCard(code, letters, shown)),
      );
    },
  };
}

function patternCard({ kind, subject, failed, example, whatToDo }: FailurePattern): HTMLElement {
  return h(
    'article',
    { class: 'panel pattern' },
    h('h3', {}, badge('pattern', kind), ' ', subject),
    h(
      'p',
      {},
      `${counted(failed, 'payment')} failed${example === undefined ? '' : `, ${example} for example`}. `,
      h('b', {}, whatToDo),
    ),
  );
}

/** The dead letters that a cause has, the first of them with the commands that end them. */
function causeCard(code: string, letters: readonly PageDeadLetter[], { page, choose }: Shown): HTMLElement {
  const { meaning, nextStep } = letters[0]!;
  return h(
    'article',
    { class: 'panel cause', 'data-code': code },
    h('h3', {}, code, ' ', h('span', { class: 'tally' }, String(letters.length))),
    h('p', {}, meaning, ' ', h('b', {}, nextStep)),
    h(
      'ul',
      { class: 'letters' },
      ...letters.map(({ messageId, transactionId, account, command }) =>
        h(
          'li',
          {},
          transactionId === undefined
            ? h('code', {}, `message ${messageId}`)
            : h(
                'button',
                {
                  type: 'button',
                  class: 'link',
                  onclick: () => {
                    choose({ payment: transactionId });
                  },
                },
                transactionId,
              ),
          ...present([account]).map((hash) => h('span', { class: 'note' }, `account ${hash.slice(0, 8)}`)),
          ...present([page.run.operate]).map((operate) => copyable(`${operate} ${command}`, command)),
        ),
      ),
    ),
  );
}
