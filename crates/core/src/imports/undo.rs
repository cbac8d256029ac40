//! Taking an import back: what it created is deleted for good, what it changed is put back, as far as nobody has gone on from there.

use std::collections::BTreeMap;

use db::{Limits, Read, Write};
use model::{Id, Object, Patch, Violation};
use sea_query::{Cond, Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use super::begin::{ask, reaches};
use super::run::{self, Phase, Run, State, Undo};
use super::saving::findings;
use super::work::Worker;
use crate::audit::{self, Note};
use crate::jobs::Kind;
use crate::save::{Change, Deed, save_all, undo_created};
use crate::{Ctx, Error, Result};

/// Rows that are taken back together.
const CHUNK: u64 = 100;

/// Asks for an import to be taken back; its Import.
///
/// Error: `import.cannot_be_undone`: it has not ended, was a dry run, changed nothing, was taken back already, or is older than seven days.
pub fn undo(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    let mut run = run::load(cx, tx, id)?;
    reaches(cx, &run)?;
    if !run.is_undoable(cx.at) {
        return Err(Violation::new("import.cannot_be_undone", "").into());
    }
    let stored = [run.state, State::Waiting, State::Running, State::Undoing];
    run.state = State::Undoing;
    run.ended_at = None;
    run.progress.phase = Phase::Undo;
    run.progress.error = None;
    run.progress.violations = Json::Null;
    run.progress.undo = Some(Undo::default());
    run.progress.job = Some(ask(cx, tx, &run, Kind::UndoImport)?);
    if !run.advance(tx, &stored)? {
        return Err(Violation::new("import.cannot_be_undone", "").into());
    }
    let object = run.asked.steps.first().map(|step| step.options.object.clone()).unwrap_or_default();
    let subject = run.asked.steps.first().map(|step| step.file_name.clone()).unwrap_or_default();
    let told = Note::new("undo_import", "record").of(&object).subject(subject);
    audit::note(cx, tx, told.detail(json!({"import": id.to_string(), "rows": run.rows()})))?;
    run::one(cx, tx, id)
}

/// All of it, a few records at a time: what was changed first, then what was created, what refers before what it refers to.
pub(super) fn all(worker: &mut Worker<'_>) -> Result<()> {
    let run = worker.run.clone();
    let sorts = worker.house.read(&crate::jobs::WORKER, Limits::default(), |cx, tx| sorts(cx, tx, &run))?;
    for (object, created) in sorts {
        let mut group = Group { object, created, below: None };
        loop {
            let began = std::time::Instant::now();
            let left = match some(worker, &mut group, CHUNK) {
                // Something stands against them together: then each for itself.
                Err(Error::Invalid(_) | Error::NotFound | Error::Forbidden { .. } | Error::Unmet(_)) => one(worker, &mut group)?,
                other => other?,
            };
            if !left {
                break;
            }
            if worker.is_late() {
                return Ok(());
            }
            worker.step_back(began.elapsed());
        }
    }
    worker.move_on(|run| run.state = State::Undone)
}

/// Records of one object that the import created, or changed: how far they are through.
struct Group {
    object: String,
    created: bool,
    /// The row whose turn was last.
    below: Option<(i64, i64, i64)>,
}

/// The objects whose records were touched, in the order in which they are taken back.
fn sorts(cx: &Ctx, tx: &mut Read, run: &Run) -> Result<Vec<(String, bool)>> {
    let select = Query::select()
        .columns(["object", "outcome"])
        .from("import_row")
        .and_where(Expr::col("import").eq(run.id.0))
        .and_where(Expr::col("outcome").is_in(["created", "updated"]))
        .group_by_columns(["object", "outcome"])
        .to_owned();
    let mut sorts: Vec<(String, bool)> = Vec::new();
    for row in tx.all(&select)? {
        sorts.push((row.get(0)?, row.get::<String>(1)? == "created"));
    }
    let rank = |object: &str| cx.meta.schema.object(object).map_or(0, |object| object.rank);
    sorts.sort_by_key(|(object, created)| (*created, std::cmp::Reverse(rank(object))));
    Ok(sorts)
}

/// A record that the import made or changed.
#[derive(Clone, Debug)]
struct Touched {
    step: i64,
    number: i64,
    part: i64,
    created: bool,
    object: String,
    record: Id,
    version: i64,
    revision: i64,
    before: i64,
}

/// What became of taking one back.
enum Taken {
    Deleted,
    Restored,
    /// It stays, with the reason.
    Stays(String),
}

fn some(worker: &mut Worker<'_>, group: &mut Group, many: u64) -> Result<bool> {
    let before = worker.run.clone();
    let credential = worker.credential.clone();
    let (run, last) = worker.slice(&credential, |cx, tx| {
        let touched = next(tx, &before, group, many)?;
        let Some(last) = touched.last().map(|one| (one.step, one.number, one.part)) else { return Ok((0, (before.clone(), None))) };
        let outcomes = take_back(cx, tx, &before, &touched)?;
        let run = note(tx, &before, &touched, &outcomes)?;
        Ok((0, (run, Some(last))))
    })?;
    worker.run = run;
    group.below = last;
    Ok(last.is_some())
}

/// One record alone; what stands against it is told and it stays.
fn one(worker: &mut Worker<'_>, group: &mut Group) -> Result<bool> {
    match some(worker, group, 1) {
        Err(error) => {
            let why: Vec<&str> = findings(error)?.iter().map(|violation| violation.code).collect();
            let why = why.join(" ");
            let before = worker.run.clone();
            let (run, last) = worker.slice(&crate::jobs::WORKER, |_, tx| {
                let touched = next(tx, &before, group, 1)?;
                let outcomes: Vec<Taken> = touched.iter().map(|_| Taken::Stays(why.clone())).collect();
                let last = touched.last().map(|one| (one.step, one.number, one.part));
                Ok((0, (note(tx, &before, &touched, &outcomes)?, last)))
            })?;
            worker.run = run;
            group.below = last;
            Ok(last.is_some())
        }
        done => done,
    }
}

fn next(tx: &mut Read, run: &Run, group: &Group, many: u64) -> Result<Vec<Touched>> {
    let mut select = Query::select()
        .columns(["step", "number", "part", "outcome", "object", "record", "version", "revision", "before"])
        .from("import_row")
        .and_where(Expr::col("import").eq(run.id.0))
        .and_where(Expr::col("object").eq(group.object.as_str()))
        .and_where(Expr::col("outcome").eq(if group.created { "created" } else { "updated" }))
        .and_where(Expr::col("record").is_not_null())
        .order_by("step", Order::Desc)
        .order_by("number", Order::Desc)
        .order_by("part", Order::Desc)
        .limit(many)
        .to_owned();
    if let Some((step, number, part)) = group.below {
        let here = Expr::tuple([Expr::col("step"), Expr::col("number"), Expr::col("part")]);
        select.and_where(here.lt(Expr::tuple([Expr::val(step), Expr::val(number), Expr::val(part)])));
    }
    tx.all(&select)?
        .iter()
        .map(|row| {
            Ok(Touched {
                step: row.get(0)?,
                number: row.get(1)?,
                part: row.get(2)?,
                created: row.get::<String>(3)? == "created",
                object: row.get(4)?,
                record: row.get(5)?,
                version: row.get::<Option<i64>>(6)?.unwrap_or_default(),
                revision: row.get::<Option<i64>>(7)?.unwrap_or_default(),
                before: row.get::<Option<i64>>(8)?.unwrap_or_default(),
            })
        })
        .collect()
}

fn take_back(cx: &Ctx, tx: &mut Write, run: &Run, touched: &[Touched]) -> Result<Vec<Taken>> {
    let Some(object) = cx.meta.schema.object(&touched[0].object).cloned() else {
        return Ok(touched.iter().map(|_| Taken::Stays("not_found".into())).collect());
    };
    if touched[0].created { delete(cx, tx, run, &object, touched) } else { put_back(cx, tx, &object, touched) }
}

/// Deletes what the import created, for good. What was changed since stays, and what others refer to.
fn delete(cx: &Ctx, tx: &mut Write, run: &Run, object: &Object, touched: &[Touched]) -> Result<Vec<Taken>> {
    let wanted: Vec<(Id, i64)> = touched.iter().map(|one| (one.record, one.version)).collect();
    let mine = |tx: &mut Read, object: &str, ids: &[Id]| made_by(tx, run.id, object, ids);
    let outcome = undo_created(cx, tx, object, &wanted, mine)?;
    // References that were taken away changed those records, which are to go themselves.
    for (other, ids) in outcome.let_go {
        for chunk in ids.chunks(500) {
            tx.execute(
                Query::update()
                    .table("import_row")
                    .value("version", Expr::col("version").add(1_i64))
                    .and_where(Expr::col("import").eq(run.id.0))
                    .and_where(Expr::col("object").eq(other.as_str()))
                    .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0))),
            )?;
        }
    }
    let of = |one: &Touched| match outcome.stays.get(&one.record) {
        Some(why) => Taken::Stays(why.clone()),
        None => Taken::Deleted,
    };
    Ok(touched.iter().map(of).collect())
}

