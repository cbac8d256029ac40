//! Saving a chunk of rows: finding the records they are, and what becomes of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Write;
use model::objects::lifecycle;
use model::{Id, Object, Record, Value, Violation};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::Value as Json;

use super::alike::{self, Earlier};
use super::options::Mode;
use super::problem::Problem;
use super::rows::{Prepared, Row, comparable};
use super::subs;
use crate::save::{Change, Deed, Saved, Under, save_all};
use crate::{Ctx, Error, Result, veil};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
    /// Left out as was asked.
    Skipped,
    Refused,
    /// It waits for an approval.
    Pending,
}

impl Outcome {
    /// As it is stored and told.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
            Outcome::Skipped => "skipped",
            Outcome::Refused => "failed",
            Outcome::Pending => "pending_approval",
        }
    }
}

/// A row's outcome, with the record as it was left.
#[derive(Clone, Debug)]
pub struct Done {
    pub outcome: Outcome,
    pub record: Option<Id>,
    pub version: Option<i64>,
    pub revision: Option<i64>,
    /// The revision before.
    pub before: Option<i64>,
    pub problems: Vec<Problem>,
    /// What came to be with it.
    pub parts: Vec<Part>,
    /// The approval for which it waits.
    pub approval: Option<Id>,
}

/// A record that came to be with a row, or was changed with it.
#[derive(Clone, Debug)]
pub struct Part {
    pub object: String,
    pub outcome: Outcome,
    pub record: Id,
    pub version: i64,
    pub revision: i64,
    pub before: Option<i64>,
}

impl Done {
    /// An outcome without a record.
    pub fn of(outcome: Outcome) -> Done {
        Done::new(outcome)
    }

    fn new(outcome: Outcome) -> Done {
        Done { outcome, record: None, version: None, revision: None, before: None, problems: Vec::new(), parts: Vec::new(), approval: None }
    }

    pub(super) fn refused(problems: Vec<Problem>) -> Done {
        Done { problems, ..Done::new(Outcome::Refused) }
    }

    pub(super) fn saved(saved: &Saved, before: Option<i64>) -> Done {
        let outcome = if saved.approval.is_some() {
            Outcome::Pending
        } else if saved.created {
            Outcome::Created
        } else if saved.changed {
            Outcome::Updated
        } else {
            Outcome::Unchanged
        };
        Done {
            record: Some(saved.record.id),
            version: Some(saved.record.version),
            revision: Some(saved.record.revision),
            before,
            approval: saved.approval,
            ..Done::new(outcome)
        }
    }
}

/// What a row's key leads to.
#[derive(Clone, Copy)]
enum Match {
    Nothing,
    One(Id),
    Several,
}

