import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError } from '../cli/options';
import { awsCall, type Place } from './aws-call';
import { functionNameOf } from './aws-states';
import type { DlqProcessor, DlqRequest } from './services';

/** The DLQ processor ran, and answered with an error. What it had done stays done. */
export class DlqProcessorError extends Error {
  override readonly name = 'DlqProcessorError';
}

/** Lambda's own words, which come without a type or with one that has changed over time. */
const TIMED_OUT = 'Task timed out after';

export class LambdaDlqProcessor implements DlqProcessor {
  private readonly name: string;

  /** @param nameOrArn an ARN also says whose function it is */
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

  /** Of the function's own errors the text is fit to be shown; others may quote a payment. */
  private failure({ errorType = 'unknown', errorMessage = '' }: { errorType?: string; errorMessage?: string }): Error {
    if (errorType === 'InvalidEventError') return new UsageError(errorMessage);
    if (errorType === 'ServiceError') return new DlqProcessorError(errorMessage);
    if (errorMessage.includes(TIMED_OUT)) {
      return new DlqProcessorError(
        `${this.name} ran out of its time. What it has done stays done: the same command goes on where it ended.`,
      );
    }
    return new DlqProcessorError(
      `${this.name} failed (${errorType}): its log says why. The same command goes on where it ended.`,
    );
  }
}
