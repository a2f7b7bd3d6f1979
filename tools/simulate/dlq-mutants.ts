import { patch } from './core';
import type { Mutant } from './processor-mutants';

const CORE = '../dlq-processor/core';
const REDRIVE = `${CORE}/redrive.ts`;
const DISCARD = `${CORE}/discard.ts`;
const SCANNER = `${CORE}/dead-letter-scanner.ts`;
const RECORDS = `${CORE}/record-scanner.ts`;
const OPERATION = `${CORE}/bulk-operation.ts`;
const RESOLVE = `${CORE}/resolve.ts`;

/** Mutants of the DLQ processor. */
export const DLQ_MUTANTS: Readonly<Record<string, Mutant>> = {
  'a redrive does not reopen the record': {
    patches: [patch(REDRIVE, 'await payments.reopen({ record: state.record, ...change })', 'true')],
    breaks: ['nothing lost', 'dead letters exact', 'edits show'],
  },
  'a redrive adds no attempt': {
    patches: [patch(REDRIVE, "'PROCESSING', attempts + 1, why)", "'PROCESSING', attempts, why)")],
    breaks: ['history without gaps'],
  },
  'any redrive with a reason allows any age': {
    patches: [patch(REDRIVE, 'this.isById(source), this.request.reason);', 'true, this.request.reason);')],
    breaks: ['fraud API called correctly'],
  },
  'a redrive deletes the dead letter before it sends the message': {
    patches: [
      patch(
        REDRIVE,
        "if (entry === undefined) return 'changed';",
        "if (entry === undefined) return 'changed';\n    if (source.letter !== undefined) await this.services.deadLetters.delete(source.letter);",
      ),
    ],
    breaks: ['dead letters exact', 'nothing lost'],
  },
  'the letters of a stopped account continue': {
    patches: [patch(SCANNER, 'this.stoppedAccounts.add(account);', '')],
    breaks: ['order per account'],
  },
  'a dry run redrives': {
    patches: [patch(REDRIVE, 'if (this.request.dryRun) return this.countRedrive(identity);', '')],
    breaks: ['answers true', 'outcomes published'],
  },
  'a limit counts nothing': {
    patches: [patch(OPERATION, 'this.taken.add(id);', '')],
    breaks: ['answers true'],
  },
  'a discard writes no record': {
    patches: [
      patch(
        DISCARD,
        "if (state.kind === 'unrecorded') return this.record(source);",
        "if (state.kind === 'unrecorded') return true;",
      ),
    ],
    breaks: ['answers true', 'nothing lost', 'outcomes published'],
  },
  'a redrive ignores who blocks': {
    patches: [patch(REDRIVE, ' ?? (await this.leaveBlocked(identity, state));', ';')],
    breaks: ['answers true'],
    onFailedPayment: 'hold',
  },
  'a payment whose dead letter has gone is out of reach': {
    patches: [patch(RECORDS, "else if ((await this.visit(record)) === 'limit') return 'limit';", 'else continue;')],
    breaks: ['no account blocked', 'answers true'],
    onFailedPayment: 'hold',
  },
  'a redrive names no operator': {
    patches: [patch(REDRIVE, '{ reason, ...this.operation.by }', '{ reason }')],
    breaks: ['history without gaps'],
  },
  'a discard names another operator': {
    patches: [
      patch(
        OPERATION,
        'return actor === undefined ? {} : { actor };',
        "return actor === undefined ? {} : { actor: 'arn:aws:iam::123456789012:user/operator-1' };",
      ),
    ],
    breaks: ['history without gaps'],
  },
  'the log of a payment names no operator': {
    patches: [patch(OPERATION, '{ ...about, ...fields, ...this.by }', '{ ...about, ...fields }')],
    breaks: ['edits show'],
  },
  'the log of an invalid message names no operator': {
    patches: [patch(DISCARD, '...bodyOf(letter), ...this.why }', '...bodyOf(letter), reason: this.request.reason }')],
    breaks: ['edits show'],
  },
  'a resolution decides what is decided': {
    patches: [
      patch(
        RESOLVE,
        "if (record?.payment_status !== 'REVIEW') return",
        "if (record === undefined || !('fraud' in record)) return",
      ),
    ],
    breaks: ['reviews decided once'],
  },
  'a resolution names no operator': {
    patches: [patch(RESOLVE, 'record.attempts, { reason, actor }),', 'record.attempts, { reason }),')],
    breaks: ['reviews decided once'],
  },
  'a resolution names another operator': {
    patches: [
      patch(
        RESOLVE,
        'record.attempts, { reason, actor }),',
        "record.attempts, { reason, actor: 'arn:aws:iam::123456789012:user/operator-1' }),",
      ),
    ],
    breaks: ['reviews decided once'],
  },
  'a resolution adds an attempt': {
    patches: [patch(RESOLVE, 'this.status, record.attempts, {', 'this.status, record.attempts + 1, {')],
    breaks: ['reviews decided once'],
  },
  'a resolution is logged without its hash': {
    patches: [patch(RESOLVE, 'actor,\n      history_hash: change.entry.hash,', 'actor,')],
    breaks: ['edits show'],
  },
  'the log of a resolution names no operator': {
    patches: [patch(RESOLVE, 'actor,\n      history_hash: change.entry.hash,', 'history_hash: change.entry.hash,')],
    breaks: ['edits show'],
  },
  'every resolution approves': {
    patches: [patch(RESOLVE, 'return STATUS_OF_DECISION[this.request.decision];', "return 'APPROVED' as const;")],
    breaks: ['reviews decided once'],
  },
  'a resolution takes its own write for that of another': {
    patches: [patch(RESOLVE, ' ||\n      isOwnWrite(await payments.read(record.transaction_id), change.entry);', ';')],
    breaks: ['answers true'],
  },
};
