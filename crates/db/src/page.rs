//! Places in lists: signed, so that nobody makes them up, and opaque.

use model::{Id, Value};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::{Error, Read};

/// The order of a list: one field, then the id in the same direction. Blank values come last either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub field: String,
    pub descending: bool,
}

impl Sort {
    /// From the least to the greatest.
    pub fn ascending(field: &str) -> Sort {
        Sort { field: field.to_owned(), descending: false }
    }

    /// From the greatest to the least.
    pub fn descending(field: &str) -> Sort {
        Sort { field: field.to_owned(), descending: true }
    }
}

/// The last record of a page: the next one begins behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    sort: Sort,
    /// What the record is sorted by, as stored (folded text, main amount); `Null` in the segment of blank values.
    value: Value,
    id: Id,
    /// Version of the metadata under which it was given.
    meta_version: i64,
    signature: [u8; 8],
}

impl Cursor {
    pub(crate) fn new(sort: Sort, value: Value, id: Id, tx: &Read) -> Cursor {
        let mut cursor = Cursor { sort, value, id, meta_version: tx.meta_version(), signature: [0; 8] };
        cursor.signature = sign(&tx.secret, cursor.body().as_bytes());
        cursor
    }

    /// As the caller gets it.
    pub fn encode(&self) -> String {
        format!("{}{}", hex(&self.signature), hex(self.body().as_bytes()))
    }

    /// Reads what [`Cursor::encode`] wrote. Its signature is looked at where it is used, since the key is in the database.
    /// Error: [`Error::Cursor`], also when it belongs to another order than `sort`.
    pub fn decode(text: &str, sort: &Sort) -> Result<Cursor, Error> {
        read(text).filter(|cursor| cursor.sort == *sort).ok_or(Error::Cursor)
    }

    /// Refuses a cursor that was made up or belongs to another order.
    pub(crate) fn check(&self, sort: &Sort, tx: &Read) -> Result<(), Error> {
        let genuine = self.signature == sign(&tx.secret, self.body().as_bytes());
        if genuine && self.sort == *sort { Ok(()) } else { Err(Error::Cursor) }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    pub(crate) fn id(&self) -> Id {
        self.id
    }

    fn body(&self) -> String {
        let value = match &self.value {
            Value::Text(text) => json!(["t", text]),
            Value::Number(n) => json!(["n", n.0]),
            Value::Ref(id) => json!(["i", id.to_string()]),
            _ => Json::Null,
        };
        json!([self.sort.field, self.sort.descending, value, self.id.to_string(), self.meta_version]).to_string()
    }
}

fn read(text: &str) -> Option<Cursor> {
    let bytes = unhex(text)?;
    let (signature, body) = bytes.split_first_chunk::<8>()?;
    let json: Json = serde_json::from_slice(body).ok()?;
    let value = match (json[2][0].as_str(), &json[2][1]) {
        (None, _) => Value::Null,
        (Some("t"), Json::String(text)) => Value::Text(text.clone()),
        (Some("n"), n) => Value::Number(model::Number(n.as_i64()?)),
        (Some("i"), Json::String(id)) => Value::Ref(id.parse().ok()?),
        _ => return None,
    };
    Some(Cursor {
        sort: Sort { field: json[0].as_str()?.to_owned(), descending: json[1].as_bool()? },
        value,
        id: json[3].as_str()?.parse().ok()?,
        meta_version: json[4].as_i64()?,
        signature: *signature,
    })
}

/// The first bytes of an HMAC-SHA256 (RFC 2104).
fn sign(secret: &str, body: &[u8]) -> [u8; 8] {
    let key = Sha256::digest(secret.as_bytes());
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key.iter()).for_each(|(b, k)| *b ^= k);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(body).finalize();
    let outer: [u8; 32] = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into();
    let mut first = [0; 8];
    first.copy_from_slice(&outer[..8]);
    first
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() || text.len() > 10_000 {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
