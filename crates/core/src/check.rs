//! Does the database agree with itself? What is derived is reckoned again from what it is derived from, and every difference is told.
//!
//! For `stagecraft check`, and for tests that kill the server in the middle of its work.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::{Query, Scope, Sort};
use model::process::stay;
use model::{Id, Instant, Object, Record};
use sea_query::{Alias, Expr, ExprTrait, Func, JoinType, Query as Sql};
use serde_json::{Value as Json, json};

use crate::activities::tasks;
use crate::reckoning::{self, rollups};
use crate::{Credential, Ctx, Error, House, Result, analysis, duplicates, files, orders, prices, processes, sharing, stage_tasks};

/// Records that are looked at together.
const PAGE: u32 = 500;
/// Differences of one sort that are told; the others are counted.
const EXAMPLES: usize = 20;
const WHY: Scope<'static> = Scope::All("the whole database is checked");

/// What was found.
#[derive(Default)]
struct Report {
    checked: BTreeMap<&'static str, u64>,
    faults: BTreeMap<&'static str, (u64, Vec<String>)>,
}

impl Report {
    fn looked_at(&mut self, what: &'static str, many: usize) {
        *self.checked.entry(what).or_default() += many as u64;
    }

    fn fault(&mut self, what: &'static str, example: String) {
        let (count, examples) = self.faults.entry(what).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(example);
        }
    }

    /// `{ok, checked: {records, stays …}, faults: [{check, count, examples}]}`.
    fn told(&self) -> Json {
        let faults: Vec<Json> =
            self.faults.iter().map(|(check, (count, examples))| json!({"check": check, "count": count, "examples": examples})).collect();
        json!({"ok": faults.is_empty(), "checked": self.checked, "faults": faults})
    }

    fn require(&mut self, holds: bool, what: &'static str, example: impl FnOnce() -> String) {
        if !holds {
            self.fault(what, example());
        }
    }
}