/// Saves rows in the given transaction; an outcome for each, in order. A refused row leaves nothing behind.
pub fn save_rows(cx: &Ctx, tx: &mut Write, prepared: &Prepared, earlier: &Earlier, rows: &[&Row]) -> Result<Vec<Done>> {
    let object = &prepared.object;
    let matches = matches(cx, tx, prepared, rows)?;
    let ids: Vec<Id> = matches.iter().filter_map(|found| if let Match::One(id) = found { Some(*id) } else { None }).collect();
    let mut present: HashMap<Id, Record> = HashMap::with_capacity(ids.len());
    if !ids.is_empty() {
        present.extend(db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|record| (record.id, record)));
    }
    let mut done: Vec<Option<Done>> = Vec::with_capacity(rows.len());
    let (mut changes, mut places) = (Vec::new(), Vec::new());
    let mut owners: Vec<(usize, Id, Id)> = Vec::new();
    for (at, (row, found)) in rows.iter().zip(&matches).enumerate() {
        done.push(None);
        let record = match found {
            Match::Several => {
                done[at] = Some(Done::refused(vec![problem(prepared, row, &Violation::new("import.key_ambiguous", ""), None)]));
                continue;
            }
            Match::One(id) => present.get(id),
            Match::Nothing => None,
        };
        if row.repeats {
            continue;
        }
        let change = match (record, prepared.options.mode) {
            (Some(record), Mode::Insert) => {
                let told = problem(prepared, row, &Violation::new("import.there_already", ""), None);
                done[at] = Some(Done { record: Some(record.id), problems: vec![told], ..Done::new(Outcome::Skipped) });
                continue;
            }
            (None, Mode::Update) => {
                let told = problem(prepared, row, &Violation::new("import.not_there", ""), None);
                done[at] = Some(Done { problems: vec![told], ..Done::new(Outcome::Skipped) });
                continue;
            }
            // An id that leads to nothing makes no record of its own.
            (None, _) if row.id.is_some() => {
                done[at] = Some(Done::refused(vec![problem(prepared, row, &Violation::new("not_found", ""), None)]));
                continue;
            }
            (None, _) => new_record(prepared, row),
            (Some(record), _) => {
                let mut change = Change::of(&object.key, record.id, Deed::Edit);
                let differs = |(key, value): &(&String, &Value)| record.get(key) != *value;
                change.patch = row.patch.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect();
                // Nobody stops owning a record for a blank cell.
                if let Some(Value::Ref(owner)) = change.patch.remove("owner") {
                    owners.push((at, record.id, owner));
                }
                if change.patch.is_empty() {
                    let (version, revision) = (Some(record.version), Some(record.revision));
                    done[at] = Some(Done { record: Some(record.id), version, revision, ..Done::new(Outcome::Unchanged) });
                    continue;
                }
                change
            }
        };
        places.push(at);
        changes.push(alike::asks(prepared, row, change));
    }
    let before = |id: Id| present.get(&id).map(|record| record.revision);
    let results = save_all(cx, tx, &object.key, changes)?;
    let lines = earlier.with(rows, &places, &results);
    let mut updates: Vec<(usize, Id)> = Vec::new();
    for (at, result) in places.into_iter().zip(results) {
        done[at] = Some(match alike::met(prepared, rows[at], &lines, &result) {
            Some((told, update)) => {
                updates.extend(update.map(|id| (at, id)));
                told
            }
            None => {
                let told = alike::noted(prepared, rows[at], &lines, &result);
                let mut done = outcome(prepared, rows[at], result, before)?;
                done.problems.extend(told);
                done
            }
        });
    }
    alike::update(cx, tx, prepared, earlier, rows, updates, &mut done)?;
    give(cx, tx, prepared, rows, owners, &mut done, before)?;
    let mut done = whose(prepared, rows, &matches, done)?;
    subs::save(cx, tx, prepared, rows, &mut done)?;
    Ok(done)
}

/// Rows that only add to a record have the one of their key.
fn whose(prepared: &Prepared, rows: &[&Row], matches: &[Match], done: Vec<Option<Done>>) -> Result<Vec<Done>> {
    let mut of_key: HashMap<String, Option<Id>> = HashMap::new();
    let mut all = Vec::with_capacity(done.len());
    for ((row, found), done) in rows.iter().zip(matches).zip(done) {
        let key = row.external.clone().or_else(|| row.key.as_ref().map(comparable)).or_else(|| row.id.map(|id| id.to_string()));
        let done = match (done, found) {
            (Some(done), _) => done,
            (None, Match::One(id)) => Done { record: Some(*id), ..Done::new(Outcome::Unchanged) },
            (None, _) => match key.as_ref().and_then(|key| of_key.get(key)).copied().flatten() {
                Some(id) => Done { record: Some(id), ..Done::new(Outcome::Unchanged) },
                None => Done::refused(vec![problem(prepared, row, &Violation::new("not_found", ""), None)]),
            },
        };
        if let Some(key) = key {
            of_key.entry(key).or_insert(done.record);
        }
        all.push(done);
    }
    Ok(all)
}

fn new_record(prepared: &Prepared, row: &Row) -> Change {
    let deed = row.past.clone().map_or(Deed::Create, Deed::Historic);
    let mut change = Change::new(&prepared.object.key, deed);
    change.patch = row.patch.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), value.clone())).collect();
    if let (Some(owner), false) = (prepared.default_owner(), change.patch.contains_key("owner")) {
        change.patch.insert("owner".to_owned(), owner.into());
    }
    if let (Some(source), Some(id)) = (source(prepared), &row.external) {
        change.external.push((source.to_owned(), id.clone()));
    }
    change
}

/// Name of the other system whose ids the rows carry.
pub fn source(prepared: &Prepared) -> Option<&str> {
    let named = prepared.options.keys.as_ref().and_then(|keys| keys.external_source.as_deref());
    named.or_else(|| prepared.columns.external.map(|_| "import"))
}

