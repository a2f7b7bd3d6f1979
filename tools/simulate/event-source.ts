import type { Queued } from '../kit/fifo-queue';
import { FunctionProcess } from './function-process';
import { Invocation } from './invocation';
import type { World } from './world';

/** Shortest time after which an idle poller polls again. */
const POLL_MS = 1_000;

/**
 * Lambda's event source mapping with one execution environment: receive, invoke, delete the messages that were not returned to the queue. After
 * a failed one nothing is deleted: "after your queue's visibility timeout runs out, the message will again reappear in
 * the queue" (Lambda Developer Guide, "Handling errors for an SQS event source"). Never ends by itself.
 */
export async function poll(world: World, environment: number, clockAheadMs: number): Promise<never> {
  const start = () => new FunctionProcess(world, `function ${environment + 1}`, clockAheadMs);
  for (let process = start(); ; process = process.canRun ? process : start()) {
    const messages = await nextBatch(world, process.name);
    await work(world, process, messages);
  }
}

async function nextBatch(world: World, name: string): Promise<Queued[]> {
  for (;;) {
    const messages = world.queue.receive();
    if (messages.length === 0) {
      await world.time.sleep(Math.max(POLL_MS, world.nextChangeInMs()));
      continue;
    }
    world.log.event(
      name,
      `receives ${messages.map(({ messageId, groupId, receives }) => `${messageId} of ${groupId} (receive ${receives})`).join(', ')}`,
    );
    if (world.troubles.next('receive') === undefined) return messages;
    world.log.event(name, 'but the answer is lost');
    world.invariants.onReceived(messages, 'lost');
  }
}

async function work(world: World, process: FunctionProcess, messages: readonly Queued[]): Promise<void> {
  const invocation = new Invocation(world.newRequestId(), messages, world.onFailedPayment);
  const late = world.troubles.next('invoke');
  if (late !== undefined) {
    invocation.isDisturbed = true;
    world.log.event(process.name, `waits ${late.lateMs / 1_000} s before it may start`);
    await world.time.sleep(late.lateMs);
  }
  world.invariants.onReceived(messages, invocation);
  world.running++;
  const answer = await process.invoke(invocation);
  world.running--;
  world.invariants.onEnded(invocation, answer);
  if (answer === 'failed') return;
  for (const message of messages.filter(({ messageId }) => !answer.returned.has(messageId)))
    deleteOne(world, process.name, message);
}

function deleteOne(world: World, name: string, message: Queued): void {
  const isDone = world.troubles.next('delete') === undefined && world.queue.delete(message);
  world.log.event(name, `${message.messageId} is ${isDone ? 'deleted' : 'acknowledged, but not deleted'}`);
  if (isDone) world.invariants.onDeleted(message);
}
