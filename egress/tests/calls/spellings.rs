//! Ways to write an address that must not be called. Nothing may knock at a listener that all of them would reach.

use std::time::Duration;

use egress::{Client, Failure, Policy};

use crate::names::Names;
use crate::receiver::{LOOPBACK, connections, listen_everywhere, no_headers};

/// Enough to connect to this machine, and little to wait for when a guard is missing.
const TIMEOUT: Duration = Duration::from_millis(300);

/// This machine, by every spelling that some parser takes; `PORT` is the listener's.
const THIS_MACHINE: &[&str] = &[
    "https://127.0.0.1:PORT/",
    "https://127.0.0.1.:PORT/",
    "https://127.1:PORT/",
    "https://127.0.1:PORT/",
    "https://127.1.:PORT/",
    "https://127.255.255.254:PORT/",
    "https://2130706433:PORT/",
    "https://0x7f000001:PORT/",
    "https://0X7F000001:PORT/",
    "https://0x7f.1:PORT/",
    "https://0x7f.0x0.0x0.0x1:PORT/",
    "https://0177.0.0.1:PORT/",
    "https://017700000001:PORT/",
    "https://00000177.0.0.0x1:PORT/",
    "https://0.0.0.0:PORT/",
    "https://0:PORT/",
    "https://0x0:PORT/",
    "https://[::]:PORT/",
    "https://[::1]:PORT/",
    "https://[0:0:0:0:0:0:0:1]:PORT/",
    "https://[0000::0.0.0.1]:PORT/",
    "https://[::ffff:127.0.0.1]:PORT/",
    "https://[::ffff:7f00:1]:PORT/",
    "https://[::FFFF:0.0.0.0]:PORT/",
    "https://[::127.0.0.1]:PORT/",
    "https://[::ffff:0:127.0.0.1]:PORT/",
    "https://[64:ff9b::7f00:1]:PORT/",
    "https://[2002:7f00:1::]:PORT/",
    "https://[2001:0:7f00:1::]:PORT/",
    "https://１２７.０.０.１:PORT/",
    "https://２１３０７０６４３３:PORT/",
    "https://①②⑦.⓪.⓪.①:PORT/",
    "https://127。0。0。1:PORT/",
    "https://127．0｡0。1:PORT/",
    "https://%31%32%37.0.0.1:PORT/",
    "https://127%2e0%2e0%2e1:PORT/",
    "https://%30x7f.1:PORT/",
    "https://127.0.0.\u{ad}1:PORT/",
    "https://127.0.0.1\u{200b}:PORT/",
    "https://localhost:PORT/",
    "https://LOCALHOST:PORT/",
    "https://localhost.:PORT/",
    "https://localhost%2e:PORT/",
    "https://local%68ost:PORT/",
    "https://ｌｏｃａｌｈｏｓｔ:PORT/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
    "https://local\thost:PORT/",
    "https://local\u{ad}host:PORT/",
    "https://api.localhost:PORT/",
    "https://api.LocalHost.:PORT/",
    "https://api。localhost:PORT/",
    "https://user@127.0.0.1:PORT/",
    "https://user:secret@127.0.0.1:PORT/",
    "https://example.com@127.0.0.1:PORT/",
    "https://example.com:443@127.0.0.1:PORT/",
    "https://example.com%40127.0.0.1:PORT/",
    "https://example.com%2f@127.0.0.1:PORT/",
    "https://@127.0.0.1:PORT/",
    "https:127.0.0.1:PORT/",
    "https:/127.0.0.1:PORT/",
    "https:////127.0.0.1:PORT/",
    "https:\\\\127.0.0.1:PORT/",
    "https://127.0.0.1:PORT\\@example.com/",
    "https://127.0.0.1:PORT#@example.com/",
    "https://127.0.0.1:PORT?@example.com/",
    " https://127.0.0.1:PORT/ ",
    "ht\ntps://127.0.0.\r\n1:PORT/",
    "HTTPS://127.0.0.1:PORT/",
    "http://127.0.0.1:PORT/",
    "http://example.test:PORT/",
    "gopher://127.0.0.1:PORT/_POST",
    "ftp://127.0.0.1:PORT/",
    "ws://127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT",
    "file:///etc/passwd",
    "unix:/var/run/docker.sock",
];

