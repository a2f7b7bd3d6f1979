import { statSync } from 'node:fs';
import { join } from 'node:path';
import { HANDLERS } from '../../../src/contract/function-calls';
import { thisProject } from '../../../tools/kit/project';

test.each(HANDLERS)('the bundle of the %s has at most 400 KB: every cold start reads it', (handler) => {
  expect(statSync(join(thisProject.root, 'assets', handler, 'index.mjs')).size).toBeLessThanOrEqual(400_000);
});