/// Checks roll-ups and formulas alone, as [`all`] does.
pub fn rollups(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("check", "organisation")?;
    let mut report = Report::default();
    for object in cx.meta.order.iter().filter_map(|key| cx.meta.schema.object(key)) {
        if !object.fields.iter().any(|field| field.is_reckoned() && field.is_stored() || reckoning::follow_ups::is_kept(object, &field.key))
        {
            continue;
        }
        let mut cursor = None;
        loop {
            let sort = Sort { field: "id".into(), descending: false };
            let query = Query { condition: None, words: None, sort, cursor, limit: PAGE, bin: db::records::Bin::Too };
            let page = db::records::list(tx, &cx.meta.schema, object, &WHY, &query)?;
            reckoned(cx, tx, object, &page.records, &mut report)?;
            followed(cx, tx, object, &page.records, &mut report)?;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    Ok(report.told())
}

/// Checks what sharing rules give alone, as [`all`] does.
pub fn shares(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("check", "organisation")?;
    let mut report = Report::default();
    for object in cx.meta.order.iter().filter_map(|key| cx.meta.schema.object(key)).filter(|object| object.owned) {
        let mut cursor = None;
        loop {
            let sort = Sort { field: "id".into(), descending: false };
            let query = Query { condition: None, words: None, sort, cursor, limit: PAGE, bin: db::records::Bin::Too };
            let page = db::records::list(tx, &cx.meta.schema, object, &WHY, &query)?;
            grants(cx, tx, object, &page.records, &mut report)?;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    Ok(report.told())
}

/// Checks the stage conversion alone: the memory from which it is told, against plain loops over every stay.
pub fn stays(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("check", "organisation")?;
    let mut report = Report::default();
    conversion(cx, tx, &mut report)?;
    Ok(report.told())
}

fn conversion(cx: &Ctx, tx: &mut Read, report: &mut Report) -> Result<()> {
    let (deals, found) = analysis::differing(cx, tx)?;
    report.looked_at("deals_analysed", deals);
    found.into_iter().for_each(|told| report.fault("stage_conversion", told));
    Ok(())
}

/// Checks the index by which alike records are found alone, as [`all`] does.
pub fn matches(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("check", "organisation")?;
    let mut report = Report::default();
    for object in cx.meta.order.iter().filter_map(|key| cx.meta.schema.object(key)) {
        if db::matching::parts(&cx.meta.followed, &object.key).is_empty() {
            continue;
        }
        let (mut cursor, mut due) = (None, BTreeMap::new());
        loop {
            let sort = Sort { field: "id".into(), descending: false };
            let query = Query { condition: None, words: None, sort, cursor, limit: PAGE, bin: db::records::Bin::Too };
            let mut page = db::records::list(tx, &cx.meta.schema, object, &WHY, &query)?;
            entries(cx, tx, object, &mut page.records, &mut due, &mut report)?;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        no_more_entries(cx, tx, object, &due, &mut report)?;
    }
    Ok(report.told())
}

/// Records are entered by what they hold; `due` counts how many entries there should be in each part.
fn entries(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    records: &mut [Record],
    due: &mut BTreeMap<i64, u64>,
    report: &mut Report,
) -> Result<()> {
    let (counts, missing) = duplicates::index::differences(cx, tx, object, records)?;
    for (part, count) in counts {
        report.looked_at("match_entries", count as usize);
        *due.entry(part).or_default() += count;
    }
    missing.into_iter().for_each(|entry| report.fault("match_missing", entry));
    Ok(())
}

/// No part has more entries than its records make.
fn no_more_entries(cx: &Ctx, tx: &mut Read, object: &Object, due: &BTreeMap<i64, u64>, report: &mut Report) -> Result<()> {
    for (part, field, kind, count) in duplicates::index::sizes(cx, tx, object)? {
        let expected = due.get(&part).copied().unwrap_or_default();
        report.require(count <= expected, "match_too_much", || {
            format!("{}.{field} {}: {count} entries, {expected} expected", object.key, kind.key())
        });
    }
    Ok(())
}

/// Checks what is kept of who holds how much alone, as [`all`] does.
pub fn holdings(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("check", "organisation")?;
    let mut report = Report::default();
    held(cx, tx, &mut report)?;
    Ok(report.told())
}

/// What is kept of who holds how much under which rule is what the records come to, and nothing is kept of what is not counted.
fn held(cx: &Ctx, tx: &mut Read, report: &mut Report) -> Result<()> {
    let counted = cx.meta.holding.counted();
    for kept in db::holdings::kept(tx)? {
        report.require(counted.iter().any(|one| one.rule == kept), "holding_count_of_no_rule", || kept.to_string());
    }
    for one in &counted {
        let Some(object) = cx.meta.schema.object(&one.object) else { continue };
        report.looked_at("holding_rules", 1);
        for (owner, kept, due) in db::holdings::differing(tx, &cx.meta.schema, object, one)? {
            report.fault("holding_count", format!("rule {} of {owner}: kept {kept}, due {due}", one.rule));
        }
    }
    Ok(())
}

/// Records are given to those whom the rules name, and to no others.
fn grants(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record], report: &mut Report) -> Result<()> {
    if !object.owned || records.is_empty() {
        return Ok(());
    }
    let (stored, differing) = sharing::differences(cx, tx, object, records)?;
    report.looked_at("shares", stored);
    for (grant, too_much) in differing {
        let what = if too_much { "share_too_much" } else { "share_missing" };
        report.fault(what, format!("{} {}: {} to {} by {}", object.key, grant.record, grant.level, grant.principal, grant.why));
    }
    if object.key == model::objects::task::KEY {
        by_tasks(tx, records, report)?;
    }
    Ok(())
}

/// Tasks give what they regard to those who are to do them, and nothing of it is left when they are done.
fn by_tasks(tx: &mut Read, records: &[Record], report: &mut Report) -> Result<()> {
    let (count, differing) = tasks::differing(tx, records)?;
    report.looked_at("given_by_tasks", count);
    for ((of, grant), too_much) in differing {
        let what = if too_much { "share_too_much" } else { "share_missing" };
        report.fault(what, format!("{of} {}: {} to {} by {}", grant.record, grant.level, grant.principal, grant.why));
    }
    Ok(())
}

/// Stage tasks give their deals to those who are to do them, and nothing of it is left when they are done.
fn by_stage_tasks(cx: &Ctx, tx: &mut Read, report: &mut Report) -> Result<()> {
    let mut after = None;
    loop {
        let (tasks, owners) = stage_tasks::sight::some(cx, tx, after)?;
        let Some(last) = tasks.last() else { return Ok(()) };
        after = Some(last.task.id);
        let (count, differing) = stage_tasks::sight::differing(tx, &tasks, &owners)?;
        report.looked_at("given_by_stage_tasks", count);
        for (grant, too_much) in differing {
            let what = if too_much { "share_too_much" } else { "share_missing" };
            report.fault(what, format!("opportunity {}: {} to {} by {}", grant.record, grant.level, grant.principal, grant.why));
        }
    }
}

/// Whether what lies in the directory of files is there, and as large as it was: asked by itself, since it is no matter of one snapshot.
pub fn files(house: &House) -> Result<Json> {
    let mut report = Report::default();
    let named = house.read(&Credential::System("the files are looked for"), db::Limits::default(), |_, tx| files::beside(tx))?;
    report.looked_at("files_in_directory", named.len());
    for (id, size) in named {
        let there = house.directory().and_then(|directory| directory.size(id));
        report.require(there == u64::try_from(size).ok(), "file_content", || format!("{id}: {size} bytes expected, {there:?} found"));
    }
    Ok(report.told())
}

/// Checks everything in one snapshot: `{ok, checked: {records, stays …}, faults: [{check, count, examples}]}`. Administrators only.
pub fn all(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("check", "organisation")?;
    let mut report = Report::default();
    let kept_since = db::outbox::oldest(tx)?;
    for key in &cx.meta.order {
        let Some(object) = cx.meta.schema.object(key).cloned() else { continue };
        let (mut cursor, mut due) = (None, BTreeMap::new());
        loop {
            let query = Query {
                condition: None,
                words: None,
                sort: Sort { field: "id".into(), descending: false },
                cursor,
                limit: PAGE,
                bin: db::records::Bin::Too,
            };
            let mut page = db::records::list(tx, &cx.meta.schema, &object, &WHY, &query)?;
            report.looked_at("records", page.records.len());
            references(cx, tx, &object, &page.records, &mut report)?;
            revisions(tx, &object, &page.records, &mut report)?;
            if processes::concerns(&object) {
                visits(tx, &page.records, &mut report)?;
                versions(cx, &page.records, &mut report);
                figures(&page.records, &mut report);
            }
            prices::differing(cx, tx, &object, &page.records)?.into_iter().for_each(|(what, example)| report.fault(what, example));
            reckoned(cx, tx, &object, &page.records, &mut report)?;
            followed(cx, tx, &object, &page.records, &mut report)?;
            for (what, example) in orders::faults(cx, tx, &object, &page.records)? {
                report.fault(what, example);
            }
            words(tx, &object, &page.records, &mut report)?;
            entries(cx, tx, &object, &mut page.records, &mut due, &mut report)?;
            grants(cx, tx, &object, &page.records, &mut report)?;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        no_more_entries(cx, tx, &object, &due, &mut report)?;
        leftovers(cx, tx, &object, &mut report)?;
        totals(tx, &object, &mut report)?;
    }
    if let Some(since) = kept_since {
        events(tx, since, &mut report)?;
    }
    held(cx, tx, &mut report)?;
    by_stage_tasks(cx, tx, &mut report)?;
    sees(cx, tx, &mut report)?;
    conversion(cx, tx, &mut report)?;
    Ok(report.told())
}

fn name(record: &Record) -> String {
    format!("{} {} ({})", record.object, record.id, record.text("name"))
}

/// What a record refers to is there.
fn references(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record], report: &mut Report) -> Result<()> {
    let mut wanted: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    let each = |visit: &mut dyn FnMut(&Record, &str, &str, Id)| {
        for field in &object.fields {
            for record in records {
                for (target, id) in field.kind.referred(record.get(&field.key)).into_iter().filter(|(_, id)| *id != Id::SYSTEM) {
                    visit(record, &field.key, target, id);
                }
            }
        }
    };
    each(&mut |_, _, target, id| {
        wanted.entry(target.to_owned()).or_default().insert(id);
    });
    let mut there: BTreeSet<(String, Id)> = BTreeSet::new();
    for (target, ids) in wanted {
        let Some(other) = cx.meta.schema.object(&target) else { continue };
        report.looked_at("references", ids.len());
        for (id, _) in db::records::names(tx, &cx.meta.schema, other, &WHY, &ids.into_iter().collect::<Vec<_>>())? {
            there.insert((target.clone(), id));
        }
    }
    each(&mut |record, field, target, id| {
        report.require(there.contains(&(target.to_owned(), id)), "reference_to_nothing", || {
            format!("{}: {field} is {target} {id}", name(record))
        });
    });
    Ok(())
}

/// The history of a record has every revision once, up to the one it stands at.
fn revisions(tx: &mut Read, object: &Object, records: &[Record], report: &mut Report) -> Result<()> {
    let select = Sql::select()
        .column("record")
        .expr(Expr::cust("COUNT(1)"))
        .expr(Func::min(Expr::col("revision")))
        .expr(Func::max(Expr::col("revision")))
        .from("history")
        .and_where(Expr::col("object").eq(object.key.as_str()))
        .and_where(Expr::col("record").is_in(records.iter().map(|record| record.id.0)))
        .group_by_col("record")
        .to_owned();
    let mut found: BTreeMap<Id, [i64; 3]> = BTreeMap::new();
    for row in tx.all(&select)? {
        found.insert(row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?]);
    }
    for record in records {
        let [count, first, last] = found.get(&record.id).copied().unwrap_or_default();
        report.looked_at("revisions", usize::try_from(count).unwrap_or_default());
        report.require([count, first, last] == [record.revision, 1, record.revision], "history_with_gaps", || {
            format!("{}: revision {}, history has {count} from {first} to {last}", name(record), record.revision)
        });
        report.require(record.version <= record.revision, "version_beyond_revision", || {
            format!("{}: version {}, revision {}", name(record), record.version, record.revision)
        });
    }
    Ok(())
}

/// Stays leave neither gap nor overlap, and end where the deal stands.
fn visits(tx: &mut Read, records: &[Record], report: &mut Report) -> Result<()> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let mut all = processes::stays::load(tx, &ids)?;
    let approved = crate::approvals::took_effect(tx, &ids)?;
    for record in records {
        // What was never approved has not come into its process.
        let outside = matches!(record.text("lifecycle_status"), "under_review" | "ineffective");
        let stays = all.remove(&record.id).unwrap_or_default();
        report.looked_at("stays", stays.len());
        let created = record.get("created_at").as_instant().unwrap_or_default();
        // The process begins with the deal, or when its creation was approved.
        let past = stays.first().is_some_and(|stay| stay.entered_at == created);
        let began = approved.get(&record.id).copied().filter(|_| !past).unwrap_or(created);
        if let Err(fault) = stay::check(&stays, began) {
            report.fault("stays_do_not_fit", format!("{}: stay {} {}", name(record), fault.at + 1, fault.what));
        }
        let Some(last) = stays.last() else {
            report.require(outside || record.text("lifecycle_status") == "voided", "deal_without_stay", || name(record));
            continue;
        };
        let noted = record.get("process_version");
        report.require(noted.is_null() || processes::in_force::since(record) == last.process_version, "version_differs_from_stay", || {
            format!(
                "{}: entered under version {}, its stay says {}",
                name(record),
                processes::in_force::since(record),
                last.process_version
            )
        });
        report.require(last.stage == record.text("stage"), "stage_differs_from_stay", || {
            format!("{}: stands in {}, its last stay is in {}", name(record), record.text("stage"), last.stage)
        });
        report
            .require(Some(last.entered_at) == record.get("stage_entered_at").as_instant(), "entered_at_differs_from_stay", || name(record));
        let open = record.text("stage_type") == "in_progress";
        report.require(open == last.is_open(), "open_differs_from_stay", || format!("{}: is {}", name(record), record.text("stage_type")));
        report.require(open == record.get("closed_at").is_null(), "closed_at_differs_from_stage", || name(record));
    }
    Ok(())
}

/// An open deal stands in a stage of the version that it obeys.
fn versions(cx: &Ctx, records: &[Record], report: &mut Report) {
    for record in records.iter().filter(|record| record.get("closed_at").is_null()) {
        let stage = record.text("stage");
        let Some(in_force) = cx.meta.in_force(record) else {
            report.fault("deal_without_process", format!("{}: {}", name(record), record.text("sales_process")));
            continue;
        };
        report.require(in_force.process().position(stage).is_some(), "stage_not_of_its_version", || {
            format!("{}: stands in {stage}, which version {} does not have", name(record), in_force.process().version)
        });
    }
}

/// Forecast = amount × win rate.
fn figures(records: &[Record], report: &mut Report) {
    for record in records {
        report.looked_at("forecasts", 1);
        // What has not come into its process is not forecast.
        let outside = matches!(record.text("lifecycle_status"), "under_review" | "ineffective");
        let rate = record.get("win_rate").as_number().filter(|_| !outside);
        let due = record.get("amount").as_money().zip(rate).and_then(|(amount, rate)| amount.percent(rate));
        report.require(due == record.get("forecast_amount").as_money(), "forecast_differs", || {
            let show = |money: Option<model::Money>| money.map_or("nothing".to_owned(), |money| money.to_string());
            format!("{}: {} instead of {}", name(record), show(record.get("forecast_amount").as_money()), show(due))
        });
    }
}

/// Statistical fields are what their records come to, and calculated ones what their formulas say.
fn reckoned(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record], report: &mut Report) -> Result<()> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let by_id: BTreeMap<Id, &Record> = records.iter().map(|record| (record.id, record)).collect();
    for group in cx.meta.plan.on(&object.key) {
        for (id, totals) in rollups::recount(cx, tx, group, &ids)? {
            let Some(record) = by_id.get(&id) else { continue };
            for (item, due) in group.items.iter().zip(totals) {
                let due = due.unwrap_or_default();
                report.looked_at("rollups", 1);
                let stands = rollups::Total::standing(record, &item.field);
                report.require(due == stands || !item.settled, "rollup_differs", || {
                    let show = |total: &rollups::Total| model::field::show(&total.value).to_string();
                    format!("{}, {}: {} instead of {}", name(record), item.field, show(&stands), show(&due))
                });
            }
        }
    }
    let settled = |key: &str| object.field(key).is_some_and(|field| field.state.is_live() && !field.settling);
    let mut anew = records.to_vec();
    reckoning::evaluate_all(cx, tx, object, &mut anew)?;
    for one in cx.meta.plan.formulas(&object.key).iter().filter(|one| one.indexed && settled(&one.field)) {
        for (record, due) in records.iter().zip(&anew) {
            report.looked_at("formulas", 1);
            report.require(record.get(&one.field) == due.get(&one.field), "formula_differs", || {
                let show = |record: &Record| model::field::show(record.get(&one.field)).to_string();
                format!("{}, {}: {} instead of {}", name(record), one.field, show(record), show(due))
            });
        }
    }
    Ok(())
}

