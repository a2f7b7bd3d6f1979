import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError } from '../cli/command-error';
import { awsCall, AwsCallError, type Place } from './aws-call';
import { functionNameOf } from './aws-states';
import type { DlqProcessor, DlqRequest } from './services';

/** Lambda's message for a timeout. Its error type has changed over time, or is missing. */
const TIMED_OUT = 'Task timed out after';

export class LambdaDlqProcessor implements DlqProcessor {
  private readonly name: string;

  /** @param nameOrArn an ARN also names the AWS account of the function */
  constructor(
    private readonly client: LambdaClient,
    private readonly nameOrArn: string,
    private readonly place: Place,
  ) {
    this.name = functionNameOf(nameOrArn);
  }

  async invoke(request: DlqRequest): Promise<unknown> {
    const command = new InvokeCommand({ FunctionName: this.nameOrArn, Payload: JSON.stringify(request) });
    const { Payload, FunctionError } = await awsCall(this.place, `function ${this.name}`, () =>
      this.client.send(command),
    );
    const answer: unknown = JSON.parse(new TextDecoder().decode(Payload));
    if (FunctionError === undefined) return answer;
    throw this.failure(answer as { errorType?: string; errorMessage?: string });
  }

  /** Shows the message of the function's own errors only: others may quote a payment. */
  private failure({ errorType = 'unknown', errorMessage = '' }: { errorType?: string; errorMessage?: string }): Error {
    if (errorType === 'InvalidEventError') return new UsageError(errorMessage);
    if (errorType === 'ServiceError') return new AwsCallError(errorMessage);
    if (errorMessage.includes(TIMED_OUT)) {
      return new AwsCallError(
        `${this.name} ran out of its time. What it has done stays done: the same command continues where it ended.`,
      );
    }
    return new AwsCallError(
      `${this.name} failed (${errorType}): its log says why. The same command continues where it ended.`,
    );
  }
}
