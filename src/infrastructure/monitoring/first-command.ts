import { STATUS_INDEX } from '../../contract/payment-record';
import type { Names } from '../resource-names';

/** Warnings and errors, and Lambda's own lines on a timeout and on a process that ended, as without memory. */
const TROUBLE = '?ERROR ?WARN ?timed ?exited';

/** Above the function's 120 s: at its default of 60 s the CLI would take the call for lost and repeat it. */
const WAIT_FOR_ANSWER = '--cli-read-timeout 150';

/** Shows the payment processor's recent warnings and errors. */
export function showTrouble({ paymentProcessor }: Names): string {
  return searchLog(paymentProcessor.logGroup, '30m', TROUBLE);
}

/** Prints the analysis of the failed payments: an empty event is an analysis. */
export function analyzeDeadLetters({ dlqProcessor }: Names): string {
  return `aws lambda invoke --function-name ${dlqProcessor.function} ${WAIT_FOR_ANSWER} /dev/stdout`;
}

/** Lists the queues that are subscribed to the outcomes. */
export function listSubscribers({ outcomeTopic }: Names): string {
  return `aws sns list-subscriptions --query 'Subscriptions[?ends_with(TopicArn, \`:${outcomeTopic}\`)].[Endpoint, SubscriptionArn]' --output text`;
}

/** Lists the payments that have been in review longest, with the time since when. */
export function listReviews({ paymentTable }: Names): string {
  return (
    `aws dynamodb query --table-name ${paymentTable} --index-name ${STATUS_INDEX} --no-paginate --limit 20 ` +
    `--key-condition-expression 'payment_status = :s' --expression-attribute-values ':s={S=REVIEW}' ` +
    `--query 'Items[].[timestamp.S,transaction_id.S]' --output text`
  );
}

/** Counts the 1,000 payments approved last by account: an account with a deep backlog is first. */
export function countApprovedByAccount({ paymentTable }: Names): string {
  const query =
    `aws dynamodb query --table-name ${paymentTable} --index-name ${STATUS_INDEX} --no-scan-index-forward --no-paginate --limit 1000 ` +
    `--key-condition-expression 'payment_status = :s' --expression-attribute-values ':s={S=APPROVED}' --query 'Items[].account_id.S' --output text`;
  return `${query} | xargs -n1 | sort | uniq -c | sort -rn | head`;
}

/** @param pattern filter pattern of CloudWatch Logs, without single quotes */
export function searchLog(logGroup: string, since: string, pattern: string): string {
  return `aws logs tail ${logGroup} --since ${since} --filter-pattern '${pattern}'`;
}
