/** What a comment must not tell, and what it says instead. */
const MASKED: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '(email)'],
  [/(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/g, '(account)'],
  [/(?<![0-9A-Za-z])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])/g, '(access key)'],
];

/** @param secrets values that are sensitive wherever they stand */
export function mask(text: string, secrets: readonly string[] = []): string {
  const withoutSecrets = secrets.reduce((rest, secret) => rest.replaceAll(secret, '(sensitive)'), text);
  return MASKED.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), withoutSecrets);
}
