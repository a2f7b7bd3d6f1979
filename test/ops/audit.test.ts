import { join } from 'node:path';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { fingerprint, hashed, type PaymentMessage, type PaymentRecord, recordFaults } from '../../src/contract';
import { Manifest, PaymentProducer } from '../../src/producer';
import { runChaos } from '../../tools/chaos/run';
import { STACK_FILE, BUNDLE } from '../../tools/demo/fixtures/demo-run';
import type { AcceptedPayment } from '../../tools/demo/verification/evidence';
import { readRecords } from '../../tools/demo/verification/evidence';
import type { EmbeddedPipeline } from '../../tools/kit/embedded/pipeline';
import { newDirectory } from '../../tools/kit/new-directory';
import { LogsEndpoint } from '../../tools/kit/ops/logs-endpoint';
import { fileOf, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';

const PAYMENTS = 30;
const PATIENCE_MS = 120_000;
const OBSERVER = { started: () => undefined, progress: () => undefined };

/** The pipeline after a run whose functions were killed, with its log. */
class Evidence {
  private constructor(
    private readonly pipeline: EmbeddedPipeline,
    readonly accepted: readonly AcceptedPayment[],
    readonly logs: LogsEndpoint,
    private readonly since: number,
  ) {
    this.documents = DynamoDBDocumentClient.from(pipeline.aws.dynamodb);
    const { deployed } = pipeline;
    Object.assign(process.env, pipeline.aws.environment, { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url });
    this.outputs = fileOf(
      outputsOf({
        payments_payment_table_name: deployed.tableName,
        payments_payment_processor_name: deployed.functionName,
      }),
    );
  }

  private readonly documents: DynamoDBDocumentClient;
  private readonly outputs: string;

  /** Runs the pipeline, and what looks at it while its emulators are there. */
  static async of(look: (evidence: Evidence) => Promise<void>): Promise<void> {
    const logFile = join(newDirectory(), 'functions.log');
    const since = Date.now();
    const settings = { stackFile: STACK_FILE, bundle: BUNDLE, logFile, payments: PAYMENTS, kills: 3, seed: 3 };
    await runChaos(settings, OBSERVER, async (pipeline, accepted) => {
      const logs = await new LogsEndpoint(logFile, pipeline.deployed.functionName).listen();
      try {
        await look(new Evidence(pipeline, accepted, logs, since));
      } finally {
        await logs.close();
      }
    });
  }

  /** As an hour later, so that no line is late. */
  async audit(from = this.since, to = Date.now() + 1) {
    const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * 3_600_000);
    try {
      const { code, stdout, stderr } = await runOps([
        'audit',
        '--json',
        ...['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString()],
        ...['--outputs', this.outputs],
      ]);
      if (code === 2) throw new Error(stderr);
      return { code, ...(JSON.parse(stdout) as { faults: Fault[]; records: number }) };
    } finally {
      later.mockRestore();
    }
  }

  async reconcile() {
    const { aws, deployed } = this.pipeline;
    const file = join(newDirectory(), 'manifest.jsonl');
    const manifest = await Manifest.open(file, { queueUrl: deployed.paymentQueueUrl, actor: 'arn' });
    // SQS ignores what it has had within five minutes.
    const payments = this.accepted.map(({ payment }) => payment);
    await new PaymentProducer(aws.sqs, deployed.paymentQueueUrl).send(payments, { manifest });
    await manifest.close();
    const { code, stdout } = await runOps(['reconcile', '--json', ...['--manifest', file, '--outputs', this.outputs]]);
    return { code, ...(JSON.parse(stdout) as { ids: Record<string, string[]> } & Record<string, unknown>) };
  }

  records(): Promise<PaymentRecord[]> {
    return readRecords(this.pipeline.aws.dynamodb, this.pipeline.deployed.tableName);
  }

  async put(Item: PaymentRecord): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: this.pipeline.deployed.tableName, Item }));
  }

  async delete({ transaction_id }: PaymentRecord): Promise<void> {
    await this.documents.send(
      new DeleteCommand({ TableName: this.pipeline.deployed.tableName, Key: { transaction_id } }),
    );
  }

  /** Audits with the record so, and puts it back. */
  async auditWith(record: PaymentRecord, changed: PaymentRecord | undefined) {
    await this.delete(record);
    if (changed !== undefined) await this.put(changed);
    const found = await this.audit();
    if (changed !== undefined) await this.delete(changed);
    await this.put(record);
    return found;
  }
}

interface Fault {
  readonly transaction_id: string;
  readonly kind: string;
  readonly what: string;
}

const fault = ({ transaction_id }: PaymentRecord, kind: string, what: string) => ({ transaction_id, kind, what });

/** The record with a new chain of hashes. */
function rehashed(record: PaymentRecord): PaymentRecord {
  const history: PaymentRecord['history'][number][] = [];
  for (const { hash, previous_hash, ...entry } of record.history)
    history.push(hashed(entry, history.at(-1)?.hash, record));
  return { ...record, history } as PaymentRecord;
}

