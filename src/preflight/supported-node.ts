import { unsupportedNodeMessage } from './node-version';

/** Node is too old for the package. */
export class UnsupportedNodeError extends Error {
  override readonly name = 'UnsupportedNodeError';
}

// Must be the first import: a later one would fail on an old Node with an unrelated error.
const complaint = unsupportedNodeMessage();
if (complaint !== undefined) throw new UnsupportedNodeError(complaint);
