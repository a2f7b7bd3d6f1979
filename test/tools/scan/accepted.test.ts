import { ACCEPTED } from '../../../tools/scan/accepted';

test('every accepted finding names a check, and has a reason that is a sentence', () => {
  expect(ACCEPTED.filter(({ check }) => !/^CKV2?_AWS_\d+$/.test(check))).toEqual([]);
  expect(ACCEPTED.filter(({ reason }) => !/^[A-Z].{15,}\.$/.test(reason))).toEqual([]);
});

test('no finding is accepted twice', () => {
  const entries = ACCEPTED.map(({ check, resource }) => `${check} ${String(resource)}`);
  expect(new Set(entries).size).toBe(entries.length);
});
