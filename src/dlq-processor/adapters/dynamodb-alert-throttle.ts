import type { AlertThrottle, Telemetry } from '../core/ports';
import { serviceCall, updateIf } from './service-call';

/** An item of the payment table for each alert. Without a status it is in no index, and so in no count of payments. */
export class DynamoDbAlertMemory implements AlertThrottle {
  constructor(
    private readonly tableName: string,
    private readonly telemetry: Telemetry,
  ) {}

  claim(key: string, now: number, until: number, signal: AbortSignal): Promise<boolean> {
    const condition = 'attribute_not_exists(#quiet_until) OR #quiet_until <= :now';
    return this.write(key, { ':until': until, ':now': now }, signal, condition);
  }

  async extend(key: string, until: number, signal: AbortSignal): Promise<void> {
    await this.write(key, { ':until': until }, signal);
  }

  private write(
    key: string,
    values: Record<`:${string}`, number>,
    signal: AbortSignal,
    condition?: string,
  ): Promise<boolean> {
    const update = {
      tableName: this.tableName,
      key: `alert#${key}`, // no payment's id: those hold no "#"
      expression: 'SET #quiet_until = :until',
      values,
      ...(condition !== undefined && { condition }),
    };
    return serviceCall(this.telemetry, 'payment table', 'remember an alert', () => updateIf(update, signal));
  }
}
