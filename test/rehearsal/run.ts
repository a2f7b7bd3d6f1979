import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, Story } from './story';
import { logOf, openWorld, type Rehearsal, type World } from './world';

const FILE = 'src/infrastructure/alerting.ts';
const [FIRST, SECOND, THIRD] = ['Payment pipeline alerts', 'Payment alarms', 'Payment calls'] as const;

/** The workflows as they are written, step by step, on this machine. @throws StepError at the first that is not as it should be */
export async function rehearse(rehearsal: Rehearsal): Promise<void> {
  const world = await openWorld(rehearsal);
  const story = new Story(world);
  try {
    await whatWasReviewedIsApplied(rehearsal, world, story);
    await whatWasNotReviewedWaits(rehearsal, world, story);
  } finally {
    await world.github.stop();
  }
}

async function whatWasReviewedIsApplied(rehearsal: Rehearsal, world: World, story: Story): Promise<void> {
  const log = logOf(rehearsal, 'rehearsal');
  const { steps } = rehearsal;
  const branch = await world.origin.branch('first', FILE, FIRST, SECOND);

  await steps.take('a pull request is planned, and its plan is shown', log, async (say) => {
    const planned = await story.plan(branch);
    ended(planned, { synth: 'success', plan: 'success' });
    const [comment] = world.github.comments;
    assert.match(comment?.body ?? '', /^<!-- plan[^]*\d+ to create[^]*aws_sns_topic\.payments_alerting_topic[^]*Digest of what it does: `sha256:/);
    assert.doesNotMatch(comment?.body ?? '', /123456789012|payments-oncall@/);
    assert.equal(await story.displayName(), undefined);
    say(comment!.body.split('\n')[1]!);
  });

  await steps.take('merged, it is planned again in another directory, does the same, and is applied', log, async (say) => {
    const applied = await story.merge('first', branch);
    ended(applied, { apply: 'success', 'apply-after-approval': 'skipped' });
    assert.equal(await story.displayName(), SECOND);
    say(applied.summary.split('\n')[0]!);
  });

  await steps.take('AWS is as main says', log, async () => {
    ended(await story.drift(), { drift: 'success' });
    assert.deepEqual(world.github.issues, []);
  });
}

async function whatWasNotReviewedWaits(rehearsal: Rehearsal, world: World, story: Story): Promise<void> {
  const log = logOf(rehearsal, 'rehearsal');
  const { steps } = rehearsal;
  const branch = await world.origin.branch('second', FILE, SECOND, THIRD);

  await steps.take('another pull request is planned', log, async (say) => {
    ended(await story.plan(branch), { synth: 'success', plan: 'success' });
    say(world.github.comments.at(-1)!.body.split('\n')[1]!);
  });

  await steps.take('somebody changes AWS by hand: an issue says so', log, async (say) => {
    await story.rename('By hand');
    ended(await story.drift(), { drift: 'success' });
    assert.match(world.github.issues[0]?.body ?? '', /1 to change[^]*By hand/);
    say(world.github.issues[0]!.title ?? '');
  });

  await steps.take('merged, it would not do what was reviewed: nothing is applied without an approval, nor with a tampered plan', log, async (say) => {
    const applied = await story.merge('second', branch, async (environment, run) => {
      if (environment !== 'production-review') return;
      assert.equal(await story.displayName(), 'By hand');
      tamper(world, run);
    });
    ended(applied, { apply: 'success', 'apply-after-approval': 'failure' });
    assert.match(applied.jobs['apply-after-approval']!.said, /changed after it was made \(plan\.tfplan\)/);
    assert.equal(await story.displayName(), 'By hand');
    for (const line of applied.summary.split('\n\n').slice(0, 2)) say(line);
    assert.match(applied.summary, /does not do what was reviewed: 1 difference[^]*before\.display_name: "Payment alarms" when reviewed, "By hand" now/);
  });

  await steps.take('run again and approved, exactly that plan is applied; the issue is closed', log, async () => {
    const approved = await story.apply();
    ended(approved, { apply: 'success', 'apply-after-approval': 'success' });
    assert.equal(await story.displayName(), THIRD);
    ended(await story.drift(), { drift: 'success' });
    assert.equal(world.github.issues[0]?.state, 'closed');
  });
}

function tamper({ runner, github }: World, run: number): void {
  const { name } = github.artifacts.at(-1) as { name: string };
  const file = join(runner.artifacts.placeOf(run, name), 'plan.tfplan');
  appendFileSync(file, 'more');
}