/// Records among these that the import made and that are still to go.
fn made_by(tx: &mut Read, import: Id, object: &str, ids: &[Id]) -> Result<Vec<Id>> {
    let mut made = Vec::new();
    for chunk in ids.chunks(500) {
        let select = Query::select()
            .column("record")
            .from("import_row")
            .and_where(Expr::col("import").eq(import.0))
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("outcome").eq("created"))
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all_once(&select)? {
            made.push(row.get(0)?);
        }
    }
    Ok(made)
}

/// Puts back what the import changed, told by the history.
fn put_back(cx: &Ctx, tx: &mut Write, object: &Object, touched: &[Touched]) -> Result<Vec<Taken>> {
    let mut outcomes: Vec<Option<Taken>> = touched.iter().map(|_| None).collect();
    let (mut edits, mut owners): (Vec<(usize, Change)>, Vec<(usize, Change)>) = (Vec::new(), Vec::new());
    for (at, one) in touched.iter().enumerate() {
        let entries = db::history::list(tx, &object.key, one.record, Some(one.revision + 1), 20)?;
        let mut old = Patch::new();
        // The oldest value of each field counts, so the newest entry is read first.
        for entry in entries.iter().filter(|entry| entry.revision > one.before) {
            old.extend(entry.changes.iter().map(|change| (change.field.clone(), change.old.clone())));
        }
        if crate::processes::concerns(object) && old.contains_key("stage") {
            outcomes[at] = Some(Taken::Stays("import.stage_moved".into()));
            continue;
        }
        let owner = old.remove("owner").and_then(|owner| owner.as_id());
        old.retain(|key, _| object.field(key).is_some_and(|field| !field.is_reckoned() && !field.is_kept_by_product()));
        let version = Some(one.version);
        if let Some(to) = owner {
            let deed = Deed::ChangeOwner { to, keep_as: None };
            let if_version = version.filter(|_| old.is_empty());
            owners.push((at, Change { if_version, ..Change::of(&object.key, one.record, deed) }));
        }
        if !old.is_empty() {
            edits.push((
                at,
                Change { patch: old, if_version: version, takes_back: true, ..Change::of(&object.key, one.record, Deed::Edit) },
            ));
        }
    }
    let inner = cx.as_system("an import is taken back");
    for changes in [edits, owners] {
        let changes: Vec<(usize, Change)> = changes.into_iter().filter(|(at, _)| !matches!(outcomes[*at], Some(Taken::Stays(_)))).collect();
        let places: Vec<usize> = changes.iter().map(|(at, _)| *at).collect();
        for (at, result) in
            places.into_iter().zip(save_all(&inner, tx, &object.key, changes.into_iter().map(|(_, change)| change).collect())?)
        {
            outcomes[at] = Some(match result {
                Ok(_) => Taken::Restored,
                Err(Error::Conflict { .. }) => Taken::Stays("record.version_conflict".into()),
                Err(error) => Taken::Stays(findings(error)?.iter().map(|violation| violation.code).collect::<Vec<_>>().join(" ")),
            });
        }
    }
    Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or(Taken::Restored)).collect())
}