/// Owners change by an act of their own.
fn give(
    cx: &Ctx,
    tx: &mut Write,
    prepared: &Prepared,
    rows: &[&Row],
    owners: Vec<(usize, Id, Id)>,
    done: &mut [Option<Done>],
    before: impl Fn(Id) -> Option<i64> + Copy,
) -> Result<()> {
    let refused = |at: usize| matches!(&done[at], Some(done) if done.outcome == Outcome::Refused);
    let owners: Vec<_> = owners.into_iter().filter(|(at, ..)| !refused(*at)).collect();
    if owners.is_empty() {
        return Ok(());
    }
    let change = |id: Id, to: Id| Change::of(&prepared.object.key, id, Deed::ChangeOwner { to, keep_as: None });
    let changes = owners.iter().map(|(_, id, to)| alike::with_approvals(prepared, change(*id, *to))).collect();
    for ((at, ..), result) in owners.iter().zip(save_all(cx, tx, &prepared.object.key, changes)?) {
        let given = outcome(prepared, rows[*at], result, before)?;
        match (given.outcome, &mut done[*at]) {
            (Outcome::Unchanged, _) => {}
            // A refused change of owner is told; what else the row changed stays.
            (Outcome::Refused, Some(there)) if there.outcome == Outcome::Updated => there.problems.extend(given.problems),
            (_, slot) => *slot = Some(given),
        }
    }
    Ok(())
}

fn matches(cx: &Ctx, tx: &mut Write, prepared: &Prepared, rows: &[&Row]) -> Result<Vec<Match>> {
    let object = &prepared.object;
    if prepared.columns.id.is_some() {
        return Ok(rows.iter().map(|row| row.id.map_or(Match::Nothing, Match::One)).collect());
    }
    if prepared.columns.external.is_some() {
        let ids: Vec<String> = rows.iter().filter_map(|row| row.external.clone()).collect();
        let found: HashMap<String, Id> = db::external::find(tx, object, source(prepared).unwrap_or_default(), &ids)?.into_iter().collect();
        return Ok(rows
            .iter()
            .map(|row| row.external.as_ref().and_then(|id| found.get(id)).map_or(Match::Nothing, |id| Match::One(*id)))
            .collect());
    }
    let Some(field) = &prepared.columns.key else { return Ok(rows.iter().map(|_| Match::Nothing).collect()) };
    let values: Vec<Value> = rows.iter().filter_map(|row| row.key.clone()).collect();
    let found = db::records::find_by(tx, object, field, &values)?;
    let ids: BTreeSet<Id> = found.iter().map(|(_, id)| *id).collect();
    let seen = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids.into_iter().collect::<Vec<_>>())?;
    // What lies in the recycle bin is not brought back by an import, and what a pool hides leads to nothing.
    let found_by_it = |record: &&Record| record.text("lifecycle_status") != "voided" && !veil::covers(cx, Some(record), field);
    let seen: BTreeSet<Id> = seen.iter().filter(found_by_it).map(|record| record.id).collect();
    let mut by_key: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for (value, id) in found.into_iter().filter(|(_, id)| seen.contains(id)) {
        by_key.entry(comparable(&value)).or_default().insert(id);
    }
    let one = |ids: &BTreeSet<Id>| match ids.first() {
        Some(id) if ids.len() == 1 => Match::One(*id),
        Some(_) => Match::Several,
        None => Match::Nothing,
    };
    Ok(rows.iter().map(|row| row.key.as_ref().and_then(|key| by_key.get(&comparable(key))).map_or(Match::Nothing, one)).collect())
}

/// Refusals become problems of the row; faults of the database end the import.
fn outcome(prepared: &Prepared, row: &Row, result: Result<Saved>, before: impl Fn(Id) -> Option<i64>) -> Result<Done> {
    match result {
        Ok(saved) => Ok(Done::saved(&saved, before(saved.record.id))),
        Err(error) => {
            let found = findings(error)?.into_iter();
            // What a dry run could not know yet does not stand against the row.
            let counts = |violation: &Violation| !(violation.code == "field.required" && row.planned.contains(&violation.path));
            let problems: Vec<Problem> = found.filter(counts).map(|violation| problem(prepared, row, &violation, None)).collect();
            Ok(if problems.is_empty() { Done::new(Outcome::Created) } else { Done::refused(problems) })
        }
    }
}

