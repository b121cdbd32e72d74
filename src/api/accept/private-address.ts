import ipaddr from 'ipaddr.js';
import { isPublicAddress } from '../../domain/public-address.ts';
import { isLoopback } from '../plugins/loopback-only.ts';

/**
 * Whether the host of a URL names this machine or, as an address, one of a private network: what deliveries refuse
 * and can be told without asking DNS.
 */
export function isPrivate(host: string): boolean {
  if (isLoopback(host)) return true;
  const address = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(address) && !isPublicAddress(address);
}