/// Records were followed up when the latest of what was done about them was.
fn followed(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record], report: &mut Report) -> Result<()> {
    let differing = reckoning::follow_ups::differing(cx, tx, object, records)?;
    report.looked_at("follow_ups", records.len());
    for (id, stands, due) in differing {
        let show = |at: Option<Instant>| at.map_or("never".to_owned(), |at| at.to_string());
        report.fault("follow_up_differs", format!("{} {id}: {} instead of {}", object.key, show(stands), show(due)));
    }
    Ok(())
}

/// Records are found by the words that they have, and by no others.
fn words(tx: &mut Read, object: &Object, records: &[Record], report: &mut Report) -> Result<()> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let stored = db::search::stored(tx, object, &ids)?;
    let due = db::search::due(object, records);
    report.looked_at("words", stored.len());
    for (record, field, word) in due.difference(&stored) {
        report.fault("word_missing", format!("{} {record}: {field} “{word}”", object.key));
    }
    for (record, field, word) in stored.difference(&due) {
        report.fault("word_too_much", format!("{} {record}: {field} “{word}”", object.key));
    }
    Ok(())
}

/// Kept counts and sums are what the records come to.
fn totals(tx: &mut Read, object: &Object, report: &mut Report) -> Result<()> {
    for (key, kept, due) in db::records::differing(tx, object)? {
        report.fault("totals_differ", format!("{} {key:?}: {:?} instead of {:?}", object.key, kept.whole(), due.whole()));
    }
    Ok(())
}

