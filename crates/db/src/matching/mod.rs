//! The index by which alike records are found (`match_entry`): kept with every write of a record, so it is right after every commit.
//!
//! A part of the index is a field of an object, entered in one way ([`KeyKind`]); an entry says that a record has a key. Whoever writes a record
//! writes its entries in the same transaction. Which parts there are is metadata: a transaction goes by those of its version, and publishing a
//! version waits for all others, so a new part has the entries of every record that is written from then on, and a job enters the older
//! ones. Until it has, those are looked for among the records themselves.

mod fill;
mod find;
mod memory;

use std::collections::BTreeSet;

use model::duplicate::matching::{KeyKind, Side, Surroundings, keys};
use model::{Field, Id, Object, Record};
use sea_query::Value;

use crate::followed::{Followed, Part};
use crate::{Error, Write};

pub use fill::{Entry, due, enter, forget, parts, size, stored};
pub use find::{Ask, By, Like, candidates};
pub use memory::{Memory, Remembers};

const TABLE: &str = "match_entry";
const COLUMNS: [&str; 3] = ["part", "key", "record"];

/// Enters what changes of records give them, and takes out what they take.
pub(crate) fn changed(
    tx: &mut Write,
    followed: &Followed,
    object: &Object,
    changes: &[(Option<&Record>, Option<&Record>)],
) -> Result<(), Error> {
    let (mut gone, mut new, mut of_new) = (Vec::new(), Vec::new(), Vec::new());
    for (part, field) in of_object(followed, object) {
        for (before, after) in changes {
            let value = |record: &Option<&Record>| record.map(|record| record.get(&field.key).clone()).unwrap_or_default();
            let Some(id) = after.or(*before).map(|record| record.id).filter(|_| value(before) != value(after)) else { continue };
            let of = |record: &Option<&Record>| record.map(|record| drawn(followed, part, object, field, record)).unwrap_or_default();
            let (had, has) = (of(before), of(after));
            gone.extend(had.difference(&has).map(|key| (part.id, *key, id)));
            let entered = if before.is_none() { &mut of_new } else { &mut new };
            entered.extend(has.difference(&had).map(|key| (part.id, *key, id)));
        }
    }
    tx.delete_rows(TABLE, &COLUMNS, rows(gone))?;
    // Those of a part that is being filled may be there already; a record that was not there before has none.
    tx.enter_rows(TABLE, &COLUMNS, rows(new))?;
    tx.insert_rows(TABLE, &COLUMNS, rows(of_new))
}

/// The parts of an object whose field is in use.
fn of_object<'a>(followed: &'a Followed, object: &'a Object) -> impl Iterator<Item = (&'a Part, &'a Field)> {
    followed.parts.iter().filter(|part| part.object == object.key).filter_map(|part| Some((part, object.field(&part.field)?)))
}

/// The keys that a record is to have in a part.
fn drawn(followed: &Followed, part: &Part, object: &Object, field: &Field, record: &Record) -> BTreeSet<i64> {
    keys_of(part.kind, &followed.country, object, field, record)
}

fn keys_of(kind: KeyKind, country: &str, object: &Object, field: &Field, record: &Record) -> BTreeSet<i64> {
    keys(kind, Side { object, field, record }, Surroundings { country }).into_iter().collect()
}

/// As they are written: in the order of the index, which touches each of its pages once.
fn rows(mut entries: Vec<(i64, i64, Id)>) -> Vec<Vec<Value>> {
    entries.sort_unstable();
    entries.into_iter().map(|(part, key, record)| vec![part.into(), key.into(), record.0.into()]).collect()
}
