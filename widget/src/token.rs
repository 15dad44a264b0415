//! What the widget reads from an invite token: who issued it, and for which invite. The server alone verifies it.

use serde_json::Value;

use crate::json;

/// The issuer (`iss`) of a JWT, without a slash at its end: the base of every call.
///
/// `None` when the text is no JWT or names no http(s) address. Nothing is verified here: a forged token gets nothing
/// from the server that it names. Source: RFC 7519 §4.1.1, RFC 7515 §3.
pub fn issuer(token: &str) -> Option<String> {
    let claims = claims(token)?;
    let issuer = claims.get("iss")?.as_str()?;
    is_web_address(issuer).then(|| issuer.trim_end_matches('/').to_owned())
}

/// Under which name the invite's answers are kept on the device: its issuer and its id (`jti`), which stay the same when
/// a token expires and another is minted for the same invite. Never the token itself.
pub fn owner(token: &str) -> Option<String> {
    let claims = claims(token)?;
    Some([claims.get("iss")?.as_str()?, " ", claims.get("jti")?.as_str()?].concat())
}

fn claims(token: &str) -> Option<Value> {
    let mut parts = token.trim().split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(())?;
    json::read(&String::from_utf8(base64url(payload)?).ok()?)
}

/// Whether the text begins like an http(s) address; nothing else is ever called or navigated to.
pub fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Whether this is an API key, which must never be in a page.
pub fn is_api_key(text: &str) -> bool {
    text.trim().starts_with("ir_")
}

/// Base64url without padding (RFC 4648 §5).
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for character in text.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{"alg":"EdDSA"}` . the claims . a signature that nobody checks here.
    fn token(payload: &str) -> String {
        format!("eyJhbGciOiJFZERTQSJ9.{payload}.c2ln")
    }

    #[test]
    fn the_issuer_is_read_from_the_payload() {
        // {"iss":"http://127.0.0.1:8080/"}
        let token = token("eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjgwODAvIn0");
        assert_eq!(issuer(&token).as_deref(), Some("http://127.0.0.1:8080"));
    }

    #[test]
    fn answers_are_kept_under_the_issuer_and_the_id_of_the_invite() {
        // {"iss":"https://api.example","jti":"inv_1"}
        let claims = "eyJpc3MiOiJodHRwczovL2FwaS5leGFtcGxlIiwianRpIjoiaW52XzEifQ";
        assert_eq!(owner(&token(claims)).as_deref(), Some("https://api.example inv_1"));
        assert_eq!(owner(&token("eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjgwODAvIn0")), None);
    }

    #[test]
    fn what_is_not_a_token_has_no_issuer() {
        for text in ["", "abc", "a.b.c", "ir_live_sk_abc", "a.e30.c", "a.eyJpc3MiOjF9.c", "a.b.c.d"] {
            assert_eq!(issuer(text), None, "{text}");
        }
    }

    #[test]
    fn an_issuer_that_is_no_web_address_is_refused() {
        // {"iss":"javascript:alert(1)"}
        assert_eq!(issuer(&token("eyJpc3MiOiJqYXZhc2NyaXB0OmFsZXJ0KDEpIn0")), None);
    }

    #[test]
    fn api_keys_are_recognized() {
        assert!(is_api_key(" ir_live_sk_abc"));
        assert!(is_api_key("ir_test_sk_abc"));
        assert!(!is_api_key("eyJhbGciOiJFZERTQSJ9"));
    }
}
