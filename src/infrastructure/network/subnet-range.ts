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

/** Prefixes of a network: AWS takes none above /16, and a 256th of a /20 is the smallest subnet that AWS takes. */
const PREFIXES = { shortest: 16, longest: 20 };

/** Whether a network may have this range: private, large enough for the subnets, its host bits all zero. */
export function isNetworkRange(cidrBlock: string): boolean {
  if (!IPv4.isValidCIDRFourPartDecimal(cidrBlock)) return false;
  const [network, bits] = IPv4.parseCIDR(cidrBlock);
  const isSizable = bits >= PREFIXES.shortest && bits <= PREFIXES.longest;
  const begins = `${IPv4.networkAddressFromCIDR(cidrBlock).toString()}/${bits}`;
  return isSizable && network.range() === 'private' && begins === cidrBlock;
}
