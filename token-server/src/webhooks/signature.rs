//! What a receiver checks.
//!
//! Each request carries two families of headers over the same body: those of the authentication guide, and those of
//! Standard Webhooks.

use aws_lc_rs::hmac;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::random::Entropy;
use protocol::{Timestamp, ids::MessageId};

use crate::hex;

/// How a secret begins, so that scanners know one.
const PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 32;

/// A new secret.
pub fn new_secret(entropy: &dyn Entropy) -> String {
    let mut bytes = [0_u8; SECRET_BYTES];
    entropy.fill(&mut bytes);
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

/// The headers of one attempt.
///
/// `secrets` are those that sign now, the newest first. The header of the guide has room for one signature. While old
/// secrets sign as well, attempts take turns, beginning with the oldest: of one old secret, a receiver that has the new one
/// already refuses the first attempt and takes the second, seconds later.
pub fn headers(id: &MessageId, body: &str, secrets: &[&str], attempt: u32, now: Timestamp) -> HeaderMap {
    let (millis, seconds) = (now.as_millis().to_string(), now.as_secs().to_string());
    let newest_last: Vec<&str> = secrets.iter().rev().copied().collect();
    let turn = usize::try_from(attempt.saturating_sub(1)).unwrap_or(0) % newest_last.len().max(1);
    let guide = newest_last.get(turn).map(|secret| of_guide(secret, &millis, body)).unwrap_or_default();
    let standard: Vec<_> = secrets.iter().map(|secret| of_standard(secret, id, &seconds, body)).collect();
    let values = [
        ("x-interviewrelay-timestamp", millis),
        ("x-interviewrelay-signature", guide),
        ("webhook-id", id.to_string()),
        ("webhook-timestamp", seconds),
        ("webhook-signature", standard.join(" ")),
    ];
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

/// Source: the authentication guide; the key is the secret as it is written, prefix and all.
fn of_guide(secret: &str, millis: &str, body: &str) -> String {
    let tag = sign(secret.as_bytes(), &format!("{millis}.{body}"));
    hex::lower(tag.as_ref())
}

/// Source: Standard Webhooks 1.0; the key is what the secret encodes.
fn of_standard(secret: &str, id: &MessageId, seconds: &str, body: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret)).unwrap_or_default();
    let tag = sign(&key, &format!("{id}.{seconds}.{body}"));
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

fn sign(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::random::SeededEntropy;

    const OLD: &str = "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=";
    const NEW: &str = "whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=";

    fn of(secrets: &[&str], attempt: u32) -> HeaderMap {
        let id = MessageId::parse("msg_1").unwrap();
        headers(&id, r#"{"a":1}"#, secrets, attempt, Timestamp::from_millis(1_700_000_000_123))
    }

    fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
        headers[name].to_str().unwrap()
    }

    #[test]
    fn a_secret_is_32_bytes_in_base64_behind_its_prefix() {
        let secret = new_secret(&SeededEntropy::new(1));
        assert_eq!(STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap().len(), 32);
        assert_ne!(secret, new_secret(&SeededEntropy::new(2)));
    }

    #[test]
    fn the_times_are_in_milliseconds_and_in_seconds() {
        let headers = of(&[NEW], 1);
        assert_eq!(text(&headers, "x-interviewrelay-timestamp"), "1700000000123");
        assert_eq!(text(&headers, "webhook-timestamp"), "1700000000");
        assert_eq!(text(&headers, "x-interviewrelay-signature").len(), 64);
    }

    #[test]
    fn in_an_overlap_both_secrets_sign_and_the_guides_header_takes_turns() {
        let (both, old, new) = (of(&[NEW, OLD], 1), of(&[OLD], 1), of(&[NEW], 1));
        let standard = |headers: &HeaderMap| text(headers, "webhook-signature").to_owned();
        assert_eq!(standard(&both), format!("{} {}", standard(&new), standard(&old)));
        let guide = |headers: &HeaderMap| text(headers, "x-interviewrelay-signature").to_owned();
        assert_eq!(guide(&both), guide(&old));
        let (second, third) = (of(&[NEW, OLD], 2), of(&[NEW, OLD], 3));
        assert_eq!((guide(&second), guide(&third)), (guide(&new), guide(&old)));
        let older = "whsec_b2xkZXJvbGRlcm9sZGVyb2xkZXJvbGRlcm9sZGVyb2w=";
        let all = |attempt| of(&[NEW, OLD, older], attempt);
        assert_eq!(standard(&all(1)), format!("{} {}", standard(&both), standard(&of(&[older], 1))));
        assert_eq!(
            [1, 2, 3].map(|attempt| guide(&all(attempt))),
            [guide(&of(&[older], 1)), guide(&old), guide(&new)]
        );
    }
}
