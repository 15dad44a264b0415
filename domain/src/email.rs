//! E-mail addresses: which texts are, and when two are the same.

use email_address::{EmailAddress, Options};

/// Most bytes of an address, so that it fits into a path with its brackets. Source: RFC 5321 §4.5.3.1.3, erratum 1690.
pub const MAX_BYTES: usize = 254;

/// What to say of a text that [`is_address`] refuses.
pub const MUST_BE_ADDRESS: &str =
    "Must be an e-mail address and nothing else, such as ada@example.com, of at most 254 bytes.";

/// Whether a text is an address as people write it: without a name beside it, without quotes, and of a domain that has a
/// name. What RFC 5322 allows beyond that are other ways to write the same mailbox, and whoever has two of them is two
/// people to us.
pub fn is_address(text: &str) -> bool {
    let options = Options::default().without_display_text().without_domain_literal();
    let is_bare =
        !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'));
    is_bare && text.len() <= MAX_BYTES && EmailAddress::parse_with_options(text, options).is_ok()
}

/// The form of an address in which letter case makes no difference.
pub fn key(address: &str) -> String {
    address.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_alone() {
        for good in
            ["ada@example.com", "a.b+c@sub.example.com", "o'brien@example.com", "jörg@bücher.example", "a@b"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "Ada <ada@example.com>",
            "<ada@example.com>",
            " <ada@example.com>",
            "Ada <ada@example.com",
            " ada@example.com",
            "ada@example.com ",
            "ada@example.com\n",
            "ada@exam\u{a0}ple.com",
            "ada@[127.0.0.1]",
            "ada@[IPv6:::1]",
            "\"ada\"@example.com",
            "\"ada lovelace\"@example.com",
            "ada@example.com,bob@example.com",
            "mailto:ada@example.com",
            "ada@example.com(comment)",
            ".ada@example.com",
            "ada@example..com",
            "ada@example.com.",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn an_address_has_at_most_254_bytes() {
        let domain = [&*"a".repeat(63), &*"b".repeat(63), &*"c".repeat(61)].join(".");
        let longest = format!("{}@{domain}", "l".repeat(64));
        assert_eq!(longest.len(), MAX_BYTES);
        assert!(is_address(&longest));
        assert!(!is_address(&longest.replace('@', "@x")));
    }
}
