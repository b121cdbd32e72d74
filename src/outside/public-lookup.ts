import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from '../domain/public-address.ts';

/** A name that DNS does not know, or one that leads to a private network. */
export class NoPublicAddress extends Error {}

/** DNS's answer for a connection, where all of it is public. @see NoPublicAddress */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, options, (error, address, family) => {
    if (error) return done(new NoPublicAddress(error.message, { cause: error }), '', 0);
    const addresses = typeof address === 'string' ? [{ address }] : (address as { address: string }[]);
    const refused = addresses.find((one) => !isPublicAddress(one.address));
    if (refused) return done(new NoPublicAddress(`${hostname} leads to ${refused.address}`), '', 0);
    done(null, address, family);
  });
};
