//! Tasks: who has done them, and what they let their assignees see.
//!
//! The assignee sees the task itself, and reads the record that it regards while it is open: both are given in the transaction that makes it
//! so, and taken back in the one that ends it.

use std::collections::{BTreeMap, BTreeSet};

use db::access::Grant;
use db::outbox::Event;
use db::records::Scope;
use db::{Limits, Read, Write};
use model::objects::task;
use model::{Id, Object, Record, Value, Via, Violation};

use crate::access;
use crate::jobs::WORKER;
use crate::save::{Deed, Working};
use crate::sight::Sight;
use crate::{Ctx, Error, House, Result, identity};

/// Why an assignee sees the task itself.
pub(crate) const ASSIGNEE: &str = "assignee";
/// Why he sees what it regards; the task's id comes behind.
const TASK: &str = "task:";
/// What is told of a record that is given by a task, or not any more.
const ACT: &str = "task";

/// How long, in microseconds, one has to take back that a task is done.
const SLIP: i64 = 10 * 60 * 1_000_000;

/// Tasks that are looked at together.
const CHUNK: u64 = 200;

const ALL: Scope<'static> = Scope::All("tasks give what they regard, whoever sees it");

/// The task by which something is given.
pub(crate) fn by_task(why: &str) -> Option<Id> {
    why.strip_prefix(TASK)?.parse().ok()
}

/// Who sees the record as the one who is to do it.
pub(crate) fn assignee(record: &Record) -> Option<Id> {
    (record.object == task::KEY).then(|| record.reference("assignee")).flatten()
}

/// What a task gives, by object.
pub(crate) fn given(record: &Record) -> BTreeSet<(String, Grant)> {
    let mut given = BTreeSet::new();
    let Some(assignee) = assignee(record) else { return given };
    let grant = |record: Id, why: String, level: &str| Grant { record, principal: assignee, why, level: level.to_owned(), role: None };
    given.insert((task::KEY.to_owned(), grant(record.id, ASSIGNEE.to_owned(), "read_write")));
    let open = record.text("task_status") == task::OPEN && record.text("lifecycle_status") != "voided";
    if let (true, Value::Regarding { object, id }) = (open, record.get("regarding")) {
        given.insert((object.clone(), grant(*id, format!("{TASK}{}", record.id), "read")));
    }
    given
}

/// Who makes a task has it, unless he gives it to somebody; who says that it is done has done it, and whoever opens it again takes that back.
pub(super) fn complete(cx: &Ctx, item: &mut Working) {
    if item.before.is_none() && item.after.get("assignee").is_null() && cx.who.system.is_none() {
        item.after.set("assignee", cx.who.id);
    }
    if matches!(item.change.deed, Deed::LetGo) {
        return;
    }
    let done = item.after.text("task_status") == task::DONE;
    let was = item.before.as_ref().is_some_and(|before| before.text("task_status") == task::DONE);
    match (was, done) {
        (false, true) => {
            // What is told of the past tells when and by whom.
            if item.after.get("done_at").is_null() {
                item.after.set("done_at", item.at);
            }
            if item.after.get("done_by").is_null() {
                item.after.set("done_by", cx.who.id);
            }
        }
        (true, false) => {
            item.after.set("done_at", Value::Null);
            item.after.set("done_by", Value::Null);
        }
        _ => {}
    }
}