/// Nothing is kept of records that are not there.
fn leftovers(cx: &Ctx, tx: &mut Read, object: &Object, report: &mut Report) -> Result<()> {
    for (table, what) in [
        ("external_id", "external_id_of_nothing"),
        ("grant_to", "grant_of_nothing"),
        ("long_text", "long_text_of_nothing"),
        ("search_word", "words_of_nothing"),
        ("comment", "comment_of_nothing"),
    ] {
        let select =
            Sql::select().distinct().column("record").from(table).and_where(Expr::col("object").eq(object.key.as_str())).to_owned();
        let records = ids(tx, &select)?;
        missing(cx, tx, object, &records, what, report)?;
    }
    if processes::concerns(object) {
        let select = Sql::select().distinct().column("opportunity").from("stage_stay").to_owned();
        let deals = ids(tx, &select)?;
        missing(cx, tx, object, &deals, "stay_of_nothing", report)?;
    }
    Ok(())
}

fn ids(tx: &mut Read, select: &sea_query::SelectStatement) -> Result<Vec<Id>> {
    tx.all(select)?.iter().map(|row| row.get::<Id>(0).map_err(Error::from)).collect()
}

fn missing(cx: &Ctx, tx: &mut Read, object: &Object, ids: &[Id], what: &'static str, report: &mut Report) -> Result<()> {
    for part in ids.chunks(PAGE as usize) {
        let there: BTreeSet<Id> = db::records::names(tx, &cx.meta.schema, object, &WHY, part)?.into_iter().map(|(id, _)| id).collect();
        for id in part.iter().filter(|id| !there.contains(id)) {
            report.fault(what, format!("{} {id}", object.key));
        }
    }
    Ok(())
}

