import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planReview } from '../plan-review/main';
import { checksumOf, type Manifest } from '../plan-review/plan-artifact';
import { EXIT } from '../../src/cli/command-error';
import { run as runProgram } from '../kit/command-run';
import { sameAndOther } from './digests';
import type { Branch } from './origin';
import { ended, Story } from './story';
import { logOf, openWorld, type Rehearsal, type World } from './world';

const FILE = 'src/infrastructure/alerting.ts';
const [FIRST, SECOND, THIRD] = ['Payment pipeline alerts', 'Payment alarms', 'Payment calls'] as const;

/** The workflows as they are written, step by step, on this machine. @throws StepError at the first that is not as it should be */
export async function rehearse(rehearsal: Rehearsal): Promise<void> {
  const world = await openWorld(rehearsal);
  const story = new Story(world);
  try {
    await sameAndOther(rehearsal, world);
    await whatWasReviewedIsApplied(rehearsal, world, story);
    await whatWasNotReviewedWaits(rehearsal, world, story);
  } finally {
    await world.github.close();
  }
}

async function whatWasReviewedIsApplied(rehearsal: Rehearsal, world: World, story: Story): Promise<void> {
  const log = logOf(rehearsal, 'rehearsal');
  const branch = await world.origin.branch('first', FILE, FIRST, SECOND);
  await planned(
    rehearsal,
    world,
    story,
    branch,
    /\d+ to create[^]*aws_sns_topic\.payments_alerting_topic[^]*Digest of what it does: `sha256:/,
  );

  await rehearsal.steps.take(
    'merged, it is planned again in another directory, does the same, and is applied',
    log,
    async (say) => {
      const applied = await story.merge('first', branch);
      ended(applied, { apply: 'success', 'apply-after-approval': 'skipped' });
      assert.equal(await story.displayName(), SECOND);
      say(applied.summary.split('\n')[0]!);
    },
  );
}

async function whatWasNotReviewedWaits(rehearsal: Rehearsal, world: World, story: Story): Promise<void> {
  const log = logOf(rehearsal, 'rehearsal');
  const { steps } = rehearsal;
  const branch = await world.origin.branch('second', FILE, SECOND, THIRD);

  await steps.take('from a fork it is validated, and not planned', log, async (say) => {
    const { jobs, summary } = await story.plan(branch, 'somebody/fork');
    assert.deepEqual([jobs.synth?.result, jobs.plan?.result, world.github.comments.length], ['success', 'skipped', 1]);
    assert.match(summary, /a pull request from a fork gets no credentials/);
    say(summary.trim());
  });

  await planned(rehearsal, world, story, branch, /1 to change/);

  await steps.take('a change of AWS by hand: an issue reports it', log, async (say) => {
    await story.rename('By hand');
    ended(await story.drift(), { drift: 'success' });
    assert.match(world.github.issues[0]?.body ?? '', /1 to change[^]*By hand/);
    say(world.github.issues[0]!.title ?? '');
  });

  await steps.take(
    'merged, it would not do what was reviewed: it waits, and is applied exactly so when it is approved',
    log,
    async (say) => {
      const applied = await story.merge('second', branch, async (environment, run) => {
        if (environment !== 'production-review') return;
        assert.equal(await story.displayName(), 'By hand');
        say(await refusalOfTampered(world, run));
      });
      ended(applied, { apply: 'success', 'apply-after-approval': 'success' });
      for (const line of applied.summary.split('\n\n').slice(0, 2)) say(line);
      assert.match(
        applied.summary,
        /does not do what was reviewed: 1 difference[^]*before\.display_name: "Payment alarms" when reviewed, "By hand" now/,
      );
      assert.equal(await story.displayName(), THIRD);
    },
  );
}

async function planned(
  { steps, ...rehearsal }: Rehearsal,
  world: World,
  story: Story,
  branch: Branch,
  shows: RegExp,
): Promise<void> {
  await steps.take(
    'a pull request is planned, and its plan is shown',
    logOf({ steps, ...rehearsal }, 'rehearsal'),
    async (say) => {
      const before = await story.displayName();
      ended(await story.plan(branch), { synth: 'success', plan: 'success' });
      const { body } = world.github.comments.at(-1)!;
      assert.match(body, shows);
      assert.doesNotMatch(body, /123456789012|payments-oncall@/);
      assert.equal(await story.displayName(), before);
      say(body.split('\n')[1]!);
    },
  );
}

/** @returns how the plan that awaits its approval is refused, when a byte is added to it */
async function refusalOfTampered({ runner, github }: World, run: number): Promise<string> {
  const copy = join(runner.newDirectory(), 'tampered');
  const { name } = github.artifacts.at(-1) as { name: string };
  cpSync(runner.artifacts.placeOf(run, name), copy, { recursive: true });
  appendFileSync(join(copy, 'plan.tfplan'), '!');
  const checksum = checksumOf(JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')) as Manifest);
  const { code, stderr } = await runProgram(planReview, 'unpack', '--seal', checksum, copy);
  assert.equal(code, EXIT.usageError);
  return stderr.trim();
}
