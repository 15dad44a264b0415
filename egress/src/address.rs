//! Which addresses are on the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use crate::Policy;

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: u16, second: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), prefix)
}

/// Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its updates). The few addresses inside these nets
/// that are reachable from everywhere (192.0.0.9, 192.0.0.10) receive no webhooks.
const SPECIAL_V4: [Ipv4Net; 16] = [
    v4(0, 0, 0, 0, 8),        // this network; 0.0.0.0 reaches the machine itself
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // carriers' NAT; some clouds keep their metadata here
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // not IANA's: the host of every machine in Azure answers here
    v4(169, 254, 0, 0, 16),   // link-local; most clouds keep their metadata here
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocol assignments
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // 6to4 relays
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, and broadcast at its end
];

/// The only part of IPv6 from which public addresses are given out. All that lies elsewhere is refused unseen: loopback,
/// IPv4-compatible, NAT64 (64:ff9b), discard, segment routing (5f00), unique local, link- and site-local, multicast.
/// Source: IANA IPv6 Global Unicast Address Assignments.
const GLOBAL_UNICAST_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What of it is not public. Source: IANA IPv6 Special-Purpose Address Registry.
const SPECIAL_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0x0000, 23), // protocol assignments, among them Teredo, which carries an IPv4 address
    v6(0x2001, 0x0db8, 32), // documentation
    v6(0x2002, 0x0000, 16), // 6to4, which carries an IPv4 address
    v6(0x3fff, 0x0000, 20), // documentation
];

/// Whether `address` is a unicast address on the public internet.
///
/// An IPv4 address that is mapped into IPv6 (`::ffff:0:0/96`) counts as what it is; other ways to carry an IPv4 address
/// in IPv6 are refused, whatever they carry.
///
/// ```
/// assert!(egress::is_public("9.9.9.9".parse().unwrap()));
/// assert!(!egress::is_public("::ffff:169.254.169.254".parse().unwrap()));
/// ```
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_UNICAST_V6.contains(&address) && !SPECIAL_V6.iter().any(|net| net.contains(&address))
        }
    }
}

/// Whether `address` is the machine itself, as `policy` may allow it.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Whether a connection may be made to `address`.
pub(crate) fn may_be_called(address: IpAddr, policy: Policy) -> bool {
    is_public(address) || (policy.allow_loopback && is_loopback(address))
}
