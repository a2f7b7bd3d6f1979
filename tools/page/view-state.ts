import type { PageModel, PagePayment } from './model';

/** What the reader has chosen. It is in the page's address, so that a link shows the same. */
export interface ViewState {
  /** Transaction id of the payment that is shown in detail. */
  readonly payment?: string;
  /** Hash of the account whose lane is shown; a filter of the payments. */
  readonly account?: string;
  /** Statuses of the payments that are listed. All when empty. */
  readonly status: readonly string[];
  /** Failure code of the payments that are listed. */
  readonly failure?: string;
  /** Part of a transaction id, or of an account's hash. */
  readonly search: string;
}

/** The page with the reader's choices. */
export interface Shown {
  readonly page: PageModel;
  readonly view: ViewState;
  /** Changes the choices, and the address with them. */
  readonly choose: (change: { readonly [Field in keyof ViewState]?: ViewState[Field] | undefined }) => void;
}

export const NOTHING_CHOSEN: ViewState = { status: [], search: '' };

/** Reads the address's fragment, such as `#payment=p-1&status=FAILED,REVIEW`. What it doesn't know, it ignores. */
export function stateOf(fragment: string): ViewState {
  const given = new URLSearchParams(fragment.replace(/^#/, ''));
  const text = (name: string) => given.get(name) ?? undefined;
  const [payment, account, failure] = ['payment', 'account', 'failure'].map(text);
  return {
    ...(payment !== undefined && { payment }),
    ...(account !== undefined && { account }),
    ...(failure !== undefined && { failure }),
    status: (text('status') ?? '').split(',').filter((status) => status !== ''),
    search: text('search') ?? '',
  };
}

/** Writes the fragment. Empty when nothing is chosen. */
export function fragmentOf({ payment, account, status, failure, search }: ViewState): string {
  const fields = { payment, account, status: status.join(','), failure, search };
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`],
  );
  return given.length === 0 ? '' : `#${given.join('&')}`;
}

/** The payments that the filters leave, in the order given. */
export function filtered(payments: readonly PagePayment[], state: ViewState): PagePayment[] {
  const search = state.search.trim().toLowerCase();
  return payments.filter(
    ({ id, account, accountEnd, status, failure }) =>
      (state.status.length === 0 || state.status.includes(status)) &&
      (state.account === undefined || account === state.account) &&
      (state.failure === undefined || failure?.code === state.failure) &&
      (search === '' || [id, account, accountEnd].some((text) => text.toLowerCase().includes(search))),
  );
}

/** Whether anything but the payment in detail is chosen. */
export function isFiltered({ account, status, failure, search }: ViewState): boolean {
  return account !== undefined || failure !== undefined || status.length > 0 || search !== '';
}

/** An account's payments in the account's order. Sequence numbers have up to 20 digits, so that they are compared as texts. */
export function laneOf(payments: readonly PagePayment[], account: string): PagePayment[] {
  return payments
    .filter((payment) => payment.account === account)
    .sort((one, other) => compareSequence(one.sequence, other.sequence));
}

function compareSequence(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

/** When a payment reached its outcome. Undefined while it has none. */
export function settledAt({ status, history }: PagePayment): number | undefined {
  return status === 'PROCESSING' ? undefined : history.findLast((entry) => entry.status === status)?.at;
}
