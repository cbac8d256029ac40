//! Objects: kinds of record, described as data.

use serde::{Deserialize, Serialize};

use crate::field::{FieldType, Kind};
use crate::{Field, Label};

/// A kind of record: opportunity, account, employee … or the customer's own. Preset and own objects are the same data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    pub key: String,
    pub label: Label,
    pub plural: Label,
    /// Shipped with the product.
    pub preset: bool,
    /// Has an owner, a team and an owner's department.
    pub owned: bool,
    pub base: Base,
    /// Order in which roots are locked: masters and the referred-to before what hangs on them (core rule 3).
    pub rank: u16,
    /// Fields, the standard ones included, in their order on screen.
    pub fields: Vec<Field>,
    /// Indexes over several fields, for the questions asked most often (the board's columns, an owner's open deals).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Vec<String>>,
}

/// Who sees a record of the object when nothing else gives it (spec/01, Access).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The owner, those above him, the team, shares, approvers, pools.
    Private,
    /// Everybody reads.
    PublicRead,
    /// Everybody reads and writes.
    PublicWrite,
    /// As the record in this field. A sub-object's base is its master field.
    ByParent(String),
}

impl Object {
    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field that ties a sub-object to its master, and the master's object.
    pub fn master(&self) -> Option<(&Field, &str)> {
        self.fields.iter().find_map(|field| match &field.kind {
            FieldType::Master { object } => Some((field, object.as_str())),
            _ => None,
        })
    }

    /// Fields kept in the object's own table.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind.kind() != Kind::LongText)
    }

    /// Fields kept in the side table of long texts.
    pub fn long_texts(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind.kind() == Kind::LongText)
    }

    /// The options of a select field; empty for another field.
    pub fn options(&self, field: &str) -> &[crate::field::Choice] {
        self.field(field).and_then(|f| f.kind.options()).unwrap_or(&[])
    }
}
