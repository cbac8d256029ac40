//! What a process has people reminded of: that a deal's time in its stage, or a task in it, is or will soon be up.
//!
//! One row waits for each open stay or task, until the next of its instants; whom it tells is found when that has come. So a new owner or
//! manager is told and not the one before, nobody is told who does not see the deal, and entering a stage writes one row however many are
//! to be reminded. What the row says is looked at again by then: where the stage was left, the task is done or the rules are others, it goes.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use db::{Read, Row, Write};
use model::process::{Party, Reminder, TaskState, reminding};
use model::role::FieldAccess;
use model::{Id, Instant, Object, Record};
use sea_query::{Expr, ExprTrait, OnConflict, Query, Value as Sql};
use serde_json::json;

use crate::notices::{Kind, Notice};
use crate::processes::{OVERDUE_FROM, parties};
use crate::seeing::{Facts, Person};
use crate::{Ctx, Error, Result, stage_tasks};

const WHY: Scope<'static> = Scope::All("of what somebody is reminded");
/// Rows that go in with one statement.
const CHUNK: usize = 200;
const TASK: &str = "stage_task_due";
const ONE: [&str; 4] = ["record", "kind", "nth", "person"];

/// Something of a deal of which people are to be reminded, or no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watch {
    kind: &'static str,
    deal: Id,
    nth: String,
    next: Option<Instant>,
}

impl Watch {
    /// Of the time in its stage.
    pub fn stage(cx: &Ctx, deal: Id, due_at: Option<Instant>, reminders: &[Reminder]) -> Watch {
        Watch { kind: Kind::StageDue.key(), deal, nth: String::new(), next: next(cx, due_at, reminders) }
    }

    /// Of a task in it.
    pub fn task(cx: &Ctx, deal: Id, task: Id, due_at: Option<Instant>, reminders: &[Reminder]) -> Watch {
        Watch { kind: TASK, deal, nth: task.to_string(), next: next(cx, due_at, reminders) }
    }
}

/// What lies in the past is nobody's to be reminded of.
fn next(cx: &Ctx, due_at: Option<Instant>, reminders: &[Reminder]) -> Option<Instant> {
    reminding::next(reminders, due_at?, cx.at)
}

/// From now on these are watched as they say; those of which nothing is to come no longer.
pub(crate) fn watch(cx: &Ctx, tx: &mut Write, watches: &[Watch]) -> Result<()> {
    put(cx, tx, watches, OnConflict::columns(ONE).update_column("at").to_owned())
}

/// As [`watch`], where one may be waiting that is due already and is not to be lost: the earlier of both holds.
pub(super) fn watch_besides(cx: &Ctx, tx: &mut Write, watches: &[Watch]) -> Result<()> {
    let (stands, comes) = (|| Expr::col(("reminder", "at")), || Expr::col(("excluded", "at")));
    let earlier = Expr::case(stands().lte(comes()), stands()).finally(comes());
    put(cx, tx, watches, OnConflict::columns(ONE).value("at", earlier).to_owned())
}

fn put(cx: &Ctx, tx: &mut Write, watches: &[Watch], again: OnConflict) -> Result<()> {
    let (set, cleared): (Vec<&Watch>, Vec<&Watch>) = watches.iter().partition(|watch| watch.next.is_some());
    for chunk in cleared.chunks(CHUNK) {
        let any = chunk.iter().fold(sea_query::Cond::any(), |any, watch| {
            let one = Expr::col("record").eq(watch.deal.0).and(Expr::col("kind").eq(watch.kind)).and(Expr::col("nth").eq(&watch.nth));
            any.add(one.and(Expr::col("person").eq(Id::SYSTEM.0)))
        });
        tx.execute(Query::delete().from_table("reminder").cond_where(any))?;
    }
    for chunk in set.chunks(CHUNK) {
        let mut insert = Query::insert();
        insert.into_table("reminder").columns(["id", "kind", "object", "record", "nth", "person", "at", "every_seconds", "params"]);
        for watch in chunk {
            insert.values_panic([
                cx.new_id().0.into(),
                watch.kind.into(),
                model::objects::opportunity::KEY.into(),
                watch.deal.0.into(),
                watch.nth.as_str().into(),
                Id::SYSTEM.0.into(),
                watch.next.unwrap_or(cx.at).0.into(),
                Sql::BigInt(None).into(),
                "{}".into(),
            ]);
        }
        insert.on_conflict(again.clone());
        tx.execute(&insert)?;
    }
    Ok(())
}

