//! An Ed25519 signer that is built once.
//!
//! The JWT library makes a signer from the key's bytes for every signature, which doubles the cost of one. Its
//! provider may be replaced, process-wide and once; ours keeps the signers it has made and leaves all else to the
//! library's own on aws-lc.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use aws_lc_rs::signature::Ed25519KeyPair;
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, aws_lc::DEFAULT_PROVIDER},
    errors::{Error, ErrorKind},
    signature::{Error as SignatureError, Signer},
};

static PROVIDER: LazyLock<CryptoProvider> =
    LazyLock::new(|| CryptoProvider { signer_factory: signer, ..DEFAULT_PROVIDER.clone() });

/// Signers by the bytes of their keys: as many as there are signing keys, which is a handful.
static BUILT: RwLock<Vec<(EncodingKey, Arc<Ed25519KeyPair>)>> = RwLock::new(Vec::new());

/// Puts our provider in place. It must come before the first use of the library; later calls change nothing.
pub(super) fn install() {
    // An error says that a provider is in place already: ours, from an earlier call.
    let _ = PROVIDER.install_default();
}

struct BuiltSigner(Arc<Ed25519KeyPair>);

impl Signer<Vec<u8>> for BuiltSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for BuiltSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library asks for this signature")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    if *algorithm != Algorithm::EdDSA || key.family() != AlgorithmFamily::Ed {
        return (DEFAULT_PROVIDER.signer_factory)(algorithm, key);
    }
    let find = |built: &[(EncodingKey, Arc<Ed25519KeyPair>)]| {
        built.iter().find(|(known, _)| known.as_bytes() == key.as_bytes()).map(|(_, pair)| Arc::clone(pair))
    };
    if let Some(pair) = find(&BUILT.read().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(Box::new(BuiltSigner(pair)));
    }
    let pair = Arc::new(Ed25519KeyPair::from_pkcs8(key.as_bytes()).map_err(|_| ErrorKind::InvalidEddsaKey)?);
    let mut built = BUILT.write().unwrap_or_else(PoisonError::into_inner);
    if find(&built).is_none() {
        built.push((key.clone(), Arc::clone(&pair)));
    }
    Ok(Box::new(BuiltSigner(pair)))
}
