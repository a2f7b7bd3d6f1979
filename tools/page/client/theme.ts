import { h } from './dom';

const CHOICES = ['auto', 'light', 'dark'] as const;
type Choice = (typeof CHOICES)[number];
const KEY = 'payment-pipeline-theme';

/** Tells that the colours have changed, so that the graphs are drawn again. */
export const THEME_CHANGED = 'theme-changed';

/** The switch of light and dark. `auto` follows the system. */
export function themeSwitch(): HTMLElement {
  const group = h('div', { class: 'segmented', role: 'group', 'aria-label': 'Theme' });
  const choose = (choice: Choice) => {
    show(choice);
    remember(choice);
    for (const button of group.children) button.setAttribute('aria-pressed', String(button.textContent === choice));
  };
  group.append(
    ...CHOICES.map((choice) =>
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            choose(choice);
          },
        },
        choice,
      ),
    ),
  );
  choose(remembered());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', announce);
  // Paper is white.
  addEventListener('beforeprint', () => {
    show('light');
  });
  addEventListener('afterprint', () => {
    show(remembered());
  });
  return group;
}

function show(choice: Choice): void {
  if (choice === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  announce();
}

function announce(): void {
  dispatchEvent(new Event(THEME_CHANGED));
}

function remembered(): Choice {
  try {
    return CHOICES.find((choice) => choice === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto'; // a browser may refuse storage to files
  }
}

function remember(choice: Choice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // The choice holds until the page is closed.
  }
}

/** The colour of a CSS expression, such as `var(--line-1)`, as a canvas understands it. */
export function colourOf(expression: string): string {
  const probe = document.createElement('i');
  probe.style.color = expression;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
