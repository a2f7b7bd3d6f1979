import { createHash, randomUUID } from 'node:crypto';
import { sampleModel } from '../../../tools/page/fixtures/sample-model';
import { jsonInScript, renderPage } from '../../../tools/page/html';
import { MOST_DEAD_LETTERS, MOST_PAYMENTS, pageDeadLetters } from '../../../tools/page/payments';

const HOSTILE = '</script><script>alert(1)</script><!-- \u2028"\'&';

test('text of the model cannot end its element, and is the same when it is read', () => {
  const value = { text: HOSTILE };

  expect(jsonInScript(value)).not.toContain('<');
  expect(JSON.parse(jsonInScript(value))).toEqual(value);
});

test('the saved page has no other script than its own, and its policy allows that one alone', () => {
  const html = renderPage(sampleModel({ hostile: HOSTILE }), 'saved');

  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script!);
  expect(scripts).toHaveLength(1);
  const hash = createHash('sha256').update(scripts[0]!).digest('base64');
  expect(html).toContain(`default-src 'none'; script-src 'sha256-${hash}';`);
  expect(html).not.toContain('connect-src');
  expect(html).not.toMatch(/\b(src|href)="(?!data:,)/);
});

test('it is smaller than 1 MB with as many payments and dead letters as a page has', () => {
  const letters = Array.from({ length: 10 * MOST_DEAD_LETTERS }, () => ({
    messageId: randomUUID(),
    failureCode: 'FRAUD_CHECK_UNAVAILABLE',
  }));
  const deadLetters = pageDeadLetters(letters, [], () => '');
  const page = renderPage({ ...sampleModel({ payments: MOST_PAYMENTS }), deadLetters }, 'saved');
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
});
