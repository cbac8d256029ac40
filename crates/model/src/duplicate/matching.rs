//! How values are compared, and by which keys alike ones are found.

use serde::{Deserialize, Serialize};

use super::rule::{Blank, Method, Row};
use crate::field::Kind as FieldKind;
use crate::text::fold;
use crate::{Field, Object, Record, Value};

/// How values of a field are entered to be found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// The normal form as a whole.
    Whole,
    /// Its parts, for what is alike.
    Parts,
    /// The digits of a phone.
    Digits,
    /// The domain of an address.
    Domain,
}

impl KeyKind {
    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            KeyKind::Whole => "whole",
            KeyKind::Parts => "parts",
            KeyKind::Digits => "digits",
            KeyKind::Domain => "domain",
        }
    }

    /// The kind of a key.
    pub fn of(key: &str) -> Option<KeyKind> {
        [KeyKind::Whole, KeyKind::Parts, KeyKind::Digits, KeyKind::Domain].into_iter().find(|kind| kind.key() == key)
    }
}

/// A value as comparisons see it, with what its field says of it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub object: &'a Object,
    pub field: &'a Field,
    pub record: &'a Record,
}

impl<'a> Side<'a> {
    /// The value itself.
    pub fn value(&self) -> &'a Value {
        self.record.get(&self.field.key)
    }
}

/// What comparing depends on besides the values.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// ISO code of the organisation's country, for phones written without theirs.
    pub country: &'a str,
}

/// How alike two values are by a method, in percent; `None` where they are not alike by it, or one is blank and that counts as
/// like nothing.
pub fn compare(row: &Row, a: Side<'_>, b: Side<'_>, around: Surroundings<'_>) -> Option<u8> {
    if a.value().is_null() || b.value().is_null() {
        let both = a.value().is_null() && b.value().is_null();
        return (both && row.blank == Blank::Equal).then_some(100);
    }
    let _ = around;
    match row.method {
        Method::Exact => {
            let same = match (a.value(), b.value()) {
                (Value::Text(a), Value::Text(b)) => fold(a) == fold(b),
                (a, b) => a == b,
            };
            same.then_some(100)
        }
        _ => None,
    }
}

/// The kind of keys by which records are found that may be alike by a method in a field; `None` where the method finds nothing by itself
/// (days, amounts), or the field's own column does.
pub fn kind_of(method: Method, field: &Field) -> Option<KeyKind> {
    match (method, field.kind.kind()) {
        (Method::Exact, FieldKind::Text) => Some(KeyKind::Whole),
        _ => None,
    }
}

/// The keys under which a record is entered.
pub fn keys(kind: KeyKind, side: Side<'_>, around: Surroundings<'_>) -> Vec<i64> {
    let _ = around;
    match (kind, side.value()) {
        (KeyKind::Whole, Value::Text(text)) => vec![hashed(&fold(text))],
        _ => Vec::new(),
    }
}

/// A key from a text: the same on every machine.
pub fn hashed(text: &str) -> i64 {
    // FNV-1a.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    hash.cast_signed()
}