/// A task goes to somebody who works here, and lets nobody see a record who does not see it already, unless whoever assigns it may change
/// that record.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if object.key != task::KEY {
        return Ok(());
    }
    let is_judged = |item: &Working| item.error.is_none() && !matches!(item.change.deed, Deed::LetGo | Deed::Historic(_) | Deed::Void);
    let assigned = work.iter().filter(|item| is_judged(item) && item.changes("assignee")).filter_map(|item| assignee(&item.after));
    let assigned: BTreeSet<Id> = assigned.collect();
    let people = people(cx, tx, &assigned)?;
    for item in work.iter_mut().filter(|item| is_judged(item) && item.changes("assignee")) {
        let person = assignee(&item.after).and_then(|id| people.get(&id));
        if person.is_some_and(|person| !identity::is_active(person)) {
            item.findings.push(Violation::new("task.assignee_not_active", "assignee"));
        }
    }
    if cx.who.system.is_some() {
        return Ok(());
    }
    let mut known: BTreeMap<(String, Id), bool> = BTreeMap::new();
    // Of what cannot be regarded nothing can be given either.
    let possible = |item: &Working| item.findings.iter().all(|found| found.path != "regarding");
    for item in work.iter_mut().filter(|item| is_judged(item) && possible(item) && !is_taken_back(cx, item)) {
        let stands = item.before.as_ref().map(given).unwrap_or_default();
        for (of, grant) in given(&item.after).difference(&stands).filter(|(_, grant)| grant.why != ASSIGNEE) {
            let Some(of) = cx.meta.schema.object(of).cloned() else { continue };
            let may_give = match known.get(&(of.key.clone(), grant.record)) {
                Some(may) => *may,
                None => {
                    let may = may_change(cx, tx, &of, grant.record)?;
                    known.insert((of.key.clone(), grant.record), may);
                    may
                }
            };
            if !may_give && !sees(cx, tx, &of, grant)? {
                item.findings.push(Violation::new("task.assignee_not_seeing", "assignee"));
            }
        }
    }
    Ok(())
}

/// A slip of the hand: who has just said that a task is done takes that back, though he has lost sight of what it regards by it.
fn is_taken_back(cx: &Ctx, item: &Working) -> bool {
    let Some(before) = &item.before else { return false };
    let just = before.get("done_at").as_instant().is_some_and(|done| (0..=SLIP).contains(&(item.at.0 - done.0)));
    let same = !item.changes("assignee") && !item.changes("regarding");
    just && same && before.reference("done_by") == Some(cx.who.id) && item.after.text("task_status") == task::OPEN
}

fn people(cx: &Ctx, tx: &mut Read, ids: &BTreeSet<Id>) -> Result<BTreeMap<Id, Record>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let ids: Vec<Id> = ids.iter().copied().collect();
    Ok(db::records::load(tx, &cx.meta.schema, employee, &ALL, &ids)?.into_iter().map(|person| (person.id, person)).collect())
}

fn may_change(cx: &Ctx, tx: &mut Read, object: &Object, id: Id) -> Result<bool> {
    let record = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &[id])?;
    Ok(access::writable(cx, tx, object, &record.iter().collect::<Vec<_>>())?.contains(&id))
}

/// True where the one to whom it would be given sees it without.
fn sees(cx: &Ctx, tx: &mut Read, object: &Object, grant: &Grant) -> Result<bool> {
    let people = people(cx, tx, &BTreeSet::from([grant.principal]))?;
    let Some(person) = people.get(&grant.principal) else { return Ok(false) };
    let who = identity::who_of(tx, &cx.meta, person)?;
    Ok(!db::records::names(tx, &cx.meta.schema, object, &Scope::Of(&who.viewer), &[grant.record])?.is_empty())
}