/// Of what is watched nothing is told that was due by an instant; what comes after it is.
pub(super) fn start_from(tx: &mut Write, at: Instant) -> Result<()> {
    let waiting = Expr::col("person").eq(Id::SYSTEM.0).and(Expr::col("at").lte(at.0));
    tx.execute(Query::update().table("reminder").value("at", at.0 + 1).and_where(waiting))?;
    Ok(())
}

/// A row whose instant has come.
struct Waiting {
    id: Id,
    kind: String,
    deal: Id,
    nth: String,
    at: Instant,
}

/// What it is about, as it stands by now.
struct Subject<'a> {
    deal: &'a Record,
    due_at: Instant,
    reminders: &'a [Reminder],
    /// Whom a reminder tells that names nobody.
    usual: Option<Id>,
    notice: Kind,
    /// Begins the key by which each is told once.
    once: String,
    task: Option<&'a str>,
}

/// The notices that these rows come to; the rows are moved on, or removed.
pub(super) fn tell(cx: &Ctx, tx: &mut Write, rows: &[&Row]) -> Result<Vec<Notice>> {
    let waiting = rows.iter().map(|row| Waiting::read(row)).collect::<Result<Vec<Waiting>>>()?;
    let Some(object) = cx.meta.schema.object(model::objects::opportunity::KEY).filter(|_| !waiting.is_empty()) else {
        return Ok(Vec::new());
    };
    let ids: Vec<Id> = waiting.iter().map(|one| one.deal).collect::<BTreeSet<Id>>().into_iter().collect();
    let deals: BTreeMap<Id, Record> =
        db::records::load(tx, &cx.meta.schema, object, &WHY, &ids)?.into_iter().map(|deal| (deal.id, deal)).collect();
    let tasks = if waiting.iter().any(|one| one.kind == TASK) { stage_tasks::load(tx, &ids)? } else { BTreeMap::new() };
    let (mut gone, mut moved, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    for one in &waiting {
        let own = tasks.get(&one.deal).map_or(&[][..], Vec::as_slice);
        let Some(subject) = deals.get(&one.deal).and_then(|deal| subject(cx, one, deal, own)) else {
            gone.push(one.id);
            continue;
        };
        match reminding::next(subject.reminders, subject.due_at, cx.at) {
            Some(at) => moved.push((one.id, at)),
            None => gone.push(one.id),
        }
        for reminder in subject.reminders {
            if let Some(nth) = reminder.last_within(subject.due_at, one.at, cx.at) {
                let notice = notice(&subject, reminder, nth);
                asked.push((subject.deal, reminder.to.as_slice(), subject.usual, notice));
            }
        }
    }
    if !gone.is_empty() {
        tx.execute(Query::delete().from_table("reminder").and_where(Expr::col("id").is_in(gone.iter().map(|id| id.0))))?;
    }
    for (id, at) in moved {
        tx.execute(Query::update().table("reminder").value("at", at.0).and_where(Expr::col("id").eq(id.0)))?;
    }
    told(cx, tx, object, asked)
}

impl Waiting {
    fn read(row: &Row) -> Result<Waiting> {
        Ok(Waiting { id: row.get("id")?, kind: row.get("kind")?, deal: row.get("record")?, nth: row.get("nth")?, at: row.get("at")? })
    }
}

/// What a row is about, if it still is: the deal is open, and so is the task.
fn subject<'a>(cx: &'a Ctx, row: &Waiting, deal: &'a Record, tasks: &'a [model::process::Task]) -> Option<Subject<'a>> {
    if deal.text("lifecycle_status") == "voided" || !deal.get("closed_at").is_null() {
        return None;
    }
    let process = cx.meta.in_force(deal)?.process();
    if row.kind == TASK {
        let task = tasks.iter().find(|task| task.id.to_string() == row.nth && task.state == TaskState::Open)?;
        let rules = process.stage(&task.stage)?.tasks.iter().find(|rules| rules.key == task.key)?;
        let due_at = task.due_at?;
        return Some(Subject {
            deal,
            due_at,
            reminders: &rules.reminders,
            usual: task.assignee.or_else(|| deal.owner()),
            notice: Kind::of(TASK)?,
            once: task.id.to_string(),
            task: Some(&task.name),
        });
    }
    let due_at = deal.get("stage_due_at").as_instant()?;
    let entered = deal.get("stage_entered_at").as_instant()?;
    Some(Subject {
        deal,
        due_at,
        reminders: &process.stage(deal.text("stage"))?.reminders,
        usual: deal.owner(),
        notice: if due_at > cx.at { Kind::StageDue } else { Kind::StageOverdue },
        // One visit to a stage is told from the next by when it began.
        once: format!("{}.{}", deal.id, entered.0),
        task: None,
    })
}

