//! Randomness is handed in, so that a test can repeat it.

use protocol::{Timestamp, ids::PrefixedId};
use ulid::Ulid;

/// A source of random bytes fit for secrets.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Fills the whole buffer.
    fn fill(&self, bytes: &mut [u8]);
}

/// A new id: 48 bits of time, 80 random bits, so that ids sort by age.
pub fn new_id<I: PrefixedId>(now: Timestamp, entropy: &dyn Entropy) -> I {
    let mut random = [0_u8; 16];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    I::from_suffix(&Ulid::from_parts(millis, u128::from_le_bytes(random)).to_string())
}

/// The id before which all others of its kind are older than `at`, and after which they are not.
pub fn first_id_at<I: PrefixedId>(at: Timestamp) -> I {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    I::from_suffix(&Ulid::from_parts(millis, 0).to_string())
}

/// A new seed for an interview.
pub fn new_seed(entropy: &dyn Entropy) -> u64 {
    let mut random = [0_u8; 8];
    entropy.fill(&mut random);
    // The database's integers have a sign; one bit less keeps every seed positive there.
    u64::from_le_bytes(random) >> 1
}

/// `length` characters of 0–9, A–Z, a–z, each equally likely.
pub fn base62(length: usize, entropy: &dyn Entropy) -> String {
    let mut text = String::with_capacity(length);
    let mut random = [0_u8; 32];
    while text.len() < length {
        entropy.fill(&mut random);
        // 248 is the largest multiple of 62 in a byte: what lies above would favour the first digits.
        let even =
            random.iter().filter(|byte| **byte < 248).map(|byte| char::from(BASE62[usize::from(byte % 62)]));
        text.extend(even.take(length - text.len()));
    }
    text
}

/// The digits of base 62, in the order of ASCII.
pub(crate) const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Repeatable bytes for tests; never for secrets.
#[derive(Debug, Default)]
pub struct SeededEntropy(std::sync::Mutex<u64>);

impl SeededEntropy {
    /// The same seed gives the same bytes.
    pub fn new(seed: u64) -> Self {
        Self(std::sync::Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64 (Steele, Lea, Flood 2014): one addition a step, well mixed output.
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ids::InviteId;

    #[test]
    fn ids_have_26_characters_and_sort_by_age() {
        let entropy = SeededEntropy::new(1);
        let older: InviteId = new_id(Timestamp::from_millis(1_000), &entropy);
        let newer: InviteId = new_id(Timestamp::from_millis(2_000), &entropy);
        assert_eq!(older.as_str().len(), "inv_".len() + 26);
        assert!(older < newer);
        assert!(InviteId::parse(older.as_str()).is_ok());
    }

    #[test]
    fn base62_uses_every_digit_and_nothing_else() {
        let text = base62(20_000, &SeededEntropy::new(7));
        assert_eq!(text.len(), 20_000);
        for digit in BASE62 {
            let count = text.bytes().filter(|byte| byte == digit).count();
            assert!((200..460).contains(&count), "{} appears {count} times", char::from(*digit));
        }
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
