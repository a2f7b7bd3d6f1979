import { EXIT } from '../cli/command-error';
import { unsupportedNodeMessage } from '../preflight/node-version';

// The tool imports this first: on an older Node its other imports end with a stack trace.
const complaint = unsupportedNodeMessage();
if (complaint !== undefined) {
  process.stderr.write(`${complaint}\n`);
  process.exit(EXIT.usageError);
}
