import { EventEmitter } from 'node:events';
import { colours } from '../../src/cli/escaped-text';
import { AwsCallError } from '../../src/ops/aws-call';
import type { DlqRequest, Services, BulkRequest } from '../../src/ops/services';
import { interruptible } from '../../src/cli/terminal';
import { type Consent, work } from '../../src/ops/bulk-operation';
import { type At, terminalOf } from '../../tools/kit/ops/ops-bench';

const NOTHING_LEFT = {
  wouldFailAgain: 0,
  waiting: 0,
  discardedBefore: 0,
  conflicting: 0,
  unreadable: 0,
  incomplete: 0,
  notSelected: 0,
};

/** Dead letters, and a function that has time for three of them a call. */
class Pile {
  readonly requests: DlqRequest[] = [];
  onCall: (call: number) => void = () => undefined;
  /** Settled when the call is to be answered; a look ahead is call 0. */
  answers: (call: number) => Promise<void> = () => Promise.resolve();
  /** Letters that stay in the queue, by reason. */
  left: Partial<typeof NOTHING_LEFT> = {};
  private calls = 0;

  constructor(
    private ids: string[],
    private readonly aCall = 3,
  ) {}

  async invoke(request: DlqRequest): Promise<unknown> {
    this.requests.push(request);
    if (request.dryRun !== true) this.onCall(++this.calls);
    const meant = this.ids.filter((id) => request.transactionIds?.includes(id) ?? true);
    const most = request.dryRun === true ? Infinity : this.aCall;
    const done = meant.slice(0, Math.min(most, request.limit ?? Infinity));
    const more = done.length < meant.length;
    const notFound = more ? [] : (request.transactionIds ?? []).filter((id) => !this.ids.includes(id));
    if (request.dryRun !== true) this.ids = this.ids.filter((id) => !done.includes(id));
    await this.answers(request.dryRun === true ? 0 : this.calls);
    return {
      action: request.action,
      dryRun: request.dryRun === true,
      seen: meant.length,
      redriven: done.length,
      discarded: 0,
      settled: 0,
      left: { ...NOTHING_LEFT, ...this.left },
      leftIds: {},
      waitsFor: [],
      unreachable: [],
      notFound,
      errors: {},
      deadLetters: { visible: this.ids.length, inFlight: 0 },
      more,
    };
  }

  get rest(): number {
    return this.ids.length;
  }
}

const pileOf = (count: number, aCall?: number) =>
  new Pile(
    Array.from({ length: count }, (_, n) => `tx-${n}`),
    aCall,
  );

async function redrive(pile: Pile, consent: Consent = { yes: true }, request: Partial<BulkRequest> = {}, at: At = {}) {
  const services = { dlqProcessor: pile, payments: { place: 'payments in eu-west-1' } } as unknown as Services;
  const look = { full: false, colours: colours(false), width: 80 };
  const terminal = terminalOf(at);
  const answer = await interruptible(terminal, (one) =>
    work({ action: 'redrive', ...request }, consent, services, look, one),
  );
  return { ...answer, text: String(answer.text), stderr: terminal.stderr.text };
}

test('without a terminal and without --yes, nothing is read', async () => {
  const pile = pileOf(1);
  await expect(redrive(pile, {})).rejects.toThrow(
    'redrive changes payments, and there is no terminal to ask at: say --yes, or --dry-run to see what it would do.',
  );
  expect(pile.requests).toEqual([]);
});

test.each(['n\n', '\n', '', 'yesterday\n'])('a person who answers %j changes nothing', async (typed) => {
  const pile = pileOf(2);
  expect(await redrive(pile, {}, {}, { typed })).toMatchObject({ exitCode: 1, text: 'Nothing was changed.' });
  expect(pile.requests).toEqual([{ action: 'redrive', dryRun: true }]);
});

test('the question names the number and the place, and says when there may be more', async () => {
  const question = async (request: Omit<DlqRequest, 'action'>) =>
    (await redrive(pileOf(3), {}, request, { typed: 'n\n' })).stderr;
  expect(await question({})).toContain(
    'Redrive 3 payments of payments in eu-west-1? There may be more than can be seen before. [y/N]',
  );
  expect(await question({ limit: 2 })).toContain('Redrive 2 payments of payments in eu-west-1? [y/N]');
});

test('an empty queue: nothing to do, and no question', async () => {
  expect(await redrive(pileOf(0), {}, {}, { typed: 'yes\n' })).toMatchObject({
    exitCode: 0,
    text: 'Nothing to redrive. Nothing was changed.',
  });
});

test('what one call cannot finish, the next ones do', async () => {
  const pile = pileOf(8);
  expect(await redrive(pile)).toMatchObject({
    exitCode: 0,
    json: { redriven: 8, calls: 3, ended: 'done', more: false, deadLetters: { visible: 0 } },
  });
});

test('a limit is kept over all calls, and the output says what remains', async () => {
  const pile = pileOf(6);
  const { exitCode, text } = await redrive(pile, { yes: true }, { limit: 4 });
  expect(exitCode).toBe(0);
  expect(text).toContain(
    'The limit is reached: 4 payments done, 0 were decided already. The same command continues with the next.',
  );
  expect(pile.rest).toBe(2);
});

