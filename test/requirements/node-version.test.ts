import { engines } from '../../package.json';
import { complaintAboutNode } from '../../src/requirements/node-version';

test.each(['20.19.0', '20.20.2', '22.12.0', '23.0.0', '24.1.0-rc.1'])('Node %s will do', (version) => {
  expect(complaintAboutNode(version)).toBeUndefined();
});

test.each(['16.20.2', '18.20.8', '20.18.3', '21.7.3', '22.11.0'])('Node %s will not, and is told which will', (version) => {
  expect(complaintAboutNode(version)).toMatch(new RegExp(`^cdktf-payment-pipeline needs Node 20\\.19 or newer, of Node 22 at least 22\\.12, and this is ${version}: `));
});

test('npm is told the same', () => {
  expect(engines.node).toBe('^20.19.0 || >=22.12.0');
});
