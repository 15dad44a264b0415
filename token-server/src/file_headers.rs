//! The headers of files: `Content-Digest` (RFC 9530) and `Content-Disposition` (RFC 6266).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sfv::{BareItem, Dictionary, Item, ListEntry, Parser};

const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// What a name need not encode. Source: RFC 8187 §3.2.1, `attr-char`.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The SHA-256 that a body is said to have; other digests beside it say nothing.
pub fn sha256_in(headers: &HeaderMap) -> Option<Vec<u8>> {
    let mut lines = headers.get_all(CONTENT_DIGEST).into_iter();
    let (line, more) = (lines.next()?, lines.next());
    let fields: Dictionary = Parser::new(line.as_bytes()).parse().ok()?;
    match fields.get("sha-256") {
        Some(ListEntry::Item(Item { bare_item: BareItem::ByteSequence(bytes), .. }))
            if bytes.len() == 32 && more.is_none() =>
        {
            Some(bytes.clone())
        }
        _ => None,
    }
}

/// The header for a body with this SHA-256, given in hex.
pub fn header(sha256: &str) -> Option<HeaderValue> {
    let byte = |place: usize| u8::from_str_radix(sha256.get(place..place + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..sha256.len()).step_by(2).map(byte).collect();
    HeaderValue::try_from(format!("sha-256=:{}:", STANDARD.encode(bytes?))).ok()
}

/// A file to be kept under this name.
pub fn attachment(filename: &str) -> HeaderValue {
    // For those who do not know the other: what is not plain becomes a line.
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' };
    let name: String = filename.chars().map(plain).collect();
    let encoded = utf8_percent_encode(filename, ATTR_CHAR);
    HeaderValue::try_from(format!("attachment; filename=\"{name}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_ABC: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

    fn read(lines: &[&str]) -> Option<Vec<u8>> {
        let headers = lines.iter().map(|line| (CONTENT_DIGEST, HeaderValue::from_str(line).unwrap()));
        sha256_in(&headers.fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        }))
    }

    #[test]
    fn a_digest_is_read_as_a_structured_field() {
        let right = format!("sha-256=:{OF_ABC}:");
        for line in
            [right.clone(), format!("sha-512=:AAAA:, {right}"), format!("{right};a=1"), format!("  {right} ")]
        {
            assert_eq!(read(&[&line]), Some(STANDARD.decode(OF_ABC).unwrap()), "{line}");
        }
        let other = format!("sha-512=:{OF_ABC}:");
        for line in [
            "",
            "x",
            OF_ABC,
            &format!("sha-256={OF_ABC}"),
            &format!("sha-256=\"{OF_ABC}\""),
            "sha-256=:AAAA:",
            "sha-256",
            &format!("SHA-256=:{OF_ABC}:"),
            &format!("sha-256=(:{OF_ABC}:)"),
            &format!("{right},"),
            &other,
        ] {
            assert_eq!(read(&[line]), None, "{line}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[&right, &right]), None, "which of them counts?");
    }

    #[test]
    fn a_digest_is_written_as_it_is_read() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(header(hex).unwrap(), format!("sha-256=:{OF_ABC}:"));
        assert_eq!(header("zz"), None);
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        for (name, expected) in [
            ("cv.pdf", "attachment; filename=\"cv.pdf\"; filename*=UTF-8''cv.pdf"),
            ("Zoë's.png", "attachment; filename=\"Zo__s.png\"; filename*=UTF-8''Zo%C3%AB%27s.png"),
            (
                "a\"; x=\"b\r\n",
                "attachment; filename=\"a__ x__b__\"; filename*=UTF-8''a%22%3B%20x%3D%22b%0D%0A",
            ),
            ("../etc/passwd", "attachment; filename=\".._etc_passwd\"; filename*=UTF-8''..%2Fetc%2Fpasswd"),
        ] {
            assert_eq!(attachment(name), expected);
        }
    }
}