test(
  'audit and reconcile pass what functions left that were killed, and name what was changed by hand',
  () =>
    Evidence.of(async (evidence) => {
      const records = await evidence.records();
      expect(records).toHaveLength(PAYMENTS);
      const approved = records.find((one) => one.payment_status === 'APPROVED' && one.attempts === 1)!;
      const taken = records.find((one) => one.attempts > 1 && one.payment_status !== 'FAILED') ?? approved;

      // The healthy one.
      expect(await evidence.audit()).toMatchObject({
        code: 0,
        result: 'proved',
        records: PAYMENTS,
        fault_count: 0,
        faults: [],
        not_proved: { earlier_release: 0, before_log: 0, too_recent: 0 },
      });
      expect(await evidence.reconcile()).toMatchObject({ code: 0, agrees: true });

      // One field edited.
      const amount = { ...approved, amount: approved.amount + 1 };
      expect(await evidence.auditWith(approved, amount)).toMatchObject({
        code: 1,
        faults: [fault(approved, 'edited field', 'a field of the payment message')],
      });
      // One entry removed.
      const shorter = { ...taken, history: taken.history.slice(1) } as PaymentRecord;
      expect((await evidence.auditWith(taken, shorter)).faults).toContainEqual({
        transaction_id: taken.transaction_id,
        kind: expect.stringMatching(/^(missing|edited) entry$/) as string,
        what: expect.stringContaining('entry 1') as string,
      });
      // One record replaced by one that proves itself.
      const [claim, decision] = approved.history;
      const replaced = rehashed({
        ...approved,
        payment_status: 'DECLINED',
        fraud: { decision: 'decline', score: 1, reasons: [] },
        history: [claim!, { ...decision!, status: 'DECLINED' }],
      } as PaymentRecord);
      expect(recordFaults(replaced)).toEqual([]);
      expect(await evidence.auditWith(approved, replaced)).toMatchObject({
        code: 1,
        faults: [
          fault(approved, 'replaced record', approved.transaction_id),
          fault(approved, 'entry not in the log', 'entry 2'),
        ],
      });
      // One record removed: the log and the manifest know it.
      expect(await evidence.auditWith(approved, undefined)).toMatchObject({
        code: 1,
        faults: [fault(approved, 'missing record', 'the log names it')],
      });
      // Its index key moved out of the period.
      expect(
        (await evidence.auditWith(approved, { ...approved, timestamp: '2020-01-01T00:00:00.000Z' } as never)).faults,
      ).toEqual([fault(approved, 'edited field', 'timestamp')]);
      // Lines removed from the log.
      evidence.logs.keeps = (line) => !line.includes(approved.transaction_id);
      expect((await evidence.audit()).faults).toEqual([fault(approved, 'entry not in the log', 'entry 2')]);
      evidence.logs.keeps = () => true;
      // One record added.
      const message: PaymentMessage = { ...evidence.accepted[0]!.payment, transaction_id: 'added-by-hand' };
      const added = rehashed({ ...approved, ...message, fingerprint: fingerprint(message) } as never);
      const { schema_version: _, ...item } = added as PaymentRecord & { schema_version?: number };
      await evidence.put(item as PaymentRecord);
      expect((await evidence.audit()).faults).toEqual([
        expect.objectContaining({ transaction_id: 'added-by-hand', kind: 'entry not in the log' }),
      ]);
      await evidence.delete(added);

      // At the edges of a period, no entry is charged to the wrong side.
      const times = records.map(({ timestamp }) => Date.parse(timestamp!)).sort((one, other) => one - other);
      const middle = times[PAYMENTS / 2]!;
      const [first, second] = [await evidence.audit(undefined, middle), await evidence.audit(middle)];
      expect([first, second]).toMatchObject([{ code: 0 }, { code: 0 }]);
      expect(first.records + second.records).toBe(PAYMENTS);

      // The log begins later, or a record has no hashes: not proved, and no fault.
      evidence.logs.group = { creationTime: Date.now() + 60_000 };
      expect(await evidence.audit()).toMatchObject({
        code: 3,
        result: 'not_proved',
        fault_count: 0,
      });
      evidence.logs.group = { creationTime: 0 };
      const old = {
        ...approved,
        transaction_id: 'earlier',
        history: approved.history.map(({ hash, ...entry }) => entry),
      };
      await evidence.put(old as PaymentRecord);
      expect(await evidence.audit()).toMatchObject({ code: 3, not_proved: { earlier_release: 1 }, fault_count: 0 });
      await evidence.delete(old as PaymentRecord);

      // Reconciliation finds exactly what is removed and what differs.
      const [one, two, three] = records as [PaymentRecord, PaymentRecord, PaymentRecord];
      await evidence.delete(one);
      await evidence.delete(two);
      await evidence.put({ ...three, amount: three.amount + 1 } as PaymentRecord);
      const { code, ids } = await evidence.reconcile();
      expect(code).toBe(1);
      expect({ ...ids, missing: ids.missing!.sort() }).toEqual({
        processing: [],
        parked: [],
        missing: [one.transaction_id, two.transaction_id].sort(),
        unknown: [],
        different: [three.transaction_id],
      });
    }),
  PATIENCE_MS,
);
