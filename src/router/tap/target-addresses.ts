import { BlockList, isIP } from 'node:net';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Why an address may not be a target (SECURITY 8). */
export class TargetAddressError extends Error {
  override readonly name = 'TargetAddressError';

  constructor(
    readonly reason: 'loop' | 'refused_address',
    readonly expected: string,
    readonly received: string,
  ) {
    super(`expected ${expected}, received ${received}`);
  }
}

/** Link-local addresses, where clouds serve metadata and credentials, and the other places where they do. */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16, 'ipv4');
REFUSED.addAddress('100.100.100.200', 'ipv4');
REFUSED.addAddress('168.63.129.16', 'ipv4');
REFUSED.addAddress('192.0.0.192', 'ipv4');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addAddress('fd00:ec2::254', 'ipv6');
// These name no machine.
REFUSED.addSubnet('0.0.0.0', 8, 'ipv4');
REFUSED.addSubnet('224.0.0.0', 3, 'ipv4');
REFUSED.addAddress('::', 'ipv6');
REFUSED.addSubnet('ff00::', 8, 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
// Systems connect to the own machine for these.
LOOPBACK.addAddress('0.0.0.0', 'ipv4');
LOOPBACK.addAddress('::', 'ipv6');

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Whether a connection to the address stays on this machine. */
export function isLoopbackTarget(address: string): boolean {
  return LOOPBACK.check(address, family(address));
}

/** What addresses a target may have: those named by the user, or any that is neither link-local, metadata nor the tap itself. */
export class TargetAddresses {
  private ownPort: number | undefined;

  /** @param named hosts and addresses that the user allows although they would be refused. */
  constructor(
    private readonly targetPort: number,
    private readonly named: ReadonlySet<string>,
  ) {}

  /** Where the tap itself listens, on loopback. */
  listensOn(port: number): void {
    this.ownPort = port;
  }

  /** @throws {TargetAddressError} */
  check(address: string, host: string): void {
    if (this.ownPort === this.targetPort && isLoopbackTarget(address)) {
      throw new TargetAddressError('loop', 'a backend elsewhere', `${host}:${this.targetPort}, where the tap itself listens`);
    }
    if (this.named.has(host) || this.named.has(address) || !REFUSED.check(address, family(address))) return;
    const which = host === address ? address : `${host} (${address})`;
    throw new TargetAddressError('refused_address', 'an address that is not link-local, of a metadata service or of no machine, or one named in the allowed targets', which);
  }

  /** Looks names up for a connection, and refuses what they lead to: a name may point anywhere, and later elsewhere. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    systemLookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      try {
        for (const { address } of addresses) this.check(address, host);
      } catch (refused) {
        callback(refused instanceof Error ? refused : new Error(String(refused)), '', 0);
        return;
      }
      const [first] = addresses;
      if (options.all) (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, addresses);
      else callback(null, first?.address ?? '', first?.family ?? 0);
    });
  };
}
