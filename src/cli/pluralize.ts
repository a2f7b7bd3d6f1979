/** `1 error`, `2 errors`. */
export function pluralize(number: number, what: string, plural = `${what}s`): string {
  return `${number} ${number === 1 ? what : plural}`;
}
