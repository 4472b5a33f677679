/**
 * Addresses that an HTTP task may not reach: link-local ones, where clouds keep the machine's credentials. Definitions are untrusted input, and a name can
 * resolve to anything, so the check is on the address that is connected to, whatever notation it was written in.
 */
import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

function closedAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet("169.254.0.0", 16, "ipv4");
  list.addSubnet("fe80::", 10, "ipv6");
  list.addAddress("fd00:ec2::254", "ipv6");
  // The same v4 range behind an address translator (RFC 6052).
  list.addSubnet("64:ff9b::a9fe:0", 112, "ipv6");
  return list;
}

const CLOSED = closedAddresses();

class AddressRefused extends Error {
  constructor(address: string) {
    super(
      `the address ${address} is link-local, and HTTP tasks do not reach those (allowedAddresses opens single ones)`,
    );
  }
}

function check(address: string, allowed: readonly string[]): AddressRefused | undefined {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (!CLOSED.check(address, family) || allowed.includes(address)) return undefined;
  return new AddressRefused(address);
}

/** For a host that is an address already: no look-up happens then. @throws AddressRefused */
export function checkHost(hostname: string, allowed: readonly string[]): void {
  const host = hostname.replace(/^\[|\]$/g, "");
  const refused = isIP(host) === 0 ? undefined : check(host, allowed);
  if (refused !== undefined) throw refused;
}

/** Looks a name up for a connection, and gives no address that is closed. */
export function guardedLookup(allowed: readonly string[]): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [], 0);
      const refused = addresses.map((one) => check(one.address, allowed)).find((one) => one !== undefined);
      if (refused !== undefined) return callback(refused, [], 0);
      const [first] = addresses;
      if (options.all === true || first === undefined) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
