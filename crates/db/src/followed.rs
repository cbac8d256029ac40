//! What follows in the database itself from every write of a record, whoever writes it: entries by which alike records are found, counts of
//! what somebody holds. What is to follow is metadata; a transaction learns it with [`Write::follow`].

use std::collections::BTreeSet;
use std::sync::Arc;

use model::condition::Resolved;
use model::duplicate::matching::KeyKind;
use model::{Id, Object, Record};

use crate::{Error, Write, holdings, matching};

/// What follows from writes, as of one version of the metadata.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    pub parts: Vec<Part>,
    pub counted: Vec<Counted>,
    /// ISO code of the organisation's country.
    pub country: String,
}

/// A field of an object that is entered in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub id: i64,
    pub object: String,
    pub field: String,
    pub kind: KeyKind,
    /// False while older records are still being entered: what is not found by it must be looked for among the records themselves.
    pub ready: bool,
}

/// Records that a holding rule counts, over their own stored fields alone.
#[derive(Clone, Debug)]
pub struct Counted {
    pub rule: Id,
    pub object: String,
    pub condition: Resolved,
    /// The fields that it looks at; the owner is looked at besides.
    pub fields: BTreeSet<String>,
}

impl Followed {
    /// True where something follows from the writes of an object.
    pub fn concerns(&self, object: &str) -> bool {
        self.parts.iter().any(|part| part.object == object) || self.counted.iter().any(|counted| counted.object == object)
    }

    /// True where something follows from another value of a field.
    pub fn reads(&self, object: &str, field: &str) -> bool {
        self.parts.iter().any(|part| part.object == object && part.field == field)
            || self.counted.iter().any(|counted| counted.object == object && (field == "owner" || counted.fields.contains(field)))
    }
}

/// Lets follow what a record was and has become: `before` is nothing for a new one, `after` nothing for one that is deleted.
pub(crate) fn changed(tx: &mut Write, object: &Object, changes: &[(Option<&Record>, Option<&Record>)]) -> Result<(), Error> {
    let followed = tx.followed();
    if !followed.concerns(&object.key) {
        return Ok(());
    }
    matching::changed(tx, &followed, object, changes)?;
    holdings::changed(tx, &followed, object, changes)
}

/// Runs a change of rows that is known by their ids alone, and lets follow what it changed. The rows are locked.
pub(crate) fn around(
    tx: &mut Write,
    object: &Object,
    ids: &[Id],
    concerned: bool,
    f: impl FnOnce(&mut Write) -> Result<(), Error>,
) -> Result<(), Error> {
    if !concerned || !tx.followed().concerns(&object.key) {
        return f(tx);
    }
    let scope = crate::records::Scope::All("what follows from a write is nobody's view");
    let schema = model::Schema::default();
    let before = crate::records::load(tx, &schema, object, &scope, ids)?;
    f(tx)?;
    let after = crate::records::load(tx, &schema, object, &scope, ids)?;
    let pairs: Vec<(Option<&Record>, Option<&Record>)> =
        before.iter().map(|record| (Some(record), after.iter().find(|other| other.id == record.id))).collect();
    changed(tx, object, &pairs)
}

impl Write {
    /// What follows from this transaction's writes.
    pub fn follow(&mut self, followed: Arc<Followed>) {
        self.followed = followed;
    }

    pub(crate) fn followed(&self) -> Arc<Followed> {
        self.followed.clone()
    }
}
