//! Plans: what a trial answers with, and the same call must come with to be done.
//!
//! A plan is a seal over who asks, the tool, its arguments, and the version of what it is about. Nothing is kept of it on the server; the
//! number in it is the key under which the call is done once, however often it comes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Id, Instant};
use ring::hmac;
use serde_json::{Map, Value as Json};

/// Seconds for which a plan holds.
pub const HOLDS: i64 = 3600;

const NUMBER: usize = 12;
const DIGEST: usize = 8;
const SEAL: usize = 16;
const LONG: usize = NUMBER + 8 + 8 + DIGEST + SEAL;

/// When a plan was made, as it says itself: for what means now when nothing is said, so that a call that comes again is the same call.
pub fn made_at(plan: &str) -> Option<Instant> {
    let bytes = URL_SAFE_NO_PAD.decode(plan.trim()).ok().filter(|bytes| bytes.len() == LONG)?;
    let until = i64::from_be_bytes(std::array::from_fn(|n| bytes[NUMBER + n]));
    Some(Instant(until.checked_sub(HOLDS)?.checked_mul(1_000_000)?))
}

/// What is planned.
pub struct Deed<'a> {
    pub person: Id,
    pub tool: &'a str,
    pub arguments: &'a Map<String, Json>,
}

/// A plan that holds.
#[derive(Debug, PartialEq)]
pub struct Plan {
    /// The key under which it is done once.
    pub number: String,
    /// The version that what it is about had.
    pub version: Option<i64>,
}

/// Why a plan does not hold.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    /// It was not given for this, or to somebody else.
    Unknown,
    /// It was given for other arguments.
    Other,
    Expired,
}

impl Deed<'_> {
    /// Seals a plan.
    pub fn seal(&self, key: &[u8; 32], version: Option<i64>, at: Instant) -> String {
        let mut bytes = rand::random::<[u8; NUMBER]>().to_vec();
        bytes.extend((at.0 / 1_000_000 + HOLDS).to_be_bytes());
        bytes.extend(version.unwrap_or(-1).to_be_bytes());
        bytes.extend(self.digest(key));
        let seal = self.mark(key, &bytes);
        bytes.extend(seal);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The plan that this is, if it was given for this deed.
    pub fn open(&self, key: &[u8; 32], plan: &str, at: Instant) -> Result<Plan, Broken> {
        let bytes = URL_SAFE_NO_PAD.decode(plan.trim()).ok().filter(|bytes| bytes.len() == LONG).ok_or(Broken::Unknown)?;
        let (said, seal) = bytes.split_at(LONG - SEAL);
        // Compared in constant time: a seal is not to be guessed byte by byte.
        let right = self.mark(key, said);
        if right.iter().zip(seal).fold(0, |differs, (a, b)| differs | (a ^ b)) != 0 {
            return Err(Broken::Unknown);
        }
        let number = |at: usize| i64::from_be_bytes(std::array::from_fn(|n| said[at + n]));
        if said[NUMBER + 16..] != self.digest(key) {
            return Err(Broken::Other);
        }
        if number(NUMBER) < at.0 / 1_000_000 {
            return Err(Broken::Expired);
        }
        let version = number(NUMBER + 8);
        Ok(Plan { number: format!("plan:{}", URL_SAFE_NO_PAD.encode(&said[..NUMBER])), version: (version >= 0).then_some(version) })
    }

    /// Of tool and arguments.
    fn digest(&self, key: &[u8; 32]) -> [u8; DIGEST] {
        let said = format!("{}\n{}", self.tool, Json::Object(self.arguments.clone()));
        first(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), said.as_bytes()).as_ref())
    }

    /// Of what the plan says, by whom.
    fn mark(&self, key: &[u8; 32], said: &[u8]) -> [u8; SEAL] {
        let mut all = self.person.0.as_bytes().to_vec();
        all.extend(said);
        first(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &all).as_ref())
    }
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|n| bytes.get(n).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plan_holds_for_one_person_one_call_and_one_hour() {
        let (key, at) = ([7; 32], Instant(1_800_000_000_000_000));
        let arguments = json!({"id": "a", "stage": "won"}).as_object().unwrap().clone();
        let others = json!({"id": "a", "stage": "lost"}).as_object().unwrap().clone();
        let (kim, lee) = (Id::SYSTEM, Id::from_parts(1, [1; 10]));
        let deed = Deed { person: kim, tool: "move_stage", arguments: &arguments };
        let plan = deed.seal(&key, Some(3), at);
        assert_eq!(made_at(&plan), Some(at));
        let opened = deed.open(&key, &plan, at.plus_seconds(HOLDS - 1)).unwrap();
        assert_eq!(opened.version, Some(3));
        assert_eq!(deed.open(&key, &plan, at).unwrap(), opened);
        assert_ne!(deed.open(&key, &deed.seal(&key, Some(3), at), at).unwrap().number, opened.number);
        assert_eq!(deed.open(&key, &plan, at.plus_seconds(HOLDS + 1)), Err(Broken::Expired));
        assert_eq!(Deed { arguments: &others, ..deed }.open(&key, &plan, at), Err(Broken::Other));
        let deed = Deed { person: kim, tool: "update_record", arguments: &arguments };
        assert_eq!(deed.open(&key, &plan, at), Err(Broken::Other));
        let deed = Deed { person: lee, tool: "move_stage", arguments: &arguments };
        assert_eq!(deed.open(&key, &plan, at), Err(Broken::Unknown));
        let deed = Deed { person: kim, tool: "move_stage", arguments: &arguments };
        assert_eq!(deed.open(&[8; 32], &plan, at), Err(Broken::Unknown));
        // Whatever is changed in it, it holds no more.
        for at_byte in 0..LONG {
            let mut bytes = URL_SAFE_NO_PAD.decode(&plan).unwrap();
            bytes[at_byte] ^= 1;
            assert_eq!(deed.open(&key, &URL_SAFE_NO_PAD.encode(bytes), at), Err(Broken::Unknown), "{at_byte}");
        }
        for wrong in ["", "yes", "true"] {
            assert_eq!(deed.open(&key, wrong, at), Err(Broken::Unknown), "{wrong}");
        }
        assert_eq!(deed.open(&key, &deed.seal(&key, None, at), at).unwrap().version, None);
    }
}
