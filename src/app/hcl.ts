/**
 * Puts right what cdktf's HCL renders wrongly, so that Terraform takes it without a warning.
 * @param hcl as cdktf rendered it
 * @param requiredVersion of Terraform; rendered as `0 = "required_version"`
 */
export function correctHcl(hcl: string, requiredVersion: string): string {
  return hcl
    .replace('0 = "required_version"', `required_version = "${requiredVersion}"`)
    .replace(/depends_on = \[[^\]]*\]/g, (references) => references.replaceAll('"', ''));
}