/// Every change since the oldest event kept has its event.
fn events(tx: &mut Read, since: Instant, report: &mut Report) -> Result<()> {
    let (h, o) = (Alias::new("h"), Alias::new("o"));
    let same = |column: &'static str| Expr::col((h.clone(), column)).equals((o.clone(), column));
    let select = Sql::select()
        .column((h.clone(), "object"))
        .column((h.clone(), "record"))
        .column((h.clone(), "revision"))
        .from_as("history", h.clone())
        .join_as(JoinType::LeftJoin, "outbox", o.clone(), same("record").and(same("revision")).and(same("object")))
        .and_where(Expr::col((h.clone(), "at")).gt(since.0))
        .and_where(Expr::col((o.clone(), "seq")).is_null())
        .to_owned();
    for row in tx.all(&select)? {
        let (object, record, revision): (String, Id, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        report.fault("change_without_event", format!("{object} {record}: revision {revision}"));
    }
    let count = tx.one(Sql::select().expr(Expr::cust("COUNT(1)")).from("outbox"))?;
    report.looked_at("events", usize::try_from(count.get::<i64>(0)?).unwrap_or_default());
    Ok(())
}

/// Who sees whose records agrees with the people and departments as they stand, reckoned here in another way: for each pair, by the rules.
fn sees(cx: &Ctx, tx: &mut Read, report: &mut Report) -> Result<()> {
    let people = everyone(cx, tx, "employee")?;
    let kept = everyone(cx, tx, "department")?.into_iter().filter(|department| department.text("lifecycle_status") != "voided");
    let departments: BTreeMap<Id, Record> = kept.map(|record| (record.id, record)).collect();
    let managers: BTreeMap<Id, Option<Id>> = people.iter().map(|person| (person.id, person.reference("manager"))).collect();
    let parents: BTreeMap<Id, Option<Id>> = departments.iter().map(|(id, record)| (*id, record.reference("parent"))).collect();
    let mut due: BTreeSet<(Id, Id)> = BTreeSet::new();
    for person in &people {
        due.extend(crate::access::department_chain(&managers, Some(person.id)).into_iter().map(|above| (above, person.id)));
        for department in crate::access::department_chain(&parents, person.reference("department")) {
            let Some(department) = departments.get(&department) else { break };
            let above = department.reference("head").into_iter().chain(department.get("assistants").ids());
            due.extend(above.map(|above| (above, person.id)));
        }
    }
    let mut stored: BTreeSet<(Id, Id)> = BTreeSet::new();
    for row in tx.all(Sql::select().columns(["viewer", "owner"]).from("sees"))? {
        stored.insert((row.get(0)?, row.get(1)?));
    }
    report.looked_at("sees", stored.len());
    for (viewer, owner) in due.difference(&stored) {
        report.fault("sight_missing", format!("{viewer} should see the records of {owner}"));
    }
    for (viewer, owner) in stored.difference(&due) {
        report.fault("sight_too_much", format!("{viewer} should not see the records of {owner}"));
    }
    Ok(())
}

fn everyone(cx: &Ctx, tx: &mut Read, object: &str) -> Result<Vec<Record>> {
    let object = cx.meta.schema.object(object).ok_or(Error::NotFound)?;
    let (mut records, mut cursor) = (Vec::new(), None);
    loop {
        let query = Query {
            condition: None,
            words: None,
            sort: Sort { field: "id".into(), descending: false },
            cursor,
            limit: PAGE,
            bin: db::records::Bin::Too,
        };
        let page = db::records::list(tx, &cx.meta.schema, object, &WHY, &query)?;
        records.extend(page.records);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(records);
        }
    }
}
