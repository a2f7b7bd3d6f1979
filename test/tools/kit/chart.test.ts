import { barChart, lineChart } from '../../../tools/kit/chart';

const text = (logarithmic: boolean) => ({
  title: 'Cost & more',
  x: { label: 'a < b', logarithmic },
  y: { label: 'USD', logarithmic },
});

/** The points of each line of a chart. */
function lines(svg: string): number[][][] {
  return [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number)),
  );
}

test.each([false, true])('a line goes right and up with its values; logarithmic: %s', (logarithmic) => {
  const svg = lineChart(text(logarithmic), [
    {
      label: 'one',
      points: [
        [1, 10],
        [10, 100],
        [100, 1_000],
      ],
    },
  ]);
  const [[one, two, three]] = lines(svg) as [[number[], number[], number[]]];
  expect(two[0]! - one[0]!).toBeGreaterThan(0);
  expect(two[1]! - one[1]!).toBeLessThan(0);
  // Equal ratios are equal distances on a logarithmic axis, and one to ten on another.
  expect((three[0]! - two[0]!) / (two[0]! - one[0]!)).toBeCloseTo(logarithmic ? 1 : 10, 0);
  expect(svg).toContain('Cost &amp; more');
  expect(svg).toContain('a &lt; b');
});

test('the parts of a bar stand on each other, as high as their values', () => {
  const svg = barChart(text(false), [{ label: 'bar', parts: { small: 10, large: 30 } }]);
  const boxes = [...svg.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="#(?!fff)/g)];
  const [small, large] = boxes.map(([, y, height]) => ({ y: Number(y), height: Number(height) }));
  expect(large!.height / small!.height).toBeCloseTo(3, 1);
  expect(large!.y + large!.height).toBeCloseTo(small!.y, 0);
});