/// Names that lead here or into an inner network. Their answers are in [`traps`].
const NAMES: &[&str] = &[
    "https://unlisted.test:PORT/",
    "https://UNLISTED.test:PORT/",
    "https://unlisted.test.:PORT/",
    "https://unlisted。test:PORT/",
    "https://127.0.0.1.nip.test:PORT/",
    "https://localhost.example.test:PORT/",
    "https://unlisted.test\\@93.184.215.14:PORT/",
    "https://loopback6.test:PORT/",
    "https://unspecified.test:PORT/",
    "https://unspecified6.test:PORT/",
    "https://mapped.test:PORT/",
    "https://mapped-unspecified.test:PORT/",
    "https://public-then-private.test:PORT/",
    "https://private-then-public.test:PORT/",
    "https://one-of-many.test:PORT/",
    "https://both-families.test:PORT/",
    "https://metadata.google.internal:PORT/",
    "https://instance-data.ec2.internal:PORT/",
    "https://nat64.test:PORT/",
    "https://6to4.test:PORT/",
    "https://kubernetes.default.svc:PORT/",
    "https://link-local.test:PORT/",
];

/// Not this machine, but no public address either, whatever the policy says of loopback.
const INNER_NETWORKS: &[&str] = &[
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[::169.254.169.254]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::a9fe:a9fe]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[fd00:ec2::254]/",
    "https://[fd20:ce::254]/",
    "https://100.100.100.200/",
    "https://192.0.0.192/",
    "https://168.63.129.16/",
    "https://0.0.0.0/",
    "https://0.1.2.3/",
    "https://10.0.0.1/",
    "https://10.1/",
    "https://100.64.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.254/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://192.168.0.1/",
    "https://192.168.257/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[100::1]/",
    "https://[2001::1]/",
    "https://[2001:db8::1]/",
    "https://[3fff::1]/",
    "https://[4000::1]/",
    "https://[5f00::1]/",
    "https://[fc00::1]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://metadata.google.internal/",
    "https://nat64.test/",
    "https://kubernetes.default.svc/",
    "http://10.0.0.1/",
    "http://kubernetes.default.svc/",
    "http://example.com/",
];

/// `2d00::1` is in the space of public addresses, but has been given to nobody.
fn traps() -> Names {
    Names::default()
        .with("loopback6.test", &[&["::1"]])
        .with("unspecified.test", &[&["0.0.0.0"]])
        .with("unspecified6.test", &[&["::"]])
        .with("mapped.test", &[&["::ffff:127.0.0.1"]])
        .with("mapped-unspecified.test", &[&["::ffff:0.0.0.0"]])
        .with("public-then-private.test", &[&["2d00::1", "127.0.0.1"]])
        .with("private-then-public.test", &[&["127.0.0.1", "2d00::1"]])
        .with("one-of-many.test", &[&["2d00::1", "2d00::2", "2d00::3", "127.0.0.1", "2d00::4"]])
        .with("both-families.test", &[&["::1", "127.0.0.1"]])
        .with("metadata.google.internal", &[&["169.254.169.254"]])
        .with("instance-data.ec2.internal", &[&["169.254.169.254", "fd00:ec2::254"]])
        .with("nat64.test", &[&["64:ff9b::7f00:1"]])
        .with("6to4.test", &[&["2002:7f00:1::"]])
        .with("kubernetes.default.svc", &[&["10.96.0.1"]])
        .with("link-local.test", &[&["fe80::1"]])
}

/// The spellings that were not refused or that knocked at the listener.
async fn failures(policy: Policy, spellings: &[&str]) -> Vec<String> {
    let listener = listen_everywhere().await;
    let port = listener.local_addr().unwrap().port().to_string();
    let client = Client::with_resolver(policy, traps()).unwrap();
    let mut failures = Vec::new();
    for spelling in spellings {
        let url = spelling.replace("PORT", &port);
        let outcome = client.post(&url, no_headers(), "{}", TIMEOUT).await;
        let connections = connections(&listener).await;
        if connections != 0 || !matches!(outcome, Err(Failure::Refused(_))) {
            failures.push(format!("{spelling:?}: {connections} connections, {outcome:?}"));
        }
    }
    failures
}

#[tokio::test]
async fn no_spelling_of_this_machine_gets_a_connection() {
    assert_eq!(failures(Policy::default(), THIS_MACHINE).await, [""; 0]);
}

#[tokio::test]
async fn no_name_that_leads_to_an_inner_address_gets_a_connection() {
    assert_eq!(failures(Policy::default(), NAMES).await, [""; 0]);
}

#[tokio::test]
async fn no_inner_network_gets_a_connection() {
    assert_eq!(failures(Policy::default(), INNER_NETWORKS).await, [""; 0]);
}

#[tokio::test]
async fn inner_networks_stay_closed_where_loopback_is_open() {
    assert_eq!(failures(LOOPBACK, INNER_NETWORKS).await, [""; 0]);
}
