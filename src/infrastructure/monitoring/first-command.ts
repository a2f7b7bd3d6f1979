import { STATUS_INDEX } from '../../contract/payment-record';
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

/** The accounts of the 1,000 payments approved last, and how many each has: an account with a deep backlog is first. */
export function countApprovedByAccount({ paymentTable }: Names): string {
  const query =
    `aws dynamodb query --table-name ${paymentTable} --index-name ${STATUS_INDEX} --no-scan-index-forward --no-paginate --limit 1000 ` +
    `--key-condition-expression 'payment_status = :s' --expression-attribute-values ':s={S=APPROVED}' --query 'Items[].account_id.S' --output text`;
  return `${query} | xargs -n1 | sort | uniq -c | sort -rn | head`;
}

/** @param pattern of CloudWatch Logs, without single quotes */
export function searchLog(logGroup: string, since: string, pattern: string): string {
  return `aws logs tail ${logGroup} --since ${since} --filter-pattern '${pattern}'`;
}
