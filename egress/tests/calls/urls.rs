//! What may be saved.

use egress::{MAX_URL_BYTES, Policy, UrlFault, check_url};

use crate::receiver::LOOPBACK;

#[test]
fn a_url_on_the_public_internet_may_be_saved() {
    for (text, kept) in [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/hooks?source=ir", "https://example.com/hooks?source=ir"),
        ("HTTPS://EXAMPLE.com:443/Hook", "https://example.com/Hook"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://localhost.example.com/", "https://localhost.example.com/"),
        ("https://notlocalhost/", "https://notlocalhost/"),
        ("https://9.9.9.9/", "https://9.9.9.9/"),
        ("https://[2620:fe::fe]/", "https://[2620:fe::fe]/"),
        // What is called is what the parser made of it, so this is no trick.
        ("https://example.com\\@127.0.0.1/", "https://example.com/@127.0.0.1/"),
        ("https://exa\nmple.com/", "https://example.com/"),
        ("https://example.com/@ada", "https://example.com/@ada"),
        ("https://example.com?to=ada@example.com", "https://example.com/?to=ada@example.com"),
    ] {
        let outcome = check_url(text, Policy::default());
        assert_eq!(outcome.map(String::from).as_deref(), Ok(kept), "{text}");
    }
}

#[test]
fn each_fault_is_told_apart() {
    for (text, fault) in [
        ("", UrlFault::Unreadable),
        ("example.com/hook", UrlFault::Unreadable),
        ("https://exa mple.com/", UrlFault::Unreadable),
        ("https://[::1/", UrlFault::Unreadable),
        ("https://256.256.256.256/", UrlFault::Unreadable),
        ("https://", UrlFault::NoHost),
        ("https:///", UrlFault::NoHost),
        ("http://example.com/", UrlFault::Scheme),
        ("http://127.0.0.1/", UrlFault::Scheme),
        ("ftp://example.com/", UrlFault::Scheme),
        ("javascript:alert(1)", UrlFault::Scheme),
        ("https://user@example.com/", UrlFault::Userinfo),
        ("https://user:password@example.com/", UrlFault::Userinfo),
        ("https://:password@example.com/", UrlFault::Userinfo),
        ("https://@example.com", UrlFault::Userinfo),
        ("https://:@example.com/", UrlFault::Userinfo),
        ("https:@example.com/", UrlFault::Userinfo),
        ("https:\\/\t/\n\\@example.com/", UrlFault::Userinfo),
        ("https://9.9.9.9\t@example.com?", UrlFault::Userinfo),
        ("https://example.com/#top", UrlFault::Fragment),
        ("https://example.com/#", UrlFault::Fragment),
        ("https://example.com:0/", UrlFault::Port),
        ("https://example.com:65536/", UrlFault::Port),
        ("https://localhost/", UrlFault::NotPublic),
        ("https://localhost./", UrlFault::NotPublic),
        ("https://api.LocalHost/", UrlFault::NotPublic),
        ("https://[::1]/", UrlFault::NotPublic),
    ] {
        assert_eq!(check_url(text, Policy::default()), Err(fault), "{text}");
    }
}

#[test]
fn a_url_of_2048_bytes_may_be_saved_and_one_more_may_not() {
    let start = "https://example.com/";
    let fits = format!("{start}{}", "x".repeat(MAX_URL_BYTES - start.len()));
    assert!(check_url(&fits, Policy::default()).is_ok());
    assert_eq!(check_url(&format!("{fits}x"), Policy::default()), Err(UrlFault::TooLong));
    // Percent-encoding makes it longer.
    let grows = format!("{start}{}", "ü".repeat(500));
    assert_eq!(check_url(&grows, Policy::default()), Err(UrlFault::TooLong));
    assert!(UrlFault::TooLong.to_string().contains(&MAX_URL_BYTES.to_string()));
}

#[test]
fn where_loopback_is_open_it_may_be_saved_and_http_to_it_too() {
    for text in [
        "http://localhost:3000/hook",
        "http://api.localhost/",
        "http://127.0.0.1/",
        "http://127.8.9.1/",
        "http://[::1]:3000/",
        "http://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://example.com/",
    ] {
        assert!(check_url(text, LOOPBACK).is_ok(), "{text}");
    }
    for (text, fault) in [
        ("http://example.com/", UrlFault::Scheme),
        ("http://10.0.0.1/", UrlFault::Scheme),
        ("http://0.0.0.0/", UrlFault::Scheme),
        ("https://0.0.0.0/", UrlFault::NotPublic),
        ("https://[::]/", UrlFault::NotPublic),
        ("https://[::127.0.0.1]/", UrlFault::NotPublic),
        ("https://10.0.0.1/", UrlFault::NotPublic),
        ("http://user@localhost/", UrlFault::Userinfo),
    ] {
        assert_eq!(check_url(text, LOOPBACK), Err(fault), "{text}");
    }
}