test('Ctrl-C ends it at once, during a call: the output says what is certain, and the same command continues', async () => {
  const [pile, signals] = [pileOf(7), new EventEmitter()];
  pile.onCall = (call) => {
    if (call === 2) signals.emit('SIGINT');
  };
  pile.answers = (call) => (call < 2 ? Promise.resolve() : new Promise(() => undefined));
  const { exitCode, text, json } = await redrive(pile, { yes: true }, {}, { signals });

  expect(exitCode).toBe(130);
  expect(text).toContain(
    'Interrupted. For certain: 3 payments done, 0 were decided already. A call in progress continues in the function, for two minutes at most. Nothing is lost or done twice: the same command continues from here.',
  );
  expect(json).toMatchObject({ ended: 'interrupted', redriven: 3, calls: 1 });
  expect(signals.listenerCount('SIGINT')).toBe(0);
});

test.each([
  [
    'while it looks ahead',
    'yes\n',
    (pile: Pile, signals: EventEmitter) => {
      pile.answers = () =>
        new Promise(() => {
          signals.emit('SIGINT');
        });
    },
  ],
  ['at the question', '\u0003', () => undefined],
])('Ctrl-C %s: nothing was changed', async (_when, typed, prepare) => {
  const [pile, signals] = [pileOf(2), new EventEmitter()];
  prepare(pile, signals);
  await expect(redrive(pile, {}, {}, { typed, signals })).rejects.toThrow('Interrupted. No payment was changed.');
  expect(pile.requests).toEqual([{ action: 'redrive', dryRun: true }]);
});

test('after a failed call the output says what was done until then', async () => {
  const pile = pileOf(7);
  pile.onCall = (call) => {
    if (call === 2) throw new AwsCallError('Lambda is away.');
  };
  const { exitCode, text } = await redrive(pile);
  expect(exitCode).toBe(1);
  expect(text).toContain(
    'Lambda is away. Until then: 3 payments done, 0 were decided already. Nothing is lost or done twice',
  );
});

test('a call that brings nothing ends it', async () => {
  const pile = pileOf(2, 0);
  const { exitCode, text } = await redrive(pile);
  expect({ exitCode, calls: pile.requests.length }).toEqual({ exitCode: 1, calls: 2 });
  expect(text).toContain('The last call brought nothing further, and there is more to do: 0 payments done');
});

test('targets by id that an earlier call has done are not reported missing; those that never existed are', async () => {
  const transactionIds = ['tx-0', 'tx-1', 'tx-2', 'tx-3', 'tx-404'];
  const { exitCode, json, text } = await redrive(pileOf(4), { yes: true }, { transactionIds });
  expect({ exitCode, json }).toMatchObject({ exitCode: 1, json: { redriven: 4, calls: 2, notFound: ['tx-404'] } });
  expect(text).toMatch(/asked for, but nothing to do: unknown, on its way, or at +│ 1 +│ tx-404/);
});

test.each([
  ['asked for by its id, is no success', ['tx-0', 'tx-9'], { conflicting: 1, notSelected: 3 }, 1],
  ['not asked for, is no failure', ['tx-0'], { notSelected: 3 }, 0],
  ['refused permanently, is no success', undefined, { wouldFailAgain: 1 }, 1],
  ['waiting for another payment, is no success', undefined, { waiting: 1 }, 1],
  ['discarded before, is no success', undefined, { discardedBefore: 1 }, 1],
  ['conflicting, is no success', undefined, { conflicting: 1 }, 1],
  ['invalid, is no success', undefined, { unreadable: 1 }, 1],
  ['incomplete, is no success', undefined, { incomplete: 1 }, 1],
])('what stays, %s', async (_what, transactionIds, left, expected) => {
  for (const action of ['redrive', 'discard'] as const) {
    for (const consent of [{ yes: true }, { dryRun: true }]) {
      const pile = new Pile(['tx-0', 'tx-9']);
      pile.left = left;
      expect(await redrive(pile, consent, { action, ...(transactionIds && { transactionIds }) })).toMatchObject({
        exitCode: expected,
      });
    }
  }
});

test('with nothing to do, what stays is no success either', async () => {
  const pile = pileOf(0);
  pile.left = { wouldFailAgain: 1 };
  expect(await redrive(pile, { yes: true })).toMatchObject({
    exitCode: 1,
    text: 'Nothing to redrive. Nothing was changed.',
  });
});

test.each([{ yes: true }, { dryRun: true }])(
  'a limit leaves nothing that was asked for, and hides nothing that was (%j)',
  async (consent) => {
    const pile = pileOf(6);
    expect(await redrive(pile, consent, { limit: 4 })).toMatchObject({ exitCode: 0, json: { more: true } });
    pile.left = { waiting: 1 };
    expect(await redrive(pile, consent, { limit: 2 })).toMatchObject({ exitCode: 1 });
    expect(await redrive(pileOf(2, 0), consent, { limit: 4 })).toMatchObject({ exitCode: 'dryRun' in consent ? 0 : 1 });
  },
);
