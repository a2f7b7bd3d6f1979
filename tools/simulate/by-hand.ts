import type { ByHand } from './operations';
import type { World } from './world';

/** Does to the dead letters what a person does in the SQS console. */
export function applyByHand(world: World, { does, which }: ByHand): void {
  const { deadLetters } = world;
  const ids = deadLetters.letters.map(({ messageId }) => messageId);
  const id = ids[which % ids.length];
  if (does === 'purge') for (const each of ids) deadLetters.take(each, 'purged');
  else if (id !== undefined && does === 'delete') deadLetters.take(id, 'deleted by hand');
  else if (id !== undefined) moveBack(world, id);
}

/**
 * "Redriven messages are considered new messages with a new messageID and enqueueTime": SQS Developer Guide, "Learn how
 * to configure a dead-letter queue redrive". SQS keeps the attributes, so the function recognizes its own copy.
 */
function moveBack(world: World, letterId: string): void {
  const { groupId, body, sourceMessageId, failureCode, parkedBehind } = world.deadLetters.take(letterId)!;
  const messageId = world.queue.add(groupId, body);
  const isOurCopy = failureCode !== undefined || parkedBehind !== undefined || world.movedByHand.has(sourceMessageId);
  if (isOurCopy) world.movedByHand.add(messageId);
  world.log.event('by hand', `${letterId} is moved to the payment queue, as ${messageId}`);
  world.invariants.onMovedByHand(messageId, sourceMessageId, isOurCopy);
}
