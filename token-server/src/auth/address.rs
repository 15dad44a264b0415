//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use ipnet::{IpNet, Ipv4Net};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the caller: that of the connection, unless it comes from a trusted proxy. Then it is what the
/// proxies have written: of the entries of `X-Forwarded-For` the right-most that is no trusted proxy itself, as
/// whatever stands to its left was sent by the caller. An entry that is no address hides the caller: `None`.
pub fn client_address(parts: &Parts, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = peer(parts)?;
    if is_any_of(trusted, peer) { forwarded_for(&parts.headers, peer, trusted) } else { Some(peer) }
}

/// Whether the request says of itself that a proxy has passed it on, and not in the way that is believed: by
/// `X-Forwarded-For` of one that is trusted. Then its address is that of a proxy, and nobody knows whose it is.
pub fn is_forwarded_by_a_stranger(parts: &Parts, trusted: &[IpNet]) -> bool {
    let has = |name| parts.headers.contains_key(name);
    let is_forwarded = has(FORWARDED_FOR) || has(header::FORWARDED);
    let is_believed = has(FORWARDED_FOR) && peer(parts).is_some_and(|peer| is_any_of(trusted, peer));
    is_forwarded && !is_believed
}

/// The other end of the connection.
fn peer(parts: &Parts) -> Option<IpAddr> {
    Some(parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical())
}

fn is_any_of(nets: &[IpNet], address: IpAddr) -> bool {
    nets.iter().any(|net| contains(net, address))
}

fn forwarded_for(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> Option<IpAddr> {
    let mut nearest = peer;
    for line in headers.get_all(FORWARDED_FOR).iter().rev() {
        for entry in line.to_str().ok()?.rsplit(',') {
            nearest = address(entry.trim())?;
            if !is_any_of(trusted, nearest) {
                return Some(nearest);
            }
        }
    }
    // All of them are ours: the request began at the first.
    Some(nearest)
}

/// An entry: an address, with brackets and a port as some proxies write it.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse::<IpAddr>().or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// Whether a network has this canonical address. A block of v4 addresses that is written as v6 means those.
pub fn contains(net: &IpNet, address: IpAddr) -> bool {
    canonical(net).contains(&address)
}

/// Whether these networks together have all addresses of another one.
pub fn cover(nets: &[IpNet], other: &IpNet) -> bool {
    let nets: Vec<_> = nets.iter().map(canonical).collect();
    let other = canonical(other);
    // What was put together as far as possible has a block only if one of its own does.
    IpNet::aggregate(&nets).iter().any(|net| net.contains(&other))
}

fn canonical(net: &IpNet) -> IpNet {
    let v4 = match net {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => {
            v6.network().to_ipv4_mapped().and_then(|v4| Ipv4Net::new(v4, v6.prefix_len() - 96).ok())
        }
        _ => None,
    };
    v4.map_or_else(|| net.trunc(), IpNet::V4)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, Request};

    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> Option<String> {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        for line in forwarded {
            parts.headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client_address(&parts, &trusted).map(|address| address.to_string())
    }

    #[test]
    fn the_caller_is_the_right_most_that_is_no_proxy_of_ours() {
        let ours = ["10.0.0.0/8", "fd00::/8"];
        let cases: [(&str, &[&str], Option<&str>); 14] = [
            ("203.0.113.9", &["198.51.100.1"], Some("203.0.113.9")),
            ("10.0.0.1", &[], Some("10.0.0.1")),
            ("10.0.0.1", &["198.51.100.1"], Some("198.51.100.1")),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1"], Some("198.51.100.1")),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1,10.0.0.2"], Some("198.51.100.1")),
            ("10.0.0.1", &["1.1.1.1", "198.51.100.1", "10.0.0.2"], Some("198.51.100.1")),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], Some("10.0.0.3")),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], Some("198.51.100.1")),
            ("fd00::1", &["2001:db8::7"], Some("2001:db8::7")),
            ("10.0.0.1", &["[2001:db8::7]:4711"], Some("2001:db8::7")),
            ("10.0.0.1", &["198.51.100.1:4711"], Some("198.51.100.1")),
            ("10.0.0.1", &["198.51.100.1, unknown"], None),
            ("10.0.0.1", &["198.51.100.1, "], None),
            ("10.0.0.1", &["ü"], None),
        ];
        for (peer, forwarded, expected) in cases {
            assert_eq!(client(peer, forwarded, &ours).as_deref(), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn without_trusted_proxies_the_header_says_nothing() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1"], &[]).as_deref(), Some("10.0.0.1"));
        assert_eq!(client("::ffff:10.0.0.1", &[], &[]).as_deref(), Some("10.0.0.1"));
    }

    #[test]
    fn networks_cover_what_is_all_within_them() {
        let covered = |nets: &[&str], other: &str| {
            let nets: Vec<IpNet> = nets.iter().map(|net| net.parse().unwrap()).collect();
            cover(&nets, &other.parse().unwrap())
        };
        assert!(covered(&["10.0.0.0/8"], "10.0.0.0/8") && covered(&["10.0.0.0/8"], "10.1.2.3/32"));
        assert!(covered(&["10.0.0.7/8"], "10.1.0.7/9"), "what is written behind the prefix says nothing");
        assert!(covered(&["10.128.0.0/9", "10.0.0.0/9"], "10.0.0.0/8"), "two halves are the whole");
        assert!(!covered(&["10.0.0.0/8"], "10.0.0.0/7") && !covered(&["10.0.0.0/8"], "11.0.0.0/8"));
        assert!(!covered(&[], "10.0.0.0/8") && !covered(&["0.0.0.0/0"], "2001:db8::/32"));
        assert!(!covered(&["::/0"], "10.0.0.0/8"), "v4 addresses are not in it either");
        assert!(
            covered(&["10.0.0.0/8"], "::ffff:10.1.0.0/112")
                && covered(&["::ffff:10.0.0.0/104"], "10.0.0.0/9")
        );
        assert!(!covered(&["10.0.0.0/8"], "::ffff:0.0.0.0/96"));
        assert!(covered(&["2001:db8::/32"], "2001:db8:1::/48"));
    }

    #[test]
    fn a_block_of_v4_addresses_may_be_written_as_v6() {
        let has = |net: &str, address: &str| contains(&net.parse().unwrap(), address.parse().unwrap());
        assert!(has("::ffff:203.0.113.0/120", "203.0.113.7"));
        assert!(!has("::ffff:203.0.113.0/120", "203.0.114.7"));
        assert!(has("::ffff:0.0.0.0/96", "203.0.114.7"));
        assert!(has("2001:db8::/96", "2001:db8::1") && !has("2001:db8::/96", "203.0.113.7"));
        assert!(has("0.0.0.0/0", "203.0.113.7") && !has("0.0.0.0/0", "2001:db8::1"));
    }
}
