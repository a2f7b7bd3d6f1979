import { engines } from '../../package.json';
import { unsupportedNodeMessage } from '../../src/preflight/node-version';

test.each(['20.0.0', '20.18.3', '20.20.2', '21.7.3', '22.0.0', '22.11.0', '23.0.0', '24.1.0-rc.1', '100.0.0'])(
  'Node %s will do',
  (version) => {
    expect(unsupportedNodeMessage(version)).toBeUndefined();
  },
);

test.each(['0.12.18', '9.11.2', '16.20.2', '18.20.8', '19.9.0'])(
  'Node %s will not, and is told which will',
  (version) => {
    expect(unsupportedNodeMessage(version)).toMatch(
      new RegExp(`^cdktf-payment-pipeline needs Node 20 or newer, and this is ${version}: `),
    );
  },
);

test("the package's engines field says the same", () => {
  expect(engines.node).toBe('>=20.0.0');
});
