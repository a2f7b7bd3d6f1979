import { errorCode } from './aws-call';
import { type Service, ServiceError } from './ports';
import type { PowertoolsTelemetry } from './telemetry';

/** Options of an AWS client's call, in addition to its command. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** The calls that one invocation makes to AWS: each is a segment of its trace, and is given up with its signal. */
export class ServiceCalls {
  constructor(
    private readonly telemetry: Pick<PowertoolsTelemetry, 'trace'>,
    private readonly abortSignal: AbortSignal,
  ) {}

  /** @throws ServiceError with the error's name, not its text */
  async call<T>(service: Service, operation: string, send: (options: CallOptions) => Promise<T>): Promise<T> {
    try {
      return await this.telemetry.trace(service, () => send({ abortSignal: this.abortSignal }));
    } catch (error) {
      throw new ServiceError(service, operation, errorCode(error));
    }
  }
}
