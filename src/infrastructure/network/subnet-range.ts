import { Fn, Token } from 'cdktf';
import { IPv4 } from 'ipaddr.js';

/** Bits that a subnet adds to the network's prefix: 10.0.0.0/16 holds 10.0.0.0/24 to 10.0.255.0/24. */
const SUBNET_BITS = 8;

/** The n-th subnet of a network, a 256th of it, the first being 0. */
export function subnetRange(cidrBlock: string, n: number): string {
  if (Token.isUnresolved(cidrBlock)) return Fn.cidrsubnet(cidrBlock, SUBNET_BITS, n);
  const [network, bits] = IPv4.parseCIDR(cidrBlock);
  const prefix = bits + SUBNET_BITS;
  const octets = Buffer.from(network.toByteArray());
  octets.writeUInt32BE(octets.readUInt32BE() + n * 2 ** (32 - prefix));
  return `${octets.join('.')}/${prefix}`;
}

/** Prefixes of a VPC that is made: AWS takes none above /16, and a 256th of a /20 is the smallest subnet that AWS takes. */
const PREFIXES = { shortest: 16, longest: 20 };

/** The longest prefix of a VPC: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const LONGEST_OF_AWS = 28;

/** Whether a network that is made may have this range: private, large enough for the subnets, its host bits all zero. */
export function isNetworkRange(cidrBlock: string): boolean {
  return isRange(cidrBlock, PREFIXES) && IPv4.parseCIDR(cidrBlock)[0].range() === 'private';
}

/** Whether a VPC of AWS may have this range. */
export function isVpcRange(cidrBlock: string): boolean {
  return isRange(cidrBlock, { ...PREFIXES, longest: LONGEST_OF_AWS });
}

/** Whether this is a range with such a prefix, its host bits all zero. */
export function isRange(cidrBlock: string, { shortest, longest } = { shortest: 0, longest: 32 }): boolean {
  if (!IPv4.isValidCIDRFourPartDecimal(cidrBlock)) return false;
  const [, bits] = IPv4.parseCIDR(cidrBlock);
  const begins = `${IPv4.networkAddressFromCIDR(cidrBlock).toString()}/${bits}`;
  return bits >= shortest && bits <= longest && begins === cidrBlock;
}
