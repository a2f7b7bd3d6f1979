import assert from 'node:assert/strict';
import type { Resolution } from '../../../src/contract';
import type { ResolveAnswer } from '../../../src/dlq-processor/core/resolve';
import type { Say } from '../../kit/steps';
import { callerOf } from '../support/lookups';
import { OUTCOMES } from '../payments/sample';
import { recordOf, type TestContext } from '../payments/test-context';
import { answer, type Tool } from './tool';

const REASON = 'the customer was called';

/** Decides payments in review. Each names the caller, and stays decided when it is decided again. */
export async function decideReviews(
  tool: Tool,
  byOutputs: readonly string[],
  context: TestContext,
  say: Say,
): Promise<void> {
  const inReview = Object.keys(OUTCOMES).filter((id) => OUTCOMES[id] === 'REVIEW');
  const listed = (await answer(tool, ['review', ...byOutputs])) as {
    readonly in_review: readonly { readonly transaction_id: string }[];
  };
  assert.deepEqual(listed.in_review.map(({ transaction_id }) => transaction_id).sort(), inReview);
  const caller = await callerOf(context.deployed);
  const decide = async (decision: Resolution, id: string) =>
    (await answer(tool, [decision, id, '--reason', REASON, '--yes', ...byOutputs])) as ResolveAnswer;
  const decisions = { approve: 'APPROVED', decline: 'DECLINED' } as const;
  for (const [index, decision] of (['approve', 'decline'] as const).entries()) {
    const id = inReview[index]!;
    const { resolved, actor } = await decide(decision, id);
    assert.deepEqual([resolved, actor], [1, caller]);
    const { payment_status, fraud, history } = await recordOf(context, id);
    const { status, reason, actor: recorded } = history.at(-1)!;
    assert.deepEqual(
      [payment_status, status, reason, recorded, fraud?.decision],
      [decisions[decision], decisions[decision], REASON, caller, 'review'],
    );
  }
  assert.equal((await decide('approve', inReview[0]!)).resolvedBefore, 1);
  say(`review, approve, decline: ${caller} decides ${inReview.slice(0, 2).join(' and ')}, and their histories say so`);
}
