/** A child of an element: text stays text, whatever it contains. */
export type Child = Node | string | undefined;

type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** Creates an element. Attributes that begin with `on` are listeners; undefined and false leave an attribute out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  decorate(element, attributes);
  element.append(...present(children));
  return element;
}

/** Creates an element of SVG. */
export function svg(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  decorate(element, attributes);
  element.append(...present(children));
  return element;
}

function decorate(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
}

export function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

/** Sets properties of the element's style: the page's policy allows no style attributes. */
export function styled<E extends HTMLElement | SVGElement>(element: E, style: Readonly<Record<string, string>>): E {
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  return element;
}

/** A part of the page. */
export interface Section<Shown> {
  readonly element: HTMLElement;
  update(shown: Shown): void;
}

/** A heading with what the section shows, and its content below. */
export function section(id: string, title: string, note: Child, ...content: readonly Child[]): HTMLElement {
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-title`, tabindex: -1 },
    h('header', { class: 'section-head' }, h('h2', { id: `${id}-title` }, title), h('p', { class: 'note' }, note)),
    ...content,
  );
}

/** Text that is copied by a click. */
export function copyable(text: string, label = text): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'copy',
      title: 'Copy',
      onclick: () => {
        void navigator.clipboard.writeText(text).then(() => {
          button.dataset.copied = '';
          setTimeout(() => delete button.dataset.copied, 1_200);
        });
      },
    },
    h('code', {}, label),
  );
  return button;
}

/** The status of a payment or the state of an alarm: a dot and its name. */
export function badge(kind: string, label = kind): HTMLElement {
  return h('span', { class: 'badge', 'data-kind': kind }, label);
}

/** Whether the page follows a server. */
export function isLive(): boolean {
  return document.documentElement.dataset.live !== undefined;
}

/** A page of the documentation: a live page serves it, and a file names it. @default label the path */
export function runbookLink(path: string, label = path): HTMLElement {
  return isLive()
    ? h('a', { href: `/${path}`, target: '_blank', rel: 'noopener', title: path }, label)
    : copyable(path);
}
