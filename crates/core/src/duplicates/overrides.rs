//! What records went on over: matches that were warned of, blocks that a role passes, what came in unasked. One row for a save, with the matches
//! that were most alike: an import may meet twenty with every row.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::duplicate::{Found, Reason};
use model::{Id, Instant, Object};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::finding::Facts;
use super::{Live, telling};
use crate::{Ctx, Error, Result, meta, veil};

/// Matches of a rule that are kept of one save, the most alike.
const KEPT: usize = 5;

/// How it went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    /// Whoever saved it was warned and went on.
    Warned,
    /// A role of his passes the block.
    Exempt,
    /// Nobody could be asked.
    Unasked,
}

/// A match that a record goes on over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Override {
    pub rule: Id,
    pub object: String,
    pub found: Id,
    pub reasons: Vec<Reason>,
    pub how: How,
}

impl Override {
    /// Of what a rule has found.
    pub fn of(live: &Live, found: &Found, how: How) -> Override {
        Override { rule: live.rule.id, object: found.object.clone(), found: found.record, reasons: found.reasons.clone(), how }
    }
}

/// Those that are kept: of each rule the first, which are the most alike.
fn kept(passed: Vec<Override>) -> Vec<Override> {
    let mut of_rule: BTreeMap<Id, usize> = BTreeMap::new();
    let first = |one: &Override| {
        let many = of_rule.entry(one.rule).or_default();
        *many += 1;
        *many <= KEPT
    };
    passed.into_iter().filter(first).collect()
}

/// Keeps what these records went on over.
pub(crate) fn write(cx: &Ctx, tx: &mut Write, object: &Object, passed: Vec<(Id, Instant, Vec<Override>)>) -> Result<()> {
    const COLUMNS: [&str; 6] = ["id", "object", "record", "matches", "at", "by_id"];
    let mut rows: Vec<Vec<sea_query::Value>> = Vec::with_capacity(passed.len());
    for (record, at, matches) in passed {
        rows.push(vec![
            cx.new_id().0.into(),
            object.key.as_str().into(),
            record.0.into(),
            meta::text(&kept(matches))?.into(),
            at.0.into(),
            cx.who.id.0.into(),
        ]);
    }
    if rows.is_empty() { Ok(()) } else { Ok(tx.insert_rows("duplicate_override", &COLUMNS, rows)?) }
}

/// A save that went on over matches.
pub(super) struct Kept {
    id: Id,
    pub matches: Vec<Override>,
    at: Instant,
    by: Id,
}

/// What a record went on over, the latest first.
pub(super) fn of_record(tx: &mut Read, object: &str, record: Id) -> Result<Vec<Kept>> {
    let select = Query::select()
        .columns(["id", "matches", "at", "by_id"])
        .from("duplicate_override")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").eq(record.0))
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .to_owned();
    let read = |row: &db::Row| -> Result<Kept> {
        let matches: String = row.get("matches")?;
        let matches =
            serde_json::from_str(&matches).map_err(|fault| Error::Internal(format!("matches that a save went on over: {fault}")))?;
        Ok(Kept { id: row.get("id")?, matches, at: Instant(row.get("at")?), by: row.get("by_id")? })
    };
    tx.all(&select)?.iter().map(read).collect()
}

/// A save that went on over matches, as the caller may know of it.
pub(crate) struct Happened {
    pub at: Instant,
    pub id: Id,
    pub by: Id,
    /// What it went on over: `{rule, found, score, how}`.
    pub matches: Vec<Json>,
}

/// The saves by which a record went on over matches, the latest first. One that was found by a field which the caller may not know of is
/// left out: it would tell what stands there. What he does not see is called by what the rule shows of it.
pub(crate) fn happened(cx: &Ctx, tx: &mut Read, object: &str, record: Id) -> Result<Vec<Happened>> {
    let kept = of_record(tx, object, record)?;
    let mut facts = Facts::default();
    let met: BTreeSet<(String, Id)> = kept.iter().flat_map(|one| &one.matches).map(|one| (one.object.clone(), one.found)).collect();
    facts.glance(cx, tx, &met)?;
    let known = |one: Kept| {
        let matches: Vec<Json> = one.matches.iter().filter_map(|passed| show(cx, object, passed, &facts)).collect();
        (!matches.is_empty()).then_some(Happened { at: one.at, id: one.id, by: one.by, matches })
    };
    Ok(kept.into_iter().filter_map(known).collect())
}

fn show(cx: &Ctx, own: &str, one: &Override, facts: &Facts) -> Option<Json> {
    let key = (one.object.clone(), one.found);
    let live = cx.meta.duplicate_rules.iter().find(|live| live.rule.id == one.rule);
    // So would a condition that looks at one.
    let mut conditions = live.into_iter().flat_map(|live| live.rule.when.iter().chain(&live.rule.scope.condition));
    if conditions.any(|condition| veil::hides_condition(cx, own, condition)) {
        return None;
    }
    let visible = facts.visible.contains(&key);
    // Of one that is deleted for good there is nothing more to tell than that it was.
    let (mut score, mut name) = (None, None);
    if let (Some(object), Some(found)) = (cx.meta.schema.object(&one.object), facts.records.get(&key)) {
        let known = telling::reasons(cx, own, &one.reasons, (object, found));
        if known.len() < one.reasons.len() {
            return None;
        }
        score = known.iter().map(|reason| reason.score).min();
        name = telling::name(cx, live, (object, found), visible);
    }
    Some(json!({
        "rule": {"id": one.rule.to_string(), "name": live.map(|live| live.rule.name.as_str())},
        "found": {"object": one.object, "id": visible.then(|| one.found.to_string()), "name": name},
        "score": score, "how": one.how,
    }))
}
