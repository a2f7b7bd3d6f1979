import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAdapter } from '../../../src/processor/adapters/fraud-api-adapter';
import { newDirectory } from '../../../tools/kit/new-directory';

const directory = newDirectory();

function moduleOf(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return pathToFileURL(join(directory, name)).href;
}

test.each([
  ['without a function', 'export const toRequest = () => ({});', 'it exports no synchronous function toAnswer'],
  ['without any', 'export const x = 1;', 'it exports no synchronous function toRequest and toAnswer.'],
  [
    'with a default export alone',
    'export default { toRequest: () => ({}), toAnswer: () => "refused" };',
    'it exports no synchronous function toRequest and toAnswer, and its default export isn\'t read: write "export function',
  ],
  [
    'of CommonJS',
    'module.exports = { toRequest: () => ({}), toAnswer: () => "refused" };',
    'ReferenceError: module is not defined: write "export function toRequest(payment)', // Node itself adds "in ES module scope"
  ],
  [
    'with an async function',
    'export const toRequest = async () => ({}); export const toAnswer = () => "refused";',
    'it exports no synchronous function toRequest',
  ],
  ['that throws', 'throw new Error("no rules");', 'Error: no rules'],
  ['with a syntax error', 'export const', 'SyntaxError: '],
])('a module %s is refused, and the error says why', async (what, text, fault) => {
  const module = moduleOf(`${what.replaceAll(' ', '-')}.mjs`, text);
  await expect(loadAdapter(module)).rejects.toThrow(`FRAUD_API_ADAPTER is ${module}, which is no adapter: ${fault}`);
});

test('a module that is not there is refused', async () => {
  await expect(loadAdapter('file:///none.mjs')).rejects.toThrow(
    /FRAUD_API_ADAPTER is file:\/\/\/none.mjs, which is no/,
  );
});
