import { TerraformStack, type TerraformElement } from 'cdktf';
import { Node } from 'constructs';

/**
 * A stack whose resources are addressed by their construct path, `aws_sqs_queue.payments_payment_queue`, without the
 * hash that cdktf appends: a plan reads as it was written.
 */
export class ReadableIdStack extends TerraformStack {
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const { scopes } = element instanceof Node ? element : element.node;
    const path = scopes.slice(scopes.indexOf(this) + 1).map(({ node }) => node.id);
    return path.join('_').replace(/\W/g, '_');
  }
}
