import type { Names } from '../names';

/** Warnings and errors, and Lambda's own lines on a timeout and on a process that ended, as without memory. */
const TROUBLE = '?ERROR ?WARN ?timed ?exited';

/** Seconds, above the function's 120: at its own 60 the CLI would take the call for lost, and make it again. */
const WAIT_FOR_ANSWER = '--cli-read-timeout 150';

/** What went wrong in the payment processor lately. */
export function showTrouble({ paymentProcessor }: Names): string {
  return searchLog(paymentProcessor.logGroup, '30m', TROUBLE);
}

/** What failed, why, and what to do, onto the screen: no event asks for an analysis. */
export function analyzeDeadLetters({ dlqProcessor }: Names): string {
  return `aws lambda invoke --function-name ${dlqProcessor.function} ${WAIT_FOR_ANSWER} /dev/stdout`;
}

/** @param pattern of CloudWatch Logs, without single quotes */
export function searchLog(logGroup: string, since: string, pattern: string): string {
  return `aws logs tail ${logGroup} --since ${since} --filter-pattern '${pattern}'`;
}
