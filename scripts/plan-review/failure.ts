import { mask } from './mask';

const MOST_LINES = 40;

/** What Terraform said went wrong, and the line on what to do that followed it; or else the end of what was said. */
export function causeOf(log: string): string {
  const lines = mask(plain(log)).trimEnd().split('\n');
  const error = lines.findIndex((line) => line.includes('Error: '));
  return (error === -1 ? lines.slice(-MOST_LINES) : lines.slice(error, error + MOST_LINES)).join('\n');
}

function plain(log: string): string {
  return log.replace(/\u001b\[[\d;]*m/g, '').replace(/^[╷╵│|] ?/gm, '');
}
