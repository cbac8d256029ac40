//! What stands for a found record where its id is not to be told: rule, object and record, sealed by the rule's own secret, always the same for
//! the same match. Only who was told of a match has it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Id;
use sha2::{Digest, Sha256};

use super::Live;

/// Bytes of an id, and of the seal.
const LONG: usize = 16;

/// Seals a match.
pub(super) fn seal(live: &Live, object: &str, record: Id) -> String {
    let mut hidden = format!("{record} {object}").into_bytes();
    let seal = mark(live, &hidden);
    mask(live, &seal, &mut hidden);
    let mut bytes = live.rule.id.0.as_bytes().to_vec();
    bytes.extend(seal);
    bytes.extend(hidden);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The match of a token, with the rule that found it; nothing where it was never given, or its rule is not in force any more.
pub(super) fn open<'r>(rules: &'r [Live], token: &str) -> Option<(&'r Live, String, Id)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (rule, rest) = bytes.split_at_checked(LONG)?;
    let (seal, hidden) = rest.split_at_checked(LONG)?;
    let live = rules.iter().find(|live| live.rule.id.0.as_bytes().as_slice() == rule)?;
    let mut hidden = hidden.to_vec();
    mask(live, seal, &mut hidden);
    if mark(live, &hidden) != seal {
        return None;
    }
    let text = String::from_utf8(hidden).ok()?;
    let (record, object) = text.split_once(' ')?;
    Some((live, object.to_owned(), record.parse().ok()?))
}

/// What only who knows the secret can draw from a match: its seal.
fn mark(live: &Live, hidden: &[u8]) -> [u8; LONG] {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, live.secret.as_bytes());
    let tag = ring::hmac::sign(&key, hidden);
    let mut seal = [0; LONG];
    seal.copy_from_slice(&tag.as_ref()[..LONG]);
    seal
}

/// Hides, or shows again, by a stream drawn from secret and seal.
fn mask(live: &Live, seal: &[u8], bytes: &mut [u8]) {
    for (block, part) in bytes.chunks_mut(32).enumerate() {
        let stream = Sha256::new().chain_update(live.secret.as_bytes()).chain_update(seal).chain_update(block.to_be_bytes()).finalize();
        part.iter_mut().zip(stream).for_each(|(byte, over)| *byte ^= over);
    }
}
