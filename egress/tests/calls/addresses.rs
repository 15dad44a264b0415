//! The edges of what is public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use egress::is_public;
use proptest::prelude::*;

/// First and last address of each range that is not public, by the registries of IANA. Written out, not computed, so
/// that a slip in a prefix shows. In order; ranges that touch are one.
const CLOSED_V4: &[(&str, &str)] = &[
    ("0.0.0.0", "0.255.255.255"),
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("168.63.129.16", "168.63.129.16"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "255.255.255.255"),
];

/// The same for IPv6, but for what is mapped (`::ffff:0:0/96`), which is judged as IPv4.
const CLOSED_V6: &[(&str, &str)] = &[
    ("::", "::fffe:ffff:ffff"),
    ("::1:0:0:0", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
];

/// Nets of the registry that lie within the large ranges above, by their first address.
const CLOSED_BY_NAME: &[&str] = &[
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "feff::1",
    "ff02::1",
    "ff0e::1",
];

fn v4(text: &str) -> u32 {
    text.parse::<Ipv4Addr>().unwrap().to_bits()
}

fn v6(text: &str) -> u128 {
    text.parse::<Ipv6Addr>().unwrap().to_bits()
}

fn mapped(bits: u32) -> IpAddr {
    Ipv4Addr::from_bits(bits).to_ipv6_mapped().into()
}

fn closed_v4(bits: u32) -> bool {
    CLOSED_V4.iter().any(|(first, last)| (v4(first)..=v4(last)).contains(&bits))
}

fn closed_v6(bits: u128) -> bool {
    CLOSED_V6.iter().any(|(first, last)| (v6(first)..=v6(last)).contains(&bits))
}

#[test]
fn each_range_ends_where_the_registry_says() {
    for (first, last) in CLOSED_V4 {
        let (first, last) = (v4(first), v4(last));
        let edges = [first.checked_sub(1), Some(first), Some(last), last.checked_add(1)];
        for bits in edges.into_iter().flatten() {
            let address = Ipv4Addr::from_bits(bits);
            assert_eq!(is_public(address.into()), !(first..=last).contains(&bits), "{address}");
        }
    }
    for (first, last) in CLOSED_V6 {
        let (first, last) = (v6(first), v6(last));
        assert!(!is_public(Ipv6Addr::from_bits(first).into()), "{first:x}");
        assert!(!is_public(Ipv6Addr::from_bits(last).into()), "{last:x}");
        let around = [first.checked_sub(1), last.checked_add(1)];
        for bits in around.into_iter().flatten() {
            let address = Ipv6Addr::from_bits(bits);
            let public =
                address.to_ipv4_mapped().map_or(!closed_v6(bits), |inner| !closed_v4(inner.to_bits()));
            assert_eq!(is_public(address.into()), public, "{address}");
        }
    }
}

#[test]
fn each_net_of_the_registry_is_closed() {
    for text in CLOSED_BY_NAME {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
}

#[test]
fn the_public_internet_is_open() {
    for text in [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.215.14",
        "172.32.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
    ] {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_ipv4_address_is_public_outside_of_the_ranges_only(bits: u32) {
        prop_assert_eq!(is_public(Ipv4Addr::from_bits(bits).into()), !closed_v4(bits));
    }

    #[test]
    fn near_the_edges_too(edge in proptest::sample::select(CLOSED_V4), offset in -300_i64..300) {
        for edge in [v4(edge.0), v4(edge.1)] {
            if let Ok(bits) = u32::try_from(i64::from(edge) + offset) {
                prop_assert_eq!(is_public(Ipv4Addr::from_bits(bits).into()), !closed_v4(bits));
            }
        }
    }

    #[test]
    fn a_mapped_address_is_what_it_carries(bits: u32) {
        prop_assert_eq!(is_public(mapped(bits)), is_public(Ipv4Addr::from_bits(bits).into()));
    }

    #[test]
    fn an_ipv6_address_is_public_outside_of_the_ranges_only(first: u16, second: u16, rest: u128) {
        // Most special nets are told by their first 32 bits, which random ones would seldom hit.
        let second = if first & 1 == 0 { second } else { second & 0x0fff };
        for first in [first, 0x2001, 0x2002, 0x3fff, 0x2000 | (first & 0x1fff)] {
            let bits = u128::from(first) << 112 | u128::from(second) << 96 | rest >> 32;
            prop_assert_eq!(is_public(Ipv6Addr::from_bits(bits).into()), !closed_v6(bits));
        }
    }

    #[test]
    fn no_way_to_carry_an_address_in_another_opens_it(bits: u32) {
        let inner = u128::from(bits);
        for (net, shift) in [("::", 0), ("64:ff9b::", 0), ("64:ff9b:1::", 0), ("2002::", 80), ("2001::", 64), ("2001::", 0)] {
            let address = Ipv6Addr::from_bits(v6(net) | inner << shift);
            prop_assert!(!is_public(address.into()), "{}", address);
        }
    }
}
