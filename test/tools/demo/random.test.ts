import { seededRandom } from '../../../tools/kit/random';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

test('the same seed makes the same numbers', () => {
  const draw = () => {
    const random = seededRandom(7);
    return [random.next(), random.between(1, 6), random.next()];
  };

  expect(draw()).toEqual(draw());
});

test('neighbouring seeds differ from their first number on', () => {
  const firsts = SEEDS.map((seed) => seededRandom(seed).next());

  expect(firsts.filter((first) => first < 0.5).length).toBeGreaterThan(30);
  expect(firsts.filter((first) => first >= 0.5).length).toBeGreaterThan(30);
});

test('both ends of a range are drawn', () => {
  const random = seededRandom(1);

  expect(new Set(SEEDS.map(() => random.between(1, 3)))).toEqual(new Set([1, 2, 3]));
});
