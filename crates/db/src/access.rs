//! Who stands above whom, and what has been given to whom.

use std::collections::{BTreeMap, BTreeSet};

use model::field::Kind;
use model::{Id, Object};
use sea_query::{Expr, ExprTrait, Query, Value};

use crate::columns::{decode_value, table};
use crate::{Error, Read, Write, dialect};

/// Most steps up a chain of managers or departments; a circle ends there too.
const HEIGHT: usize = 100;

/// Rebuilds who sees whose records, from the people and departments as they stand: everybody his own; managers, up their chain;
/// heads and assistants of the owner's primary department and of those above it. Whole, in the transaction that changed people (core rule 24).
pub fn rebuild_sees(tx: &mut Write) -> Result<(), Error> {
    // Two who rebuild at once would each store the same rows.
    tx.lock(&["sees".to_owned()])?;
    let people = Query::select().columns(["id", "manager", "department"]).from(table("employee")).to_owned();
    let departments =
        Query::select().columns(["id", "parent", "head", "assistants", "lifecycle_status"]).from(table("department")).to_owned();
    let mut chart = Chart::default();
    for row in tx.all(&people)? {
        chart.people.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    for row in tx.all(&departments)? {
        // One that has been voided gives nothing, nor do those above it.
        if row.get::<Option<String>>(4)?.as_deref() != Some("voided") {
            let assistants = decode_value(Kind::Keys, &row, 3).map_or_else(Vec::new, |value| value.ids());
            let above = row.get::<Option<Id>>(2)?.into_iter().chain(assistants).collect();
            chart.departments.insert(row.get(0)?, (row.get(1)?, above));
        }
    }
    tx.execute(Query::delete().from_table("sees").to_owned())?;
    let rows = chart
        .sees()
        .into_iter()
        .map(|(viewer, owner)| {
            vec![Value::from(viewer.0), Value::from(owner.0), Value::from(if viewer == owner { "own" } else { "below" })]
        })
        .collect::<Vec<_>>();
    for chunk in rows.chunks(5000) {
        tx.insert_rows("sees", &["viewer", "owner", "level"], chunk.to_vec())?;
    }
    Ok(())
}

/// People with manager and department; departments with the one above and those who see what is in them.
#[derive(Default)]
struct Chart {
    people: BTreeMap<Id, (Option<Id>, Option<Id>)>,
    departments: BTreeMap<Id, (Option<Id>, Vec<Id>)>,
}

impl Chart {
    /// (viewer, owner).
    fn sees(&self) -> BTreeSet<(Id, Id)> {
        let mut sees = BTreeSet::new();
        for (person, (_, department)) in &self.people {
            sees.insert((*person, *person));
            let mut at = *person;
            for _ in 0..HEIGHT {
                match self.people.get(&at).and_then(|(manager, _)| *manager) {
                    Some(manager) if sees.insert((manager, *person)) => at = manager,
                    _ => break,
                }
            }
            let mut at = *department;
            for _ in 0..HEIGHT {
                let Some((parent, above)) = at.and_then(|id| self.departments.get(&id)) else { break };
                sees.extend(above.iter().map(|viewer| (*viewer, *person)));
                at = *parent;
            }
        }
        sees
    }
}

/// How many people's records a person sees, himself included.
pub fn people_seen_by(tx: &mut Read, viewer: Id) -> Result<u32, Error> {
    let select = Query::select().expr(Expr::cust("COUNT(1)")).from("sees").and_where(Expr::col("viewer").eq(viewer.0)).to_owned();
    let count: i64 = tx.one(&select)?.get(0)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// To whom these records have been given: record, principal.
pub fn grants(tx: &mut Read, object: &str, ids: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(512) {
        let select = Query::select()
            .distinct()
            .columns(["record", "principal"])
            .from("grant_to")
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("record").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all(&select)? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

/// Replaces what has been given for one reason (`team`, `share`, `pool` …): principal and level, `read` or `read_write`.
pub fn set_grants(tx: &mut Write, object: &Object, record: Id, why: &str, grants: &[(Id, &str)]) -> Result<(), Error> {
    tx.execute(
        Query::delete()
            .from_table("grant_to")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").eq(record.0))
            .and_where(Expr::col("why").eq(why))
            .to_owned(),
    )?;
    let rows = grants
        .iter()
        .map(|(principal, level)| {
            vec![Value::from(object.key.as_str()), Value::from(record.0), Value::from(principal.0), Value::from(*level), Value::from(why)]
        })
        .collect();
    tx.insert_rows("grant_to", &["object", "record", "principal", "level", "why"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        Id::from_parts(0, [n; 10])
    }

    #[test]
    fn chains_go_up_and_circles_end() {
        let mut chart = Chart::default();
        chart.people.insert(id(1), (Some(id(2)), Some(id(11))));
        chart.people.insert(id(2), (Some(id(3)), None));
        chart.people.insert(id(3), (Some(id(2)), None));
        chart.departments.insert(id(11), (Some(id(12)), vec![id(4)]));
        chart.departments.insert(id(12), (Some(id(11)), vec![id(5), id(6)]));
        let sees = chart.sees();
        let viewers: Vec<Id> = sees.iter().filter(|(_, owner)| *owner == id(1)).map(|(viewer, _)| *viewer).collect();
        assert_eq!(viewers, [1, 2, 3, 4, 5, 6].map(id).to_vec());
    }
}
