//! What is kept of an answer can be read only with the API key that it was given to, and the server has no API key.
//!
//! From the key's text two keys are derived for each request (HKDF-SHA256, RFC 5869): one seals the answer
//! (AES-256-GCM with a random nonce), the other makes the digest by which two bodies are compared (HMAC-SHA256). So a
//! copy of the database tells neither the token in an answer nor, by trying, what was sent.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    constant_time,
    digest::{Context, SHA256},
    hkdf::{HKDF_SHA256, KeyType, Salt},
    hmac,
};
use domain::api_key::KeySecret;
use protocol::Environment;

/// Sets these keys apart from all others that might be derived from an API key one day.
const SALT: &[u8] = b"interviewrelay idempotency 1";
const KEY_LEN: usize = 32;

/// The two keys of one request.
pub(super) struct Seal {
    sealing: [u8; KEY_LEN],
    comparing: hmac::Key,
}

/// A keyed digest of what was sent.
pub(super) struct Fingerprint(hmac::Tag);

#[derive(Clone, Copy)]
struct BothKeys;

impl KeyType for BothKeys {
    fn len(&self) -> usize {
        2 * KEY_LEN
    }
}

impl Seal {
    /// The keys for what the holder of `secret` calls `given` on this route.
    pub(super) fn new(secret: &KeySecret, environment: Environment, route: &str, given: &str) -> Self {
        let mut both = [0_u8; 2 * KEY_LEN];
        let derived = Salt::new(HKDF_SHA256, SALT).extract(secret.expose().as_bytes());
        // None of the parts can have the separator in it.
        let info = [environment.as_str().as_bytes(), b"\0", route.as_bytes(), b"\0", given.as_bytes()];
        let filled = derived.expand(&info, BothKeys).and_then(|keys| keys.fill(&mut both));
        filled.expect("64 bytes are far less than HKDF can give");
        let (sealing, comparing) = both.split_at(KEY_LEN);
        let sealing = sealing.try_into().expect("a half of 64 bytes");
        Self { sealing, comparing: hmac::Key::new(hmac::HMAC_SHA256, comparing) }
    }

    /// The nonce and the sealed text. `name` must be the same to open it.
    pub(super) fn seal(&self, name: &[u8], mut text: Vec<u8>) -> Option<Vec<u8>> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.sealing).ok()?;
        let nonce = key.seal_in_place_append_tag(Aad::from(name), &mut text).ok()?;
        Some([nonce.as_ref().as_slice(), &text].concat())
    }

    /// The text, if it was sealed with this key and has not been touched.
    pub(super) fn open(&self, name: &[u8], sealed: Vec<u8>) -> Option<Vec<u8>> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.sealing).ok()?;
        let nonce = Nonce::try_assume_unique_for_key(sealed.get(..NONCE_LEN)?).ok()?;
        let mut text = sealed;
        text.drain(..NONCE_LEN);
        let length = key.open_in_place(nonce, Aad::from(name), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }

    /// The digest of some parts.
    pub(super) fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint {
        let mut context = hmac::Context::with_key(&self.comparing);
        for part in parts {
            // The length says where one ends and the next begins.
            context.update(&part.len().to_be_bytes());
            context.update(part);
        }
        Fingerprint(context.sign())
    }
}

impl Fingerprint {
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    pub(super) fn is(&self, other: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(self.as_bytes(), other).is_ok()
    }
}

/// SHA-256 of some parts.
pub(super) fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use domain::random::SeededEntropy;

    use super::*;

    fn secret(seed: u64) -> KeySecret {
        KeySecret::generate(Environment::Live, &SeededEntropy::new(seed))
    }

    fn seal_of(secret: &KeySecret) -> Seal {
        Seal::new(secret, Environment::Live, "POST /v1/invites", "a")
    }

    #[test]
    fn what_is_sealed_is_opened_by_the_same_key_for_the_same_request_only() {
        let (mine, other) = (secret(1), secret(2));
        let sealed = seal_of(&mine).seal(b"name", b"token".to_vec()).unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"token"));
        assert_eq!(seal_of(&mine).open(b"name", sealed.clone()).as_deref(), Some(b"token".as_slice()));
        assert_eq!(seal_of(&other).open(b"name", sealed.clone()), None);
        assert_eq!(seal_of(&mine).open(b"another name", sealed.clone()), None);
        for (environment, route, given) in [
            (Environment::Test, "POST /v1/invites", "a"),
            (Environment::Live, "POST /v1/campaigns", "a"),
            (Environment::Live, "POST /v1/invites", "b"),
        ] {
            assert_eq!(Seal::new(&mine, environment, route, given).open(b"name", sealed.clone()), None);
        }
    }

    #[test]
    fn what_was_touched_or_cut_off_is_not_opened() {
        let seal = seal_of(&secret(1));
        let sealed = seal.seal(b"name", b"token".to_vec()).unwrap();
        for index in 0..sealed.len() {
            let mut touched = sealed.clone();
            touched[index] ^= 1;
            assert_eq!(seal.open(b"name", touched), None, "{index}");
            assert_eq!(seal.open(b"name", sealed[..index].to_vec()), None, "{index}");
        }
    }

    #[test]
    fn two_seals_of_one_text_differ() {
        let seal = seal_of(&secret(1));
        assert_ne!(seal.seal(b"n", b"text".to_vec()), seal.seal(b"n", b"text".to_vec()));
    }

    #[test]
    fn a_fingerprint_tells_bodies_apart_and_is_keyed() {
        let (mine, other) = (seal_of(&secret(1)), seal_of(&secret(2)));
        let one = mine.fingerprint(&[b"", b"body"]);
        assert!(one.is(mine.fingerprint(&[b"", b"body"]).as_bytes()));
        for different in [
            mine.fingerprint(&[b"", b"bodY"]),
            mine.fingerprint(&[b"b", b"ody"]),
            other.fingerprint(&[b"", b"body"]),
        ] {
            assert!(!one.is(different.as_bytes()));
        }
    }
}
