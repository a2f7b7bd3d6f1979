import { EXIT } from '../cli/command-error';
import { unsupportedNodeMessage } from '../requirements/node-version';

// On import, and the first one: what the tool loads next would end it with a stack trace.
const complaint = unsupportedNodeMessage();
if (complaint !== undefined) {
  process.stderr.write(`${complaint}\n`);
  process.exit(EXIT.usageError);
}
