import { unsupportedNodeMessage } from './node-version';

/** Node is too old for the package. */
export class UnsupportedNodeError extends Error {
  override readonly name = 'UnsupportedNodeError';
}

// On import, and the first one: what comes after it would fail with an error that speaks of something else.
const complaint = unsupportedNodeMessage();
if (complaint !== undefined) throw new UnsupportedNodeError(complaint);
