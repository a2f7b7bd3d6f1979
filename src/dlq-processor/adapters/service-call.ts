import { errorCode } from '../../runtime/aws-call';
import { type Service, ServiceError, type Telemetry } from '../core/ports';

/** Runs a call in a segment of the trace named after the service. @throws ServiceError with the error's name, not its text */
export async function serviceCall<T>(telemetry: Telemetry, service: Service, operation: string, send: () => Promise<T>): Promise<T> {
  try {
    return await telemetry.trace(service, send);
  } catch (error) {
    throw new ServiceError(service, operation, errorCode(error));
  }
}
