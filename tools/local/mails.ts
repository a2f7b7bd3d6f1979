import type { StateChange } from '../kit/cloudwatch/alarm';
import type { LocalPipeline } from './local-pipeline';

const EVERY_MS = 1_000;

/**
 * Tells the subject of each email that the alert topic sends from now on: of alarms, and of the DLQ processor's analysis.
 * @returns what ends it
 */
export function watchMails({ pipeline, mailboxes }: LocalPipeline, onMail: (subject: string) => void): () => void {
  let told = new Set<StateChange>();
  const look = async () => {
    const changes = pipeline.cloudWatch.alarms.flatMap(({ history }) => history);
    for (const change of changes) if (!told.has(change) && change.mail !== undefined) onMail(change.mail.subject);
    told = new Set(changes);
    const mails = await Promise.all(mailboxes.map((mailbox) => mailbox.take()));
    for (const { Subject } of mails.flat()) onMail(Subject);
  };
  const timer = setInterval(() => {
    look().catch(() => undefined); // the pipeline has just ended
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}
