//! A record: the values of one object's fields.

use std::collections::BTreeMap;

use crate::{Amount, Id, Instant, Value};

/// One record as it is stored. Blank fields may be absent from `values`.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Key of its object.
    pub object: String,
    pub id: Id,
    /// Counts what people edited; guarded by If-Match.
    pub version: i64,
    /// Counts every stored change; gap-free.
    pub revision: i64,
    /// Values by field key, the standard fields (owner, created_at, lifecycle_status …) included.
    pub values: BTreeMap<String, Value>,
    /// Currency fields in the main currency: at today's rate while open, at the frozen one when closed.
    pub mains: BTreeMap<String, Amount>,
}

impl Record {
    /// A record without values.
    pub fn new(object: &str, id: Id) -> Record {
        Record { object: object.to_owned(), id, version: 1, revision: 1, values: BTreeMap::new(), mains: BTreeMap::new() }
    }

    /// The value of a field; blank when absent.
    pub fn get(&self, field: &str) -> &Value {
        const NULL: &Value = &Value::Null;
        self.values.get(field).unwrap_or(NULL)
    }

    /// Sets a field; blank removes it.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        let value = value.into();
        if value.is_null() {
            self.values.remove(field);
        } else {
            self.values.insert(field.to_owned(), value);
        }
    }

    /// The text of a text or select field, empty when blank.
    pub fn text(&self, field: &str) -> &str {
        self.get(field).as_text().unwrap_or("")
    }

    /// The id in a reference field.
    pub fn reference(&self, field: &str) -> Option<Id> {
        self.get(field).as_id()
    }

    /// The person responsible, if any.
    pub fn owner(&self) -> Option<Id> {
        self.reference("owner")
    }

    /// When it was last changed.
    pub fn updated_at(&self) -> Instant {
        self.get("updated_at").as_instant().unwrap_or_default()
    }
}
