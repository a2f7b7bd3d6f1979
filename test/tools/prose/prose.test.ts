import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryDirectory } from '../../../src/cli/temporary-directory';
import { run } from '../../../tools/kit/command-run';
import { lintPage } from '../../../tools/prose/lint';
import { prose } from '../../../tools/prose/main';

async function findingsOf(text: string): Promise<string[]> {
  const findings = await lintPage('page.md', text);
  return findings.map(({ line, column, level, message }) => `${line}:${column} ${level} ${message.split(' (')[0]!}`);
}

test.each([
  ['The function hands the message back.', '1:14 error "hands the message back": use return'],
  ['After the third try it is quarantined.', '1:11 error "third try": use receive'],
  ['To release the hold, run the tool.', '1:4 error "release the hold": use lift'],
  ['It returns after a wait.', '1:18 error "a wait": use retry delay, or how long something waits'],
  ['Ask whoever deploys.', '1:5 error "whoever": use the name of the actor, such as "the deploying role"'],
  ['The eldest message waits.', '1:5 error "eldest": use oldest'],
  ['The queue will grow.', '1:11 error "will": use the present tense'],
  ['Services, e.g. Lambda.', '1:11 error "e.g.": use for example'],
  ['It takes 5s.', '1:10 error "5s": use a space before the unit'],
  ['The colour changes.', '1:5 error "colour": use American spelling'],
  ['Payment(s) wait.', '1:7 error "t(s)": use the plural'],
  ['Done!', '1:4 error "e!": use a period'],
  ['Each Payment waits. We say so.', '1:21 error "We": use you, or the name of the actor'],
  ['## Restore The table', '1:12 error "The": only the first word of a heading and names have a capital'],
  ['## Restore the table.', '1:21 error a heading ends without punctuation'],
])('%s', async (text, expected) => {
  expect((await findingsOf(text)).filter((finding) => finding.includes('error'))).toEqual([expected]);
});

test('advice is a warning', async () => {
  const long = `The table ${'and the queue '.repeat(10)}fail.`;
  expect(await findingsOf(`The payment is declined. It cannot pass.\n\n${long}`)).toEqual([
    '1:13 warning "is declined": use the active voice: name the actor',
    '1:29 warning "cannot": use the contraction',
    '3:1 warning a sentence of 33 words: make two',
  ]);
});

test.each([
  ['code', 'Run `will please.sh`.\n\n```sh\nwill please\n```'],
  ['addresses', 'See [the guide](https://example.com/please/will) and <https://example.com/will>.'],
  ['comments', '<!-- please -->\n\nThe queue <!-- will --> grows.'],
  ['names', '## Deploy with GitHub Actions to AWS Lambda: Terraform, DynamoDB'],
  [
    'the meaning that the word has elsewhere',
    'Try again, at will. The nightly-import example is a release of the code.',
  ],
])('%s: no error', async (_what, text) => {
  expect(await findingsOf(text)).toEqual([]);
});

test('the place is in the page, behind code, links and line breaks, and in tables and lists', async () => {
  const page = '# A\n\n- `x` [b](c.md)\n  it **will** d\n\n| e | f |\n|---|---|\n| `g` | will |\n';
  expect((await findingsOf(page)).map((finding) => finding.split(' ')[0])).toEqual(['4:8', '8:9']);
});

test('a page with errors fails, and each line says where and what to write', async () => {
  await inTemporaryDirectory(async (directory) => {
    const page = join(directory, 'page.md');
    writeFileSync(page, '# A page\n\nThe queue will grow, and is emptied.\n');
    const { code, stdout } = await run(prose, page);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /page\.md:3:11 error "will": use the present tense \(https:\/\/\S+\)\n1 page: 1 error, 1 warning\n$/,
    );
    expect(stdout).not.toContain('emptied');
    expect((await run(prose, '--warnings', page)).stdout).toContain('page.md:3:26 warning "is emptied"');

    writeFileSync(page, '# A page\n\nThe queue is emptied.\n');
    expect((await run(prose, page)).code).toBe(0);
  });
});

test('a page that is missing is named', async () => {
  expect(await run(prose, 'docs/missing.md')).toMatchObject({ code: 2, stderr: 'docs/missing.md cannot be read.\n' });
});
