import {
  type BatchResultErrorEntry,
  type SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResultEntry,
  type SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { seededRandom } from '../random';
import { FifoQueue, NOT_CARRIED, type Queued } from '../fifo-queue';
import type { VirtualTime } from '../virtual-time';

/** The outcome of a whole call. */
export type CallFate =
  | 'answered'
  /** Refused before anything is stored. */
  | 'throttled'
  | 'denied'
  /** A server's fault, before or after storing. */
  | 'broken before'
  | 'broken after'
  /** The connection ends, or hangs until the caller's patience does, before or after storing. */
  | 'lost before'
  | 'lost after'
  | 'hangs before'
  | 'hangs after'
  /** It hangs, and what was sent arrives a minute later. */
  | 'arrives late'
  /** The SDK's first call had no answer; its second is refused. */
  | 'denied after a retry';

/** The outcome of one entry of an answered call. */
export type EntryFate =
  | 'stored'
  | 'throttled'
  | 'refused'
  | 'unfit content'
  | 'internal error'
  | 'internal error, stored'
  | 'not mentioned'
  | 'not mentioned, stored';

export interface Fates {
  readonly call: (call: number) => CallFate;
  readonly entry: (transactionId: string, send: number) => EntryFate;
}

const LATE_MS = 60_000;
const REFUSALS = {
  throttled: { Code: 'ThrottlingException', SenderFault: false },
  refused: { Code: 'InvalidParameterValue', SenderFault: true },
  'unfit content': { Code: 'InvalidMessageContents', SenderFault: true },
  'internal error': { Code: 'InternalError', SenderFault: false },
} as const;

/** A FIFO queue in memory, behind an endpoint where calls and entries fail as their fates say. */
export class FaultySqs {
  readonly batches: SendMessageBatchRequestEntry[][] = [];
  readonly client = {
    send: (command: SendMessageBatchCommand, options: { abortSignal: AbortSignal }) =>
      this.take(command, options.abortSignal),
  } as unknown as SQSClient;
  private readonly queue: FifoQueue;
  private readonly random;
  /** How often each transaction id has arrived. */
  private readonly sends = new Map<string, number>();

  constructor(
    private readonly time: VirtualTime,
    seed: number,
    public fates: Fates = { call: () => 'answered', entry: () => 'stored' },
  ) {
    this.random = seededRandom(seed);
    this.queue = new FifoQueue(
      time,
      this.random,
      { visibilityTimeoutMs: 1, maxReceiveCount: 3, batchSize: 10 },
      () => undefined,
    );
  }

  /** Messages in the order in which the queue would deliver them. */
  get messages(): readonly Queued[] {
    return this.queue.messages;
  }

  sendsOf(transactionId: string): SendMessageBatchRequestEntry[] {
    return this.batches.flat().filter((entry) => idOf(entry) === transactionId);
  }

  private async take({ input: { Entries = [] } }: SendMessageBatchCommand, signal: AbortSignal) {
    const fate = this.fates.call(this.batches.push(Entries));
    await this.time.sleep(this.random.between(1, 50));
    if (fate === 'throttled') throw failure('RequestThrottled', 400);
    if (fate === 'denied') throw failure('AccessDenied', 403);
    if (fate === 'broken before') throw failure('ServiceUnavailable', 503);
    if (fate === 'lost before')
      throw Object.assign(new Error('read ECONNRESET'), { name: 'Error', code: 'ECONNRESET' });
    if (fate === 'hangs before') return aborted(signal);
    if (fate === 'arrives late') {
      this.time.after(LATE_MS, () => {
        this.store(Entries);
      });
      return aborted(signal);
    }
    const output = this.store(Entries);
    await this.time.sleep(this.random.between(1, 50));
    if (fate === 'broken after') throw failure('InternalFailure', 500);
    if (fate === 'lost after') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    if (fate === 'hangs after') return aborted(signal);
    if (fate === 'denied after a retry') throw failure('AccessDenied', 403, 2);
    return output;
  }

  /** The entries in any order, as SQS promises none within a call. */
  private store(entries: readonly SendMessageBatchRequestEntry[]) {
    const output = { Successful: [] as SendMessageBatchResultEntry[], Failed: [] as BatchResultErrorEntry[] };
    const places = new Map(entries.map((entry) => [entry, this.random.next()]));
    for (const entry of [...entries].sort((a, b) => places.get(a)! - places.get(b)!)) {
      const id = idOf(entry);
      const sends = (this.sends.get(id) ?? 0) + 1;
      this.sends.set(id, sends);
      const fate = NOT_CARRIED.test(entry.MessageBody!) ? 'unfit content' : this.fates.entry(id, sends);
      if (fate === 'throttled' || fate === 'refused' || fate === 'unfit content' || fate === 'internal error') {
        output.Failed.push({ Id: entry.Id, ...REFUSALS[fate] });
        continue;
      }
      if (fate === 'not mentioned') continue;
      const { messageId } = this.queue.send(entry.MessageGroupId!, entry.MessageBody!, entry.MessageDeduplicationId!);
      const SequenceNumber = this.messages.findLast((message) => message.messageId === messageId)!.sequenceNumber;
      if (fate === 'stored')
        output.Successful.push({ Id: entry.Id, MessageId: messageId, MD5OfMessageBody: '', SequenceNumber });
      if (fate === 'internal error, stored') output.Failed.push({ Id: entry.Id, ...REFUSALS['internal error'] });
    }
    return output;
  }
}

export function idOf({ MessageBody }: Pick<SendMessageBatchRequestEntry, 'MessageBody'>): string {
  return (JSON.parse(MessageBody!) as { transaction_id: string }).transaction_id;
}

function failure(name: string, httpStatusCode: number, attempts = 1): SQSServiceException {
  return new SQSServiceException({
    name,
    message: '',
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode, attempts },
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => {
      reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
