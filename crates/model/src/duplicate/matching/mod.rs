//! How values are compared, and by which keys alike ones are found.

mod amount;
mod countries;
pub mod domain;
mod edit;
mod email;
pub mod name;
mod nature;
mod phone;
mod plain;
mod text;
mod url;

use std::fmt::{self, Write as _};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::name::Name;
use self::nature::nature;
pub use self::nature::{Nature, nature as nature_of};
use super::rule::{Blank, Method, Row};
use crate::field::Kind as FieldKind;
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

    /// Its text with what that is.
    fn text(&self) -> Option<(Nature, &'a str)> {
        nature(self.object, self.field).zip(self.value().as_text())
    }
}

/// What comparing depends on besides the values.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// ISO code of the organisation's country, for phones written without theirs.
    pub country: &'a str,
}

/// What is asked of the index for records that may be alike by a method: those entered under `kind` that share at least `least` of `keys`.
/// Who shares most comes first, and the best two hundred are enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub kind: KeyKind,
    /// Sorted, without repeats, never empty.
    pub keys: Vec<i64>,
    /// At least 1.
    pub least: usize,
}

/// As what the texts of two fields are compared; nothing where they are not.
pub fn compared_as((object, field): (&Object, &Field), (other_object, other): (&Object, &Field)) -> Option<Nature> {
    together(nature(object, field)?, nature(other_object, other)?)
}

/// A text read to be compared with many others, as [`compared_as`] says; [`name::alike`] then tells what [`compare`] would.
pub fn read(nature: Nature, text: &str, around: Surroundings<'_>) -> Name {
    text::name(nature, text, around.country)
}

/// The same, for a text that comes again and again: as this thread has read it before.
pub fn read_again(nature: Nature, text: &str, around: Surroundings<'_>) -> Arc<Name> {
    text::name_again(nature, text, around.country)
}

/// True where a method compares values of the one field with values of the other.
pub fn fits(method: Method, (object, field): (&Object, &Field), (other_object, other): (&Object, &Field)) -> bool {
    let natures = (nature(object, field), nature(other_object, other));
    let kinds = (field.kind.kind(), other.kind.kind());
    let both = |wanted: &[FieldKind]| wanted.contains(&kinds.0) && wanted.contains(&kinds.1);
    match (method, natures) {
        (Method::Exact, (None, None)) => {
            field.kind.name() == other.kind.name() || (kinds.0 == kinds.1 && both(&[FieldKind::Ref, FieldKind::Number]))
        }
        (Method::Exact, (Some(a), Some(b))) => together(a, b).is_some(),
        (Method::Fuzzy { .. } | Method::Contains, (Some(a), Some(b))) => {
            together(a, b).is_some_and(|nature| !matches!(nature, Nature::Phone | Nature::Long))
        }
        (Method::SameDigits, (Some(a), Some(b))) => [a, b].iter().all(|it| matches!(it, Nature::Phone | Nature::Text)),
        (Method::SameDomain, (Some(a), Some(b))) => [a, b].iter().all(|it| matches!(it, Nature::Email | Nature::Url)),
        (Method::WithinDays { .. }, _) => both(&[FieldKind::Date, FieldKind::Instant]),
        (Method::WithinPercent { .. }, _) => kinds.0 == kinds.1 && both(&[FieldKind::Number, FieldKind::Money]),
        _ => false,
    }
}

/// As what two texts are compared: what both are, and a company's name against plain text as a company's.
fn together(a: Nature, b: Nature) -> Option<Nature> {
    match (a, b) {
        (a, b) if a == b => Some(a),
        (Nature::Company, Nature::Text) | (Nature::Text, Nature::Company) => Some(Nature::Company),
        (Nature::Text, Nature::Long) | (Nature::Long, Nature::Text) => Some(Nature::Long),
        _ => None,
    }
}

/// How alike two values are by a method, in percent; `None` where they are not alike by it, or one is blank and that counts as
/// like nothing.
pub fn compare(row: &Row, a: Side<'_>, b: Side<'_>, around: Surroundings<'_>) -> Option<u8> {
    if a.value().is_null() || b.value().is_null() {
        let both = a.value().is_null() && b.value().is_null();
        return (both && row.blank == Blank::Equal).then_some(100);
    }
    let (x, y) = (a.text(), b.text());
    let same = match row.method {
        Method::Exact => match (x, y) {
            (None, None) => a.value() == b.value(),
            (Some(x), Some(y)) => together(x.0, y.0).is_some_and(|nature| text::same(nature, x.1, y.1, around.country)),
            _ => false,
        },
        Method::Fuzzy { threshold } => {
            let (x, y) = (x?, y?);
            let nature = together(x.0, y.0)?;
            let score = name::alike(&text::name_again(nature, x.1, around.country), &text::name_again(nature, y.1, around.country));
            return (score >= threshold).then_some(score);
        }
        Method::Contains => {
            let (x, y) = (x?, y?);
            let nature = together(x.0, y.0)?;
            return text::contained(&text::normal(nature, x.1, around.country), &text::normal(nature, y.1, around.country));
        }
        Method::SameDigits => shared(digits(a, around), digits(b, around)),
        Method::SameDomain => shared(company_domain(a), company_domain(b)),
        Method::WithinDays { days } => amount::within_days(a.value(), b.value(), days),
        Method::WithinPercent { percent } => amount::within_percent(a, b, percent),
    };
    same.then_some(100)
}

