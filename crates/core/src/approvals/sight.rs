//! Who sees a record because an approval of it asks him, and who hears that he does or does not any more.

use std::collections::BTreeSet;

use db::Write;
use db::outbox::Event;
use db::records::Scope;
use model::approval::Run;
use model::{Base, Id, Object, Record};

use crate::notices::deputies::Standing;
use crate::sight::Sight;
use crate::{Ctx, Result, access};

/// What is told of a record whose approval has gone on.
const ACT: &str = "approval";
const OF: &str = "approval:";
const WHY: Scope<'static> = Scope::All("whoever is asked sees what it belongs to");

/// The approval for which somebody sees a record, by the reason of its grant.
pub(crate) fn by_approval(why: &str) -> Option<Id> {
    why.strip_prefix(OF).and_then(|id| id.parse().ok())
}

/// Gives the record to those whom the approval concerns, with the deputies of those who have still to answer, and takes it from everybody else
/// who had it for this; so also what it belongs to, without which it cannot be judged: the deal of a quote. Those who see either, or did, are
/// told to look again.
pub(super) fn give(cx: &Ctx, tx: &mut Write, (object, record): (&Object, &Record), approval: Id, run: &Run) -> Result<()> {
    let mut seen: BTreeSet<Id> = BTreeSet::new();
    if run.is_running() {
        seen.extend(run.concerned());
        let standing = Standing::load(cx, tx)?;
        let left = run.tasks.iter().filter(|task| task.state.is_left());
        seen.extend(left.flat_map(|task| standing.for_person(task.person)));
    }
    let given: Vec<(Id, &str)> = seen.into_iter().map(|person| (person, "read")).collect();
    one(cx, tx, (object, record), approval, &given)?;
    match belongs_to(cx, tx, object, record)? {
        Some((object, record)) => one(cx, tx, (&object, &record), approval, &given),
        None => Ok(()),
    }
}

fn one(cx: &Ctx, tx: &mut Write, (object, record): (&Object, &Record), approval: Id, given: &[(Id, &str)]) -> Result<()> {
    let before = Sight::of(cx, tx, object, std::iter::once((Some(record), record)))?.present(record);
    db::access::set_grants(tx, object, record.id, &format!("{OF}{approval}"), given)?;
    let after = Sight::of(cx, tx, object, std::iter::once((Some(record), record)))?.present(record);
    let event = Event {
        object: object.key.clone(),
        record: record.id,
        revision: record.revision,
        act: ACT.to_owned(),
        at: cx.at,
        by: cx.who.id,
        columns: vec![ACT.to_owned()],
        before,
        after,
    };
    Ok(db::outbox::insert(tx, &[event])?)
}

/// The record that lends its visibility, where not everybody sees it anyway.
fn belongs_to(cx: &Ctx, tx: &mut Write, object: &Object, record: &Record) -> Result<Option<(Object, Record)>> {
    let above = object.lender().and_then(|field| access::parent(field, record));
    let Some((key, id)) = above else { return Ok(None) };
    let Some(object) = cx.meta.schema.object(&key).filter(|above| !matches!(above.base, Base::PublicRead | Base::PublicWrite)) else {
        return Ok(None);
    };
    let found = db::records::load(tx, &cx.meta.schema, object, &WHY, &[id])?.pop();
    Ok(found.map(|record| (Object::clone(object), record)))
}
