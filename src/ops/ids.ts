import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { decodeText } from '../cli/text-encoding';
import { UsageError } from '../cli/command-error';
import type { Terminal } from '../cli/terminal';
import type { Services } from './services';

/** Transaction ids, account ids, and SQS's message ids. */
const ID = /^[A-Za-z0-9._-]{1,64}$/;
export const ID_RULE = '1 to 64 characters of A-Z a-z 0-9 . _ -';

export function isId(id: string): boolean {
  return ID.test(id);
}

/** Reads an option that is given once for each id. @param more ends the error message */
export function idOption(more = ''): (id: string, before?: readonly string[]) => readonly string[] {
  return (id, before = []) => {
    if (!isId(id)) throw new InvalidArgumentError(`An id has ${ID_RULE}${more}.`);
    return [...before, id];
  };
}

/**
 * Reads ids from a file, or from stdin when it is called `-`: one a line, or with other white space between them.
 * @throws UsageError when the file cannot be read, or has anything else
 */
export async function readIds(file: string, { stdin }: Pick<Terminal, 'stdin'>): Promise<readonly string[]> {
  const name = file === '-' ? 'The input' : file;
  const words = (await contentOf(file, stdin)).split('\n').flatMap((line, index) =>
    line
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => ({ word, line: index + 1 })),
  );
  const bad = words.find(({ word }) => !isId(word));
  if (bad !== undefined)
    throw new UsageError(`${name}, line ${bad.line}: "${bad.word}" is no id, which has ${ID_RULE}. Nothing was done.`);
  if (words.length === 0) throw new UsageError(`${name} has no id: give one a line.`);
  return words.map(({ word }) => word);
}

/** As `createAccountHash` makes it. */
const HASH = /^[0-9a-f]{16}$/;

/**
 * The accounts' numbers. A hash, as an analysis shows it, is that of an account with a failed payment, or of one
 * of the ten that are held longest. A value that is none of their hashes is taken for a number.
 * @throws UsageError when the value may be a hash, and hashes cannot be compared
 */
export async function accountNumbers(
  given: readonly string[],
  { payments, accountHash }: Pick<Services, 'payments' | 'accountHash'>,
): Promise<readonly string[]> {
  const hashes = new Set(given.filter((value) => HASH.test(value)));
  if (hashes.size === 0) return given;
  const hash = await accountHash();
  if (hash.of === undefined)
    throw new UsageError(`The hash of an account cannot be compared: ${hash.unknown} Or give the account's number.`);
  const numbers = new Map<string, string>();
  for await (const page of accountsInTrouble(payments)) {
    for (const account of page) if (hashes.has(hash.of(account))) numbers.set(hash.of(account), account);
    if (numbers.size === hashes.size) break;
  }
  return given.map((value) => numbers.get(value) ?? value);
}

async function* accountsInTrouble(payments: Services['payments']): AsyncGenerator<readonly string[]> {
  for await (const page of payments.failed()) yield page.map(({ account_id }) => account_id);
  yield (await payments.heldAccounts()).oldest.map(({ account_id }) => account_id);
}

async function contentOf(file: string, stdin: NodeJS.ReadableStream): Promise<string> {
  const text = decodeText(file === '-' ? await buffer(stdin) : bytesOf(file));
  if (text === undefined)
    throw new UsageError(`${file === '-' ? 'The input' : file} is not text in UTF-8 or UTF-16: give ids, one a line.`);
  return text;
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}): give a file of ids, one a line.`,
    );
  }
}
