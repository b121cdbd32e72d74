/** Hosts of URLs that lead to where nothing is sent, and can be told so without asking DNS. */
export const privateHosts: readonly (readonly [what: string, host: string])[] = [
  ['loopback', '127.0.0.1'],
  ['a name that leads to loopback', 'localhost'],
  ['loopback, written otherwise', '0x7f.1'],
  ['IPv6 loopback', '[::1]'],
  ['IPv4 written as IPv6', '[::ffff:127.0.0.1]'],
  ['this machine, whichever', '0.0.0.0'],
  ['a cloud’s metadata', '169.254.169.254'],
  ['a private network', '10.0.0.1'],
  ['another private network', '192.168.1.7'],
  ['a carrier’s network', '100.64.0.1'],
  ['a private network in IPv6', '[fd00::1]'],
  ['a link in IPv6', '[fe80::1]'],
  ['IPv4 behind NAT64', '[64:ff9b::7f00:1]'],
];