fn notice(subject: &Subject<'_>, reminder: &Reminder, nth: i64) -> Notice {
    let mut params = json!({});
    if let Some(text) = &reminder.text {
        params["text"] = text.as_str().into();
    }
    if let Some(task) = subject.task {
        params["task"] = task.into();
        params["id"] = subject.once.as_str().into();
    }
    let notice = Notice::new(Id::SYSTEM, subject.notice).about(&subject.deal.object, subject.deal.id);
    notice.with(params).once(format!("{}.{}.{nth}", subject.once, reminder.mark()))
}

/// The notices for all of those whom they are to tell, who work here, see the deal, and may know of what is told.
fn told(cx: &Ctx, tx: &mut Read, object: &Object, asked: Vec<(&Record, &[Party], Option<Id>, Notice)>) -> Result<Vec<Notice>> {
    let usual: Vec<Vec<Party>> = asked.iter().map(|(_, _, usual, _)| usual.iter().map(|id| Party::Person { id: *id }).collect()).collect();
    let parties: Vec<(&Record, &[Party])> =
        asked.iter().zip(&usual).map(|((deal, to, _, _), usual)| (*deal, if to.is_empty() { usual.as_slice() } else { *to })).collect();
    let named = parties::people(cx, tx, &parties)?;
    let everyone: BTreeSet<Id> = named.iter().flatten().copied().collect();
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let people = db::records::load(tx, &cx.meta.schema, employee, &WHY, &everyone.into_iter().collect::<Vec<_>>())?;
    let people: BTreeMap<Id, Person> = people.iter().map(|record| (record.id, Person::of(cx, record))).collect();
    let deals: Vec<Id> = asked.iter().map(|(deal, ..)| deal.id).collect::<BTreeSet<Id>>().into_iter().collect();
    let facts = Facts::load(cx, tx, object, &deals)?;
    let may_know = |person: &Person, notice: &Notice| {
        let known = |field: &&str| object.field(field).is_some_and(|field| person.rights.field(&object.key, field) > FieldAccess::Hidden);
        notice.kind.key() == TASK || OVERDUE_FROM.iter().all(known)
    };
    let mut notices = Vec::new();
    for ((deal, _, _, notice), named) in asked.iter().zip(&named) {
        let seeing = named.iter().filter_map(|id| people.get(id)).filter(|person| {
            let reasons = facts.reasons(person, deal.id);
            facts.level(person, &reasons).is_some() && may_know(person, notice)
        });
        notices.extend(seeing.map(|person| Notice { to: person.id, ..notice.clone() }));
    }
    Ok(notices)
}