fn shared(a: Option<String>, b: Option<String>) -> bool {
    a.is_some() && a == b
}

fn digits(side: Side<'_>, around: Surroundings<'_>) -> Option<String> {
    phone::read(side.value().as_text()?, around.country).map(|phone| phone.digits)
}

fn company_domain(side: Side<'_>) -> Option<String> {
    match side.text()? {
        (Nature::Email, text) => domain::of_email(text),
        (_, text) => domain::of_url(text),
    }
}

/// The kind of keys by which records are found that may be alike by a method in a field; `None` where the method finds nothing by itself
/// (days, amounts), or the field's own column does.
pub fn kind_of(method: Method, field: &Field) -> Option<KeyKind> {
    nature::of_type(field)?;
    match method {
        Method::Exact => Some(KeyKind::Whole),
        Method::Fuzzy { .. } | Method::Contains => Some(KeyKind::Parts),
        Method::SameDigits => Some(KeyKind::Digits),
        Method::SameDomain => Some(KeyKind::Domain),
        Method::WithinDays { .. } | Method::WithinPercent { .. } => None,
    }
}

/// The keys under which a record is entered, sorted and without repeats.
pub fn keys(kind: KeyKind, side: Side<'_>, around: Surroundings<'_>) -> Vec<i64> {
    let Some((nature, value)) = side.text() else { return Vec::new() };
    text::keys_again(kind, nature, value, || drawn_from(kind, (nature, value), side, around))
}

fn drawn_from(kind: KeyKind, (nature, value): (Nature, &str), side: Side<'_>, around: Surroundings<'_>) -> Vec<i64> {
    let texts = match kind {
        // Plain text may be compared with a company's name, and is then taken as one.
        KeyKind::Whole if nature == Nature::Text => [Nature::Text, Nature::Company].map(|nature| text::normal(nature, value, "")).to_vec(),
        KeyKind::Whole => vec![text::normal(nature, value, around.country)],
        KeyKind::Parts => return drawn(&text::name_again(nature, value, around.country)),
        KeyKind::Digits => digits(side, around).into_iter().collect(),
        KeyKind::Domain => company_domain(side).into_iter().collect(),
    };
    numbered(texts.iter().map(|text| hashed(text)).collect())
}

/// The keys under which a text is entered that was [`read`] as what its field holds: those of [`KeyKind::Parts`].
pub fn drawn(name: &Name) -> Vec<i64> {
    numbered(name.keys())
}

fn numbered(mut keys: Vec<i64>) -> Vec<i64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What is asked of the index for records whose other field may be alike by a method; `None` where the method draws none, or the value
/// tells nothing.
pub fn asked(method: Method, side: Side<'_>, around: Surroundings<'_>) -> Option<Asked> {
    let kind = kind_of(method, side.field)?;
    let (keys, least) = match (method, side.text()) {
        (Method::Fuzzy { .. }, Some((nature, value))) => {
            let (keys, least) = text::name_again(nature, value, around.country).asked();
            (numbered(keys), least)
        }
        _ => (keys(kind, side, around), 1),
    };
    let least = least.min(keys.len());
    (!keys.is_empty()).then_some(Asked { kind, keys, least })
}

/// A key from a text: the same on every machine.
pub fn hashed(text: &str) -> i64 {
    Piece::of(text).key()
}

/// A text of which no more is needed than its key, so that it need not be put together. FNV-1a.
#[derive(Clone, Copy)]
struct Piece(u64);

impl Piece {
    fn of(text: &str) -> Piece {
        Piece(0xcbf2_9ce4_8422_2325).and(text)
    }

    fn and(self, text: &str) -> Piece {
        Piece(text.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)))
    }

    fn and_letter(self, letter: char) -> Piece {
        self.and(letter.encode_utf8(&mut [0; 4]))
    }

    fn and_number(mut self, number: i64) -> Piece {
        // Writing to it never fails.
        let _ = write!(self, "{number}");
        self
    }

    fn key(self) -> i64 {
        self.0.cast_signed()
    }
}

impl fmt::Write for Piece {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        *self = self.and(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