/// Gives and takes what these tasks mean now, and tells those who gain or lose sight of a record. What they regard is locked.
pub(crate) fn hand_over(cx: &Ctx, tx: &mut Write, pairs: &[(Option<Record>, Record)]) -> Result<()> {
    let (mut gone, mut new) = (BTreeSet::new(), BTreeSet::new());
    for (before, after) in pairs {
        let (stood, due) = (before.as_ref().map(given).unwrap_or_default(), given(after));
        gone.extend(stood.difference(&due).cloned());
        new.extend(due.difference(&stood).cloned());
    }
    let regarded = gone.iter().chain(&new).filter(|(_, grant)| grant.why != ASSIGNEE).map(|(of, grant)| (of.clone(), grant.record));
    let regarded: BTreeSet<(String, Id)> = regarded.collect();
    let mut by_object: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    regarded.into_iter().for_each(|(of, id)| by_object.entry(of).or_default().push(id));
    let mut standing = Vec::new();
    for (key, ids) in &by_object {
        let Some(object) = cx.meta.schema.object(key).cloned() else { continue };
        let records = db::records::load(tx, &cx.meta.schema, &object, &ALL, ids)?;
        let sight = Sight::of(cx, tx, &object, records.iter().map(|record| (Some(record), record)))?;
        let eyes: Vec<_> = records.iter().map(|record| sight.present(record)).collect();
        standing.push((object.clone(), records, eyes));
    }
    for (of, grant) in &gone {
        db::access::take(tx, of, grant)?;
    }
    for (of, grants) in grouped(new) {
        if let Some(object) = cx.meta.schema.object(&of) {
            db::access::add_shares(tx, object, &grants)?;
        }
    }
    for (object, records, before) in standing {
        let sight = Sight::of(cx, tx, &object, records.iter().map(|record| (Some(record), record)))?;
        let events: Vec<Event> = records
            .iter()
            .zip(before)
            .map(|(record, before)| Event {
                object: object.key.clone(),
                record: record.id,
                revision: record.revision,
                act: ACT.to_owned(),
                at: cx.at,
                by: cx.who.id,
                columns: vec![ACT.to_owned()],
                before,
                after: sight.present(record),
            })
            .collect();
        db::outbox::insert(tx, &events)?;
    }
    Ok(())
}

/// Where what these tasks have given differs from what they should: how much stands, and (given, too much?).
pub(crate) fn differing(tx: &mut Read, tasks: &[Record]) -> Result<(usize, Vec<((String, Grant), bool)>)> {
    let mut stands = BTreeSet::new();
    let ids: Vec<Id> = tasks.iter().map(|task| task.id).collect();
    stands.extend(db::access::grants(tx, task::KEY, &ids)?.into_iter().filter(|grant| grant.why == ASSIGNEE).map(own));
    stands.extend(db::access::given_for(tx, &ids.iter().map(|id| format!("{TASK}{id}")).collect::<Vec<_>>())?);
    let due: BTreeSet<(String, Grant)> = tasks.iter().flat_map(given).collect();
    let too_much = stands.difference(&due).map(|one| (one.clone(), true));
    let missing = due.difference(&stands).map(|one| (one.clone(), false));
    Ok((stands.len(), too_much.chain(missing).collect()))
}

fn own(grant: Grant) -> (String, Grant) {
    (task::KEY.to_owned(), grant)
}

/// Puts right what every task has given; of how many it was otherwise. The server may go on meanwhile.
pub(crate) fn repair(house: &House) -> Result<u64> {
    let (mut after, mut count) = (None, 0);
    loop {
        let (last, changed) = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
            let Some(object) = cx.meta.schema.object(task::KEY).cloned() else { return Ok((None, 0)) };
            let ids = db::records::ids_after(tx, &object, after, CHUNK)?;
            let found = db::records::load(tx, &cx.meta.schema, &object, &ALL, &ids)?;
            let regarded = found.iter().filter_map(|record| object.hangs_by().and_then(|field| access::parent(field, record)));
            for (of, id) in regarded {
                tx.lock_rows_late(&of, &[id])?;
            }
            tx.lock_rows_late(task::KEY, &ids)?;
            // Read again under the locks.
            let found = db::records::load(tx, &cx.meta.schema, &object, &ALL, &ids)?;
            let (_, differing) = differing(tx, &found)?;
            let changed = differing.len() as u64;
            for ((of, grant), too_much) in differing {
                if too_much {
                    db::access::take(tx, &of, &grant)?;
                } else if let Some(of) = cx.meta.schema.object(&of) {
                    db::access::add_shares(tx, of, &[grant])?;
                }
            }
            if changed > 0 {
                // Whoever listens looks again at what he sees.
                tx.publish_meta()?;
            }
            Ok((ids.last().copied(), changed))
        })?;
        count += changed;
        after = last;
        if after.is_none() {
            return Ok(count);
        }
    }
}

fn grouped(given: BTreeSet<(String, Grant)>) -> BTreeMap<String, Vec<Grant>> {
    let mut grouped: BTreeMap<String, Vec<Grant>> = BTreeMap::new();
    given.into_iter().for_each(|(of, grant)| grouped.entry(of).or_default().push(grant));
    grouped
}
