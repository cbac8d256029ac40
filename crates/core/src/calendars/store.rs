//! Calendars in the database.

use std::collections::{BTreeMap, BTreeSet};

use db::{Db, Read, Write};
use model::Id;
use model::calendar::BusinessCalendar;
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use super::Kept;
use crate::{Error, Result, meta};

/// Id of the calendar that an organisation begins with, the same in every installation.
fn shipped() -> Id {
    Id::from_parts(0, [0, 0, 0, 0, 0, 0, 0, 0, 0xca, 1])
}

/// All of them, the organisation's first, then by name.
pub(crate) fn load(tx: &mut Read) -> Result<Vec<Kept>> {
    let mut departments: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for row in tx.all(Query::select().columns(["calendar", "department"]).from("calendar_department"))? {
        departments.entry(row.get(0)?).or_default().insert(row.get(1)?);
    }
    let mut found = Vec::new();
    for row in tx.all(Query::select().columns(["id", "doc", "standard", "version"]).from("calendar"))? {
        let id: Id = row.get("id")?;
        let calendar: BusinessCalendar = meta::doc(&row)?;
        let standard = row.get::<i64>("standard")? != 0;
        found.push(Kept { id, version: row.get("version")?, standard, departments: departments.remove(&id).unwrap_or_default(), calendar });
    }
    found.sort_by_cached_key(|kept| (!kept.standard, model::text::fold(&kept.calendar.name), kept.id));
    Ok(found)
}

/// Stores one; where it is the organisation's, no other is any more.
pub(super) fn put(tx: &mut Write, kept: &Kept) -> Result<()> {
    if kept.standard {
        tx.execute(Query::update().table("calendar").value("standard", 0_i64).and_where(Expr::col("standard").eq(1_i64)))?;
    }
    tx.execute(
        Query::insert()
            .into_table("calendar")
            .columns(["id", "doc", "standard", "version"])
            .values_panic([kept.id.0.into(), meta::text(&kept.calendar)?.into(), i64::from(kept.standard).into(), kept.version.into()])
            .on_conflict(OnConflict::column("id").update_columns(["doc", "standard", "version"]).to_owned()),
    )?;
    tx.execute(Query::delete().from_table("calendar_department").and_where(Expr::col("calendar").eq(kept.id.0)))?;
    for department in &kept.departments {
        tx.execute(
            Query::insert()
                .into_table("calendar_department")
                .columns(["department", "calendar"])
                .values_panic([department.0.into(), kept.id.0.into()]),
        )?;
    }
    Ok(())
}

pub(super) fn remove(tx: &mut Write, id: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("calendar").and_where(Expr::col("id").eq(id.0)))?;
    Ok(())
}

/// What an organisation begins with, where there is no calendar.
pub(crate) fn install(db: &Db) -> Result<()> {
    if !db.read::<_, Error>(load)?.is_empty() {
        return Ok(());
    }
    db.write::<_, Error>(|tx| {
        tx.publish_meta()?;
        // Another server may have been faster.
        if load(tx)?.is_empty() {
            let calendar = BusinessCalendar::usual("Monday to Friday");
            put(tx, &Kept { id: shipped(), version: 1, standard: true, departments: BTreeSet::new(), calendar })?;
        }
        Ok(())
    })
}
