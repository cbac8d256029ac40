//! Records as they stood after an event: as they are now, without what has been changed since.

use std::collections::BTreeMap;

use db::Read;
use db::outbox::Event;
use db::records::Scope;
use model::change::FieldChange;
use model::{Id, Object, Record, Value};
use sea_query::{Expr, ExprTrait, Query};

use crate::{Ctx, Result, reckoning};

/// What is told of one event.
pub(super) struct Then {
    /// The record after it, if anything is known of it any more.
    pub after: Option<Record>,
    pub changes: Vec<FieldChange>,
}

impl Then {
    /// The record before it; none where it was new.
    pub fn before(&self) -> Option<Record> {
        let mut before = self.after.clone()?;
        for change in &self.changes {
            before.set(&change.field, change.old.clone());
        }
        Some(before)
    }
}

/// For each of these events of one object, in their order.
pub(super) fn of(cx: &Ctx, tx: &mut Read, object: &Object, events: &[&Event]) -> Result<Vec<Then>> {
    let mut since: BTreeMap<Id, i64> = BTreeMap::new();
    for event in events {
        since.entry(event.record).and_modify(|from| *from = std::cmp::min(*from, event.revision)).or_insert(event.revision);
    }
    let ids: Vec<Id> = since.keys().copied().collect();
    let every = Scope::All("webhooks look at everything; what is sent is what one person sees");
    let mut present: BTreeMap<Id, Record> =
        db::records::load(tx, &cx.meta.schema, object, &every, &ids)?.into_iter().map(|record| (record.id, record)).collect();
    let missing: Vec<Id> = ids.iter().filter(|id| !present.contains_key(id)).copied().collect();
    for record in last(tx, object, &missing)? {
        present.insert(record.id, record);
    }
    let later = db::history::after(tx, &object.key, &since)?;
    let revisions: Vec<(Id, i64)> = events.iter().map(|event| (event.record, event.revision)).collect();
    let changed = db::history::at(tx, &object.key, &revisions)?;
    let mut stood: Vec<Then> = Vec::with_capacity(events.len());
    for event in events {
        let after = present.get(&event.record).map(|record| back_to(cx, record, later.get(&event.record), event));
        // What shares a revision with an edit, as a change of the team, is not that edit.
        let own = |change: &&FieldChange| event.columns.contains(&change.field);
        let changes = changed.get(&(event.record, event.revision)).into_iter().flatten().filter(own).cloned().collect();
        stood.push(Then { after, changes });
    }
    // Formulas that are not stored follow from what is.
    let mut records: Vec<Record> = stood.iter().filter_map(|then| then.after.clone()).collect();
    reckoning::on_read(cx, tx, object, &mut records, None)?;
    let mut reckoned = records.into_iter();
    for then in stood.iter_mut().filter(|then| then.after.is_some()) {
        then.after = reckoned.next();
    }
    Ok(stood)
}

fn back_to(cx: &Ctx, record: &Record, later: Option<&Vec<(i64, FieldChange)>>, event: &Event) -> Record {
    let mut then = record.clone();
    for (_, change) in later.into_iter().flatten().filter(|(revision, _)| *revision > event.revision) {
        then.set(&change.field, change.old.clone());
        match change.old {
            Value::Money(money) => {
                match cx.meta.rates.on(money.currency, cx.today()).and_then(|rate| cx.meta.rates.at_rate(money.amount, rate)) {
                    Some(main) => then.mains.insert(change.field.clone(), main),
                    None => then.mains.remove(&change.field),
                }
            }
            _ => then.mains.remove(&change.field),
        };
    }
    if then.revision != event.revision {
        then.revision = event.revision;
        then.set("updated_at", Value::Instant(event.at));
        then.set("updated_by", Value::Ref(event.by));
    }
    then
}

/// What records held when they were deleted for good.
fn last(tx: &mut Read, object: &Object, ids: &[Id]) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(200) {
        let select = Query::select()
            .columns(["record", "revision", "doc"])
            .from("webhook_last")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all_once(&select)? {
            let mut record = Record::new(&object.key, row.get(0)?);
            record.revision = row.get(1)?;
            record.values = db::history::unpack(&row.get::<String>(2)?)?;
            found.push(record);
        }
    }
    Ok(found)
}
