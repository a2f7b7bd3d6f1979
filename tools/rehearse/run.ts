import { GetTopicAttributesCommand, ListTopicsCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import assert from 'node:assert/strict';
import pLimit from 'p-limit';
import { preparePython } from '../e2e/emulator/environment';
import { Emulator } from '../e2e/emulator/emulator';
import type { Run } from '../e2e/run';
import { clientsFor } from '../e2e/support/clients';
import type { Say } from '../kit/steps';
import { ACCIDENTS } from './accidents';
import { ATTACKS } from './attacks';
import { PROMOTION } from './promotion';
import { sameAndOther } from './digests';
import { ended, type Repository } from './repository';
import { logOf, prepareGround, pretendWorld, realWorld, type Ground } from './world';

const FILE = 'src/infrastructure/alerting.ts';
const [FIRST, SECOND] = ['Payment pipeline alerts', 'Payment alarms'] as const;

/** The workflows as they are written, step by step, on this machine. @throws StepError at the first that is not as it should be */
export async function rehearse(rehearsal: Run): Promise<void> {
  const log = logOf(rehearsal, 'rehearsal');
  const ground = await rehearsal.steps.take('make a repository of this checkout', log, () => prepareGround(rehearsal));
  await rehearseStories(rehearsal, ground);
  const endpoint = await startEmulator(rehearsal);
  const repository = await realWorld(rehearsal, ground, endpoint);
  repository.vars.TF_STATE_BUCKET = ' '; // set up, with a state in a file
  try {
    await sameAndOther(rehearsal, repository.runner);
    await rehearsal.steps.take(
      'with Terraform: planned, approved, merged, and applied; then changed by hand',
      log,
      (say) => withTerraform(repository, endpoint, say),
    );
  } finally {
    await repository.github.close();
  }
}

/** Each story in a world of its own, two at a time. */
async function rehearseStories(rehearsal: Run, ground: Ground): Promise<void> {
  const atATime = pLimit(2);
  const stories = Object.entries({ ...ATTACKS, ...ACCIDENTS, ...PROMOTION }).map(([name, story]) =>
    atATime(() =>
      rehearsal.steps.take(name, logOf(rehearsal, 'rehearsal'), async (say) => {
        const repository = await pretendWorld(rehearsal, ground);
        try {
          await story(repository, say);
        } finally {
          await repository.github.close();
        }
      }),
    ),
  );
  await Promise.all(stories);
}

async function startEmulator(rehearsal: Run): Promise<string> {
  const { processes, temporary, venv, steps } = rehearsal;
  const log = logOf(rehearsal, 'rehearsal-emulator');
  return steps.take('start the emulator', log, async (say) => {
    const python = await preparePython({ directory: venv, log, processes, say });
    const emulator = await Emulator.start({ python, directory: temporary, log, processes });
    steps.failOn(emulator.gone);
    return emulator.endpoint;
  });
}

async function withTerraform(repository: Repository, endpoint: string, say: Say): Promise<void> {
  const topic = new AlertTopic(endpoint);
  const pull = await repository.open('first', { [FILE]: (text) => text.replace(FIRST, SECOND) });
  const comment = repository.comment(pull, '### Plan');
  assert.match(comment, /\d+ to create[^]*aws_sns_topic\.payments_alerting_topic[^]*Digest of what it does: `sha256:/);
  assert.match(comment, /Costs \d+\.\d\d USD a month fixed \(\+0\.00\)[^]*The policy scan (finds nothing new|failed)/);
  assert.doesNotMatch(comment, /123456789012|payments-oncall@/);
  assert.equal(await topic.name(), undefined);
  say(comment.split('\n')[1]!);

  repository.github.review(pull.number, 'bob');
  ended(await repository.mergeAndApply(pull), { apply: 'success', approved: 'skipped' });
  assert.equal(await topic.name(), SECOND);
  say(repository.comment(pull, '### Applied').split('\n')[3]!);

  await topic.rename('By hand');
  ended(await repository.dispatch('drift.yml'), { drift: 'success' });
  assert.match(repository.github.issues[0]?.body ?? '', /1 to change[^]*By hand/);
  say(repository.github.issues[0]!.title ?? '');

  const again = await repository.dispatch('apply.yml', async (environment) => {
    if (environment === 'production-review') assert.equal(await topic.name(), 'By hand');
  });
  ended(again, { apply: 'success', approved: 'success' });
  assert.match(again.summary, /does not do what was reviewed: [^]*display_name: [^]*"By hand"/);
  assert.equal(await topic.name(), SECOND);
}

/** The topic of the alerts, in the emulator. */
class AlertTopic {
  private readonly sns;

  constructor(endpoint: string) {
    this.sns = clientsFor(endpoint).sns;
  }

  async rename(name: string): Promise<void> {
    const change = { TopicArn: await this.arn(), AttributeName: 'DisplayName', AttributeValue: name };
    await this.sns.send(new SetTopicAttributesCommand(change));
  }

  async name(): Promise<string | undefined> {
    const arn = await this.arn();
    if (arn === undefined) return undefined;
    return (await this.sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes?.DisplayName;
  }

  private async arn(): Promise<string | undefined> {
    return (await this.sns.send(new ListTopicsCommand({}))).Topics?.[0]?.TopicArn;
  }
}
