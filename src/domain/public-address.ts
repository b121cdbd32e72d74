import ipaddr from 'ipaddr.js';

/** RFC 4291: what is assigned to the internet so far. Outside of it lie all forms that only carry an IPv4 address. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Whether an address, as DNS or a URL gives it, is one of the internet's and not of a private network or this machine. An
 * IPv6 address that carries an IPv4 address, in whatever form, is never public: where it leads is for the gateway to
 * say that takes it apart.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || (address.match(globalUnicast) && !isIsatap(address));
}

/** RFC 5214: the last half is 0000:5efe or 0200:5efe and an IPv4 address, behind any prefix. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & ~0x0200) === 0 && parts[5] === 0x5efe;
}
