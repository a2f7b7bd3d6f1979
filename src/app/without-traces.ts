/**
 * Runs what creates or synthesizes constructs without the stack traces of tokens. cdktf records one for each token, and where a loader maps traces to
 * TypeScript, they take more time than the rest of a synthesis. An error that is thrown keeps its own trace.
 */
export function withoutTraces<T>(work: () => T): T {
  const settings: { prepareStackTrace?: unknown } = Error;
  const { prepareStackTrace } = settings;
  settings.prepareStackTrace = () => '';
  try {
    return work();
  } finally {
    settings.prepareStackTrace = prepareStackTrace;
  }
}
