import { patch } from './core';
import type { Mutant } from './processor-mutants';

const PROCESSOR = 'core/payment-processor.ts';
const REPOSITORY = 'core/payment-repository.ts';
const REDRIVE = '../dlq-processor/core/redrive.ts';
const DISCARD = '../dlq-processor/core/discard.ts';
const RESOLVE = '../dlq-processor/core/resolve.ts';

/** Mutants of what either function publishes. */
export const OUTCOME_MUTANTS: Readonly<Record<string, Mutant>> = {
  'a duplicate is acknowledged without its outcome': {
    patches: [
      patch(PROCESSOR, 'const acknowledged = await this.publish(record);', 'const acknowledged = ACKNOWLEDGED;'),
    ],
    breaks: ['outcomes published'],
  },
  'acknowledged though the outcome topic refused': {
    patches: [
      patch(
        PROCESSOR,
        'telemetry.count(METRICS.outcomesFailed);\n      throw error;',
        'telemetry.count(METRICS.outcomesFailed);\n      return ACKNOWLEDGED;',
      ),
    ],
    breaks: ['outcomes published'],
  },
  'an outcome is published before the record has it': {
    patches: [
      patch(
        REPOSITORY,
        'const result = await this.write({\n      transactionId: record.transaction_id,',
        `const { transaction_id, account_id, amount, currency, attempts: attempt } = record;
    await this.services.outcomes?.publish({ schema_version: 1, transaction_id, account_id, amount, currency, status, attempt, at: entry.at, ...failure });
    const result = await this.write({\n      transactionId: record.transaction_id,`,
      ),
    ],
    breaks: ['outcomes published'],
  },
  'the next payment does not wait for an outcome': {
    patches: [
      patch(
        PROCESSOR,
        'await outcomes.publish(outcomeOf(record));',
        'void outcomes.publish(outcomeOf(record)).catch(() => undefined);',
      ),
    ],
    breaks: ['outcomes published', 'metrics equal transitions'],
  },
  'a repeated outcome has the time of its repetition': {
    patches: [
      patch(
        PROCESSOR,
        'const acknowledged = await this.publish(record);',
        'const acknowledged = await this.publish({ ...record, timestamp: new Date(this.services.clock.now()).toISOString() });',
      ),
    ],
    breaks: ['outcomes published'],
  },
  'a failed payment is quarantined without its outcome': {
    patches: [
      patch(
        PROCESSOR,
        'return this.publish(record);\n  }\n\n  /** An invalid',
        'return ACKNOWLEDGED;\n  }\n\n  /** An invalid',
      ),
    ],
    breaks: ['outcomes published'],
  },
  'a redrive does not publish the failure first': {
    patches: [patch(REDRIVE, "if (state.kind === 'failed') await this.operation.publishOutcome(state.record);", '')],
    breaks: ['outcomes published'],
  },
  'a discard publishes nothing': {
    patches: [
      patch(
        DISCARD,
        'await this.operation.publishOutcome(record);\n    await this.operation.holds',
        'await this.operation.holds',
      ),
    ],
    breaks: ['outcomes published'],
  },
  'the copy of a decided payment is deleted without its outcome': {
    patches: [
      patch(
        '../dlq-processor/core/bulk-operation.ts',
        'await this.publishOutcome(record);\n    await this.holds.lift(identity);',
        'void record;\n    await this.holds.lift(identity);',
      ),
    ],
    breaks: ['outcomes published'],
  },
  'a review is decided before its own outcome is published': {
    patches: [patch(RESOLVE, 'await publishOutcome(this.services, record);\n      const decided', 'const decided')],
    breaks: ['outcomes published'],
  },
  'a resolution publishes nothing': {
    patches: [patch(RESOLVE, 'await publishOutcome(this.services, decided);', '')],
    breaks: ['outcomes published'],
  },
  'a repeated resolution publishes nothing': {
    patches: [patch(RESOLVE, 'hasEnded(record) && !this.request.dryRun', 'hasEnded(record) && false')],
    breaks: ['outcomes published'],
  },
  'each attempt has the same deduplication id': {
    patches: [
      patch(
        '../contract/fingerprint.ts',
        "sha256('outcome', transactionId, status, String(attempt)),",
        "sha256('outcome', transactionId, status),",
      ),
    ],
    breaks: ['outcomes published'],
  },
};
