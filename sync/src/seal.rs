//! Ed25519 keys: a phone signs the hashes of what it pushes, the server signs for what it holds. The private half never leaves
//! its owner; the seed comes from the caller, because nothing in here draws random numbers.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use schema::binary::{PublicKey, Signature};

/// A seed that the library does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key's seed was not accepted")]
pub struct BadSeed;

/// The key of one installation of the phone's app.
#[derive(Debug)]
pub struct DeviceKey(Pair);

/// The key that the server's receipts are signed with.
#[derive(Debug)]
pub struct ServerKey(Pair);

#[derive(Debug)]
struct Pair {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl Pair {
    fn from_seed(seed: [u8; 32]) -> Result<Self, BadSeed> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| BadSeed)?;
        let public = PublicKey::from_slice(pair.public_key().as_ref()).ok_or(BadSeed)?;
        Ok(Self { pair, public })
    }

    fn sign(&self, message: &[u8]) -> Signature {
        // An Ed25519 signature has 64 bytes; were it ever otherwise, zeros verify nowhere.
        Signature::from_slice(self.pair.sign(message).as_ref()).unwrap_or(Signature([0; 64]))
    }
}

macro_rules! keys {
    ($($name:ident),+) => {$(
        impl $name {
            pub fn from_seed(seed: [u8; 32]) -> Result<Self, BadSeed> {
                Pair::from_seed(seed).map(Self)
            }

            pub fn public_key(&self) -> PublicKey {
                self.0.public
            }

            pub fn sign(&self, message: &[u8]) -> Signature {
                self.0.sign(message)
            }
        }
    )+};
}

keys!(DeviceKey, ServerKey);

/// Whether the owner of `public` signed `message`.
pub fn verify(public: PublicKey, message: &[u8], signature: Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, public.as_slice()).verify(message, signature.as_slice()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_its_message_and_its_key_only() {
        let key = DeviceKey::from_seed([7; 32]).unwrap();
        let other = ServerKey::from_seed([8; 32]).unwrap();
        let signature = key.sign(b"pushed");
        assert!(verify(key.public_key(), b"pushed", signature));
        assert!(!verify(key.public_key(), b"pushes", signature));
        assert!(!verify(other.public_key(), b"pushed", signature));
        assert!(!verify(PublicKey([0xff; 32]), b"pushed", signature));
    }

    /// RFC 8032, section 7.1, test 1: other implementations must get the same.
    #[test]
    fn the_first_vector_of_rfc_8032_comes_out() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".parse::<PublicKey>().unwrap().0;
        let key = DeviceKey::from_seed(seed).unwrap();
        assert_eq!(key.public_key().to_string(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assert!(key.sign(b"").to_string().starts_with("e5564300c360ac729086e2cc806e828a"));
    }
}
