import type { PaymentMessage } from 'cdktf-payment-pipeline/producer';

const LINE_FEED = 10;

export interface PaymentLine {
  /** From 1. */
  readonly line: number;
  /** Undefined if the line is no JSON in UTF-8. The producer validates all others. */
  readonly payment: PaymentMessage | undefined;
}

/** Reads a file of JSON lines as it arrives. Skips blank lines and a byte order mark. */
export async function* readPaymentFile(file: AsyncIterable<Buffer>): AsyncGenerator<PaymentLine> {
  let line = 0;
  for await (const bytes of linesOf(file)) {
    line += 1;
    const text = decode(bytes);
    if (text?.trim() !== '') yield { line, payment: text === undefined ? undefined : parse(text) };
  }
}

/** Not node:readline: it also ends lines at characters that a JSON text may hold, and replaces bytes that are no UTF-8. */
async function* linesOf(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of file) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
  }
  yield rest;
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): PaymentMessage | undefined {
  try {
    return JSON.parse(text) as PaymentMessage;
  } catch {
    return undefined;
  }
}
