/** `1 error`, `2 errors`. */
export function pluralize(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
