//! Whose records a caller sees, for what asks it of very many in memory.

use model::{Id, Object, Schema};

use super::{Bin, Query, Scope, Sort, ids};
use crate::condition::Writer;
use crate::scope::Sight;
use crate::{Error, Read};

/// Records that are named at once.
const PAGE: u32 = 10_000;

/// The owners whose records of an object the caller sees, and the records that he sees besides; `None` where he sees every one.
pub fn owners_and_given(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>) -> Result<Option<(Vec<Id>, Vec<Id>)>, Error> {
    let sight = Writer::new(tx.engine(), schema, scope).sight(object);
    let (owners, given) = match sight {
        Sight::Every => return Ok(None),
        Sight::ByOwner { owners, given } => (owners, given),
        Sight::Otherwise => {
            let (mut all, mut cursor) = (Vec::new(), None);
            loop {
                let sort = Sort { field: "id".into(), descending: false };
                let query = Query { condition: None, words: None, sort, cursor, limit: PAGE, bin: Bin::Too };
                let (found, next) = ids(tx, schema, object, scope, &query)?;
                all.extend(found);
                cursor = next;
                if cursor.is_none() {
                    return Ok(Some((Vec::new(), all)));
                }
            }
        }
    };
    let mut named =
        |select: &sea_query::SelectStatement| -> Result<Vec<Id>, Error> { tx.all(select)?.iter().map(|row| row.get(0)).collect() };
    Ok(Some((named(&owners)?, named(&given)?)))
}
