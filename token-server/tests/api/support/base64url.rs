//! Base64 for URLs without padding (RFC 4648 §5), as tokens use it: tests take tokens apart and put wrong ones together.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as text.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    let mut text = String::new();
    for chunk in bytes.as_ref().chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        let digits = (0..=chunk.len()).map(|place| char::from(DIGITS[bits >> (18 - 6 * place) & 63]));
        text.extend(digits);
    }
    text
}

/// Text as bytes; what is no digit is a mistake in the test.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let digits: Vec<usize> = text
        .bytes()
        .map(|byte| DIGITS.iter().position(|digit| *digit == byte).expect("a digit of base64url"))
        .collect();
    let mut bytes = Vec::new();
    for chunk in digits.chunks(4) {
        let bits = chunk.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - chunk.len()));
        bytes.extend(
            (1..chunk.len()).map(|place| u8::try_from(bits >> (24 - 8 * place) & 255).expect("eight bits")),
        );
    }
    bytes
}

/// The header and the claims of a token, unverified.
pub(crate) fn parts(token: &str) -> (serde_json::Value, serde_json::Value) {
    let mut parts = token.split('.').map(|part| serde_json::from_slice(&decode(part)));
    let (header, claims) = (parts.next().expect("a header"), parts.next().expect("claims"));
    (header.expect("JSON"), claims.expect("JSON"))
}

#[test]
fn what_is_encoded_can_be_decoded() {
    for (bytes, text) in
        [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("???", "Pz8_")]
    {
        assert_eq!(encode(bytes), text);
        assert_eq!(decode(text), bytes.as_bytes());
    }
}
