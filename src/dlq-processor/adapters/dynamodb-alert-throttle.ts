import type { PaymentTable } from '../../runtime/payment-table';
import type { AlertThrottle } from '../core/ports';

/** An item of the payment table for each alert. Without a status it is in no index, and so in no count of payments. */
export class DynamoDbAlertThrottle implements AlertThrottle {
  constructor(private readonly table: PaymentTable) {}

  claim(alert: string, now: number, until: number): Promise<boolean> {
    const condition = 'attribute_not_exists(#quiet_until) OR #quiet_until <= :now';
    return this.write(alert, { ':until': until, ':now': now }, condition);
  }

  async extend(alert: string, until: number): Promise<void> {
    await this.write(alert, { ':until': until });
  }

  private write(alert: string, values: Record<`:${string}`, number>, condition?: string): Promise<boolean> {
    return this.table.update('remember an alert', {
      key: `alert#${alert}`, // no payment's key: transaction ids have no "#"
      expression: 'SET #quiet_until = :until',
      values,
      ...(condition !== undefined && { condition }),
    });
  }
}
