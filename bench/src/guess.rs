//! Keys that are well formed and wrong.

use aws_lc_rs::rand;
use clap::ValueEnum;
use domain::{
    api_key::KeySecret,
    random::{Entropy, base62},
};
use protocol::Environment;

/// Which part of a key is guessed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Guess {
    /// All of it: no key has this lookup id.
    Unknown,
    /// The secret of a lookup id that exists.
    Secret,
}

#[derive(Debug)]
struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes).expect("the operating system gives randomness");
    }
}

/// Length of `ir_live_sk_` and a lookup id, and of a secret.
const LOOKUP_END: usize = 19;
const SECRET_LEN: usize = 32;

impl Guess {
    /// A new guess at `key`.
    pub(crate) fn at(self, key: &str) -> String {
        match self {
            Self::Unknown => KeySecret::generate(Environment::Live, &SystemEntropy).expose().to_owned(),
            Self::Secret => {
                let mut text = format!("{}{}", &key[..LOOKUP_END], base62(SECRET_LEN, &SystemEntropy));
                text.push_str(&checksum(&text));
                text
            }
        }
    }
}

/// The checksum of an API key: CRC-32 in six digits of base 62, which whoever guesses can compute as well.
fn checksum(body: &str) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [' '; 6];
    for digit in digits.iter_mut().rev() {
        *digit = char::from(DIGITS[(rest % 62) as usize]);
        rest /= 62;
    }
    digits.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_at_the_secret_is_a_well_formed_key_with_the_lookup_id() {
        let key = Guess::Unknown.at("");
        let guess = Guess::Secret.at(&key);
        let (key, guess) = (KeySecret::parse(&key).unwrap(), KeySecret::parse(&guess).unwrap());
        assert_eq!(guess.lookup_id(), key.lookup_id());
        assert_ne!(guess, key);
    }
}
