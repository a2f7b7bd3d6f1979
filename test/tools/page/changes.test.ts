import { apply, changesSince, modelOf, partsOf, textsOf } from '../../../tools/page/changes';
import { sampleModel } from '../../../tools/page/fixtures/sample-model';

const before = sampleModel({ payments: 5 });

function changesOf(after: typeof before) {
  return changesSince(textsOf(partsOf(before)), partsOf(after));
}

test('a model is the same when it was taken apart and put together', () => {
  expect(modelOf(partsOf(before))).toEqual(before);
});

test('nothing is sent when nothing has changed', () => {
  expect(changesOf(structuredClone(before))).toEqual({ set: {}, removed: [] });
});

test('only the payment that has changed is sent', () => {
  const payments = before.payments.map((payment, index) => (index === 2 ? { ...payment, attempts: 2 } : payment));

  expect(Object.keys(changesOf({ ...before, payments }).set)).toEqual([`payments/${payments[2]!.id}`]);
});

test('a reader that applies the changes has the model: new, changed and removed items, in their order', () => {
  const [first, ...others] = before.payments;
  const after = {
    ...before,
    run: { ...before.run, now: before.run.now + 1 },
    payments: [...others, { ...first!, attempts: 3 }, { ...first!, id: 'new/one' }],
    deadLetters: [],
    widgets: before.widgets.slice(1),
  };
  const parts = partsOf(before);

  apply(changesOf(after), parts);

  expect(modelOf(parts)).toEqual(after);
});
