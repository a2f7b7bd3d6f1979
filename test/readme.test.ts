import { peerDependencies, version } from '../package.json';
import { README_APP, README_PACKAGES } from '../tools/kit/readme';
import { idsOf, runStackProgram } from '../tools/kit/stack-program';

test('the examples of the README do what it says', () => {
  const stack = runStackProgram({ 'app.ts': README_APP }, 'app.ts');
  expect(idsOf(stack, 'aws_lambda_function')).toContain('payments_payment_processor');
  expect(Object.keys(stack!.output)).toContain('payments_payment_queue_url');
});

test('it installs the packed file and the oldest peers of the package', () => {
  const ranges = README_PACKAGES.slice(1).map((name) => name.replace(/@(?=[\d.]+$)/, '@>='));
  const asked = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
  expect(README_PACKAGES[0]).toMatch(new RegExp(`/dist/js/cdktf-payment-pipeline-${version}\\.tgz$`));
  expect(asked.sort().map((peer) => ranges.some((range) => peer.startsWith(range)))).toEqual(asked.map(() => true));
  expect(ranges).toHaveLength(asked.length);
});