/// Writes down what became of each.
fn note(tx: &mut Write, before: &Run, touched: &[Touched], outcomes: &[Taken]) -> Result<Run> {
    let mut run = before.clone();
    let undo = run.progress.undo.get_or_insert_default();
    let mut by_word: BTreeMap<String, Vec<&Touched>> = BTreeMap::new();
    for (one, outcome) in touched.iter().zip(outcomes) {
        let word = match outcome {
            Taken::Deleted => {
                undo.deleted += 1;
                "deleted".to_owned()
            }
            Taken::Restored => {
                undo.put_back += 1;
                "put_back".to_owned()
            }
            Taken::Stays(why) => {
                undo.stayed += 1;
                format!("stays: {why}")
            }
        };
        by_word.entry(word).or_default().push(one);
    }
    for (word, of) in by_word {
        for chunk in of.chunks(100) {
            let any = chunk.iter().fold(Cond::any(), |any, one| {
                any.add(Expr::col("step").eq(one.step).and(Expr::col("number").eq(one.number)).and(Expr::col("part").eq(one.part)))
            });
            tx.execute(
                Query::update()
                    .table("import_row")
                    .value("outcome", word.as_str())
                    .and_where(Expr::col("import").eq(run.id.0))
                    .cond_where(any),
            )?;
        }
    }
    if run.advance(tx, &[State::Undoing])? { Ok(run) } else { Err(Error::Internal("the import was ended meanwhile".into())) }
}
