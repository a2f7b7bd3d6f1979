import { patch } from './core';
import type { Mutant } from './processor-mutants';

const PROCESSOR = 'core/payment-processor.ts';
const BATCH = 'core/batch.ts';
const FRAUD_API = 'adapters/http-fraud-api.ts';
const PROTOCOL = 'adapters/fraud-api-protocol.ts';
const CIRCUIT = 'adapters/circuit-breaker.ts';
const ANSWER = 'adapters/http-answer.ts';

/** Mutants of the fraud API's adapter. */
export const FRAUD_API_MUTANTS: Readonly<Record<string, Mutant>> = {
  'a refused payment is checked again': {
    patches: [patch(PROTOCOL, "if (FINAL_STATUSES.has(status)) return { kind: 'refused', httpStatus: status };", '')],
    breaks: ['fraud API called correctly', 'dead letters exact', 'outage outlasted', 'no receive wasted'],
  },
  'a refusal for want of a key is permanent': {
    patches: [patch(PROTOCOL, 'new Set([400, 422])', 'new Set([400, 401, 403, 422])')],
    breaks: ['dead letters exact'],
  },
  'a call that is still in progress refuses the payment': {
    patches: [patch(PROTOCOL, 'new Set([400, 422])', 'new Set([400, 409, 422])')],
    breaks: ['dead letters exact'],
  },
  'failures that are in flight together open the circuit': {
    patches: [patch(CIRCUIT, ' && this.checks >= FAILED_CHECKS', '')],
    breaks: ['a blip costs nothing'],
  },
  'the circuit cuts a last receive short': {
    patches: [
      patch(
        CIRCUIT,
        'error instanceof BrokenCircuitError && !mayBeCut',
        'error instanceof BrokenCircuitError && !mayBeCut && check.failedInRow === undefined',
      ),
    ],
    breaks: ['dead letters exact'],
  },
  'an open circuit returns its batch at once': {
    patches: [patch(BATCH, 'await this.waitForCircuit();', 'await Promise.resolve();')],
    breaks: ['no receive wasted'],
  },
  'a wait for the circuit outlasts the invocation': {
    patches: [
      patch(CIRCUIT, 'HALF_OPEN_AFTER_MS = 30_000;', 'HALF_OPEN_AFTER_MS = 600_000;'),
      patch(
        FRAUD_API,
        'Math.min(this.circuit.refusesForMs, latest - this.ports.clock.now())',
        'this.circuit.refusesForMs',
      ),
    ],
    breaks: ['no receive wasted'],
  },
  'any answer with status 200 approves': {
    patches: [
      patch(
        FRAUD_API,
        'if (error instanceof UnreadableAnswerError)\n        throw unread(`HTTP ${status} with an unreadable answer (${error.fault})`);',
        "if (error instanceof UnreadableAnswerError) return { kind: 'decided', answer: { decision: 'approve', score: 0, reasons: [] } };",
      ),
    ],
    breaks: ['decided once'],
  },
  'Retry-After has no cap': {
    patches: [patch(ANSWER, 'LONGEST_RETRY_AFTER_SECONDS = 3_600;', 'LONGEST_RETRY_AFTER_SECONDS = Infinity;')],
    breaks: ['retry delays within limits'],
  },
  "a neighbor's failure costs an unchecked payment its place": {
    patches: [
      patch(
        PROCESSOR,
        'if (!lastReceive || check.failedAt === undefined) return returned(check);',
        'if (!lastReceive) return returned(check);',
      ),
      patch(CIRCUIT, 'if (error instanceof BrokenCircuitError && !mayBeCut) return work();', ''),
    ],
    breaks: ['dead letters exact'],
  },
};