/// Sets the references that a second look has found; the problems of the rows that were refused, by row.
pub fn save_again(cx: &Ctx, tx: &mut Write, prepared: &Prepared, import: Id, step: usize, rows: &[Row]) -> Result<Vec<(u64, Problem)>> {
    let object = &prepared.object;
    let numbers = rows.iter().map(|row| row.index as i64);
    let select = Query::select()
        .columns(["number", "record"])
        .from("import_row")
        .and_where(Expr::col("import").eq(import.0))
        .and_where(Expr::col("step").eq(step as i64))
        .and_where(Expr::col("part").eq(0_i64))
        .and_where(Expr::col("number").is_in(numbers))
        .to_owned();
    let mut records: HashMap<u64, Id> = HashMap::new();
    for row in tx.all_once(&select)? {
        if let Some(record) = row.get::<Option<Id>>(1)? {
            records.insert(row.get::<i64>(0)?.unsigned_abs(), record);
        }
    }
    let ids: Vec<Id> = records.values().copied().collect();
    let present: HashMap<Id, Record> =
        db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|record| (record.id, record)).collect();
    let (mut changes, mut places) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(record) = records.get(&row.index).and_then(|id| present.get(id)) else { continue };
        let differs = |(key, value): &(&String, &Value)| record.get(key) != *value;
        let patch: model::Patch = row.patch.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect();
        if !patch.is_empty() {
            places.push((row, record.revision));
            // What this import made and waits for its approval is told whole.
            let under = (record.text("lifecycle_status") == lifecycle::UNDER_REVIEW).then_some(Under::Fills(record.id));
            let change = alike::with_approvals(prepared, Change { patch, ..Change::of(&object.key, record.id, Deed::Edit) });
            changes.push(Change { under: under.or(change.under), ..change });
        }
    }
    let mut problems = Vec::new();
    if changes.is_empty() {
        return Ok(problems);
    }
    for ((row, before), result) in places.into_iter().zip(save_all(cx, tx, &object.key, changes)?) {
        match result {
            Ok(saved) => {
                let mut update = Query::update();
                update
                    .table("import_row")
                    .value("version", saved.record.version)
                    .value("revision", saved.record.revision)
                    // What was changed before began at an earlier revision; what was created has none.
                    .value("before", sea_query::Func::coalesce([Expr::col("before"), Expr::val(before)]))
                    .and_where(Expr::col("import").eq(import.0))
                    .and_where(Expr::col("step").eq(step as i64))
                    .and_where(Expr::col("number").eq(row.index as i64))
                    .and_where(Expr::col("part").eq(0_i64));
                tx.execute(&update)?;
            }
            Err(error) => problems.extend(findings(error)?.iter().map(|violation| (row.index, problem(prepared, row, violation, None)))),
        }
    }
    Ok(problems)
}

/// What stands against one change; a fault of the database is passed on.
pub fn findings(error: Error) -> Result<Vec<Violation>> {
    Ok(match error {
        Error::Invalid(found) | Error::Unmet(found) => found,
        Error::Forbidden { act, .. } => vec![Violation::new("access.act_not_allowed", "").with("act", act)],
        Error::NotFound => vec![Violation::new("not_found", "")],
        Error::Conflict { .. } => vec![Violation::new("record.version_conflict", "")],
        fault => return Err(fault),
    })
}

/// A problem of a row: with its column and what stands there.
pub fn problem(prepared: &Prepared, row: &Row, violation: &Violation, sub: Option<usize>) -> Problem {
    let (column, value) = prepared.said(row, &violation.path, sub);
    let column = if column.is_empty() { violation.path.as_str() } else { column };
    let object = sub.map_or(&prepared.object, |at| &prepared.columns.subs[at].object);
    Problem::new(row.line, column, value, &named(violation, object, &prepared.who.language), &prepared.who.language)
}

/// A finding that calls fields and stages by their labels.
fn named(violation: &Violation, object: &Object, language: &str) -> Violation {
    let field = |key: &str| object.field(key).map(|field| field.label.in_language(language).to_owned());
    let stage =
        |key: &str| object.options("stage").iter().find(|option| option.key == key).map(|one| one.label.in_language(language).to_owned());
    let mut named = violation.clone();
    for (name, value) in &mut named.params {
        let call: &dyn Fn(&str) -> Option<String> = match name.as_str() {
            "field" => &field,
            "stage" | "stages" | "leaving" => &stage,
            _ => continue,
        };
        let each = match value {
            Json::Array(many) => many.iter_mut().collect(),
            one => vec![one],
        };
        for one in each {
            if let Some(label) = one.as_str().and_then(call) {
                *one = label.into();
            }
        }
    }
    named
}
