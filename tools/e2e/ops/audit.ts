import assert from 'node:assert/strict';
import { DeleteLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Say } from '../../kit/steps';
import type { DeployedFunctions } from '../payments/deployed-fixtures';
import { DLQ_PROCESSOR_LOG_GROUP, PROCESSOR_LOG_GROUP, TABLE } from '../support/names';
import { answer, environmentFor, type Tool } from './tool';

/** The answer of `audit --json`, as far as it is read here. */
interface AuditAnswer {
  readonly result: string;
  readonly records: number;
  readonly lines: number;
  readonly faults: readonly { readonly transaction_id: string; readonly kind: string; readonly what: string }[];
  readonly not_proved: Readonly<Record<string, number>>;
}

type Props = Pick<Tool, 'processes' | 'log'> & { readonly functions: DeployedFunctions; readonly endpoint: string };

const STREAM = 'e2e';
/** Decided in their first attempt: each has one line of the payment processor. */
const EDITED = 'tx-declined';
const REMOVED = 'tx-3';
const UNLOGGED = 'tx-20';

/** A line may come within the hour after its entry. So the tool's clock goes on by two. */
const LATER = { NODE_OPTIONS: '--import=data:text/javascript,{const{now}=Date;Date.now=()=>now()+7200000}' };

/** Audits all that was done with payments. Then a line is removed, a field edited, and a record removed, and each is named. */
export async function auditDeployment({ functions, endpoint, processes, log }: Props, say: Say): Promise<void> {
  const { aws } = functions.context.deployed;
  const administrator = environmentFor(functions.credentials.admin, endpoint, endpoint);
  const period = [`--from=${functions.startedAt}`, `--to=${new Date().toISOString()}`];
  const audit = async (environment: Tool['environment'], code: number) => {
    const tool = { processes, log, environment: { ...administrator, ...environment } };
    return (await answer(tool, ['audit', '--environment=dev', ...period], code)) as AuditAnswer;
  };
  const writeLogs = (isWritten?: (line: string) => boolean) =>
    Promise.all(functions.logs.map((log) => log.writeTo(STREAM, isWritten)));
  await writeLogs();
  const { result, records, lines } = await audit({}, 0);
  assert.equal(result, 'proved');
  say(`audit: ${records} records agree with ${lines} lines, written as Lambda would, by the functions' roles`);

  for (const logGroupName of [PROCESSOR_LOG_GROUP, DLQ_PROCESSOR_LOG_GROUP])
    await aws.logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: STREAM }));
  await writeLogs((line) => !line.includes(`"${UNLOGGED}"`));
  const recent = await audit({}, 3);
  assert.deepEqual([recent.result, recent.faults, recent.not_proved.too_recent], ['not_proved', [], 1]);

  const itemOf = async (id: string) => {
    const Key = { transaction_id: { S: id } };
    return (await aws.dynamodb.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }))).Item!;
  };
  const [edited, removed] = [await itemOf(EDITED), await itemOf(REMOVED)];
  const put = (Item: typeof edited) => aws.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item }));
  await put({ ...edited, amount: { N: '1' } });
  await aws.dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key: { transaction_id: { S: REMOVED } } }));
  const { faults } = await audit(LATER, 1);
  assert.deepEqual(
    faults.map(({ transaction_id, kind }) => [transaction_id, kind]).sort(),
    [
      [EDITED, 'edited field'],
      [REMOVED, 'missing record'],
      [UNLOGGED, 'entry not in the log'],
    ].sort(),
  );
  await put(edited);
  await put(removed);
  for (const { transaction_id, kind, what } of faults) say(`  ${transaction_id}: ${kind}, ${what}`);
  say('a removed line is not proved within the hour, and a fault after it; a field and a record are faults at once');
}
