import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClaimName } from '../../../tools/demo/verification/claims';
import { runDemoCommand, faultyBundle } from '../../../tools/demo/fixtures/demo-run';
import { thoroughConcurrentTest } from '../../../tools/kit/thorough';

jest.setTimeout(120_000); // eight demos at once

const FEW = ['--payments', '6', '--accounts', '1', '--poison', '0', '--fault-rate', '0'];

/** Deletes the file of `swap-two`, which does not know which message is the last. */
afterAll(() => {
  rmSync(join(tmpdir(), `held-${process.pid}.json`), { force: true });
});

describe('the claims, when the pipeline has a fault', () => {
  test.concurrent('all hold, and the exit code is 0, without a fault', async () => {
    const { code, report, stdout } = await runDemoCommand(FEW);

    expect(Object.values(report?.claims ?? {})).toEqual([true, true, true, true, true]);
    expect(stdout).toContain('All 5 claims hold.');
    expect(stdout).not.toContain('✘');
    expect(code).toBe(0);
  });

  thoroughConcurrentTest.each<[fault: string, broken: ClaimName]>([
    ['drop-a-message', 'nothing_lost'],
    ['swap-two', 'order_per_account'],
    ['run-an-account-at-once', 'order_per_account'],
    ['return-one-alone', 'order_per_account'],
    ['decide-twice', 'decided_once'],
    ['dead-letter-a-healthy-one', 'dead_letters_exact'],
    ['emit-a-metric-too-few', 'metrics_match_records'],
  ])('%s breaks %s, says so, and exits with 1', async (fault, broken) => {
    const { code, report, stdout } = await runDemoCommand(FEW, { bundle: faultyBundle(fault) });

    expect(report?.claims[broken]).toBe(false);
    expect(stdout).toMatch(new RegExp(`✘ .*${broken}`));
    expect(stdout).toMatch(new RegExp(`Broken: .*${broken}`));
    expect(code).toBe(1);
  });
});
