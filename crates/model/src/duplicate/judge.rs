//! A record against those that may be the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::matching::{Side, Surroundings, compare};
use super::rule::{DuplicateRule, Group, Kind, Method, Strict};
use crate::{Id, Object, Record, Schema};

/// What a match comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Warn,
    Block,
}

/// A record that is alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub object: String,
    pub record: Id,
    /// How alike, in percent: the best of the groups that hold, each as alike as the least of its rows.
    pub score: u8,
    pub verdict: Verdict,
    /// Row by row of that group, in its order.
    pub reasons: Vec<Reason>,
    /// It lies in the recycle bin.
    pub voided: bool,
}

/// Why two records are alike: a field with how alike it is, in percent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub field: String,
    pub other: String,
    pub score: u8,
}

/// Which of `candidates`, records by object, are alike, the most alike first. The record itself is never one of them; what the rule's
/// scope leaves out must be left out beforehand.
pub fn judge(
    rule: &DuplicateRule,
    kind: Kind,
    schema: &Schema,
    around: Surroundings<'_>,
    record: &Record,
    candidates: &BTreeMap<&str, Vec<&Record>>,
) -> Vec<Found> {
    let Some(own) = schema.object(&rule.object) else { return Vec::new() };
    let mut found: BTreeMap<(&str, Id), Found> = BTreeMap::new();
    for group in &rule.groups {
        let (Some(object), Some(others)) = (schema.object(&group.object), candidates.get(group.object.as_str())) else { continue };
        for other in others.iter().filter(|other| other.id != record.id) {
            let Some(reasons) = alike(group, (own, record), (object, *other), around) else { continue };
            let voided = other.text("lifecycle_status") == "voided";
            let new = Found {
                object: group.object.clone(),
                record: other.id,
                score: reasons.iter().map(|reason| reason.score).min().unwrap_or(100),
                verdict: if voided { Verdict::Warn } else { verdict(rule, kind, group) },
                reasons,
                voided,
            };
            match found.get_mut(&(group.object.as_str(), other.id)) {
                Some(known) if (known.verdict, known.score) >= (new.verdict, new.score) => {}
                Some(known) => *known = new,
                None => {
                    found.insert((&group.object, other.id), new);
                }
            }
        }
    }
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by_key(|one| (std::cmp::Reverse((one.verdict, one.score)), one.record));
    found
}

/// Why the two are alike in this group; nothing where one of its rows does not hold.
fn alike(group: &Group, a: (&Object, &Record), b: (&Object, &Record), around: Surroundings<'_>) -> Option<Vec<Reason>> {
    if group.rows.is_empty() {
        return None;
    }
    let reason = |row: &super::Row| {
        let a = Side { object: a.0, field: a.0.field(&row.field)?, record: a.1 };
        let b = Side { object: b.0, field: b.0.field(&row.other)?, record: b.1 };
        let score = compare(row, a, b, around)?;
        Some(Reason { field: row.field.clone(), other: row.other.clone(), score })
    };
    // Texts are weighed last: most candidates fail at what costs nothing to compare.
    let costly = |row: &super::Row| matches!(row.method, Method::Fuzzy { .. } | Method::Contains);
    let mut reasons: Vec<Option<Reason>> = vec![None; group.rows.len()];
    for last in [false, true] {
        for (row, slot) in group.rows.iter().zip(&mut reasons).filter(|(row, _)| costly(row) == last) {
            *slot = Some(reason(row)?);
        }
    }
    reasons.into_iter().collect()
}

fn verdict(rule: &DuplicateRule, kind: Kind, group: &Group) -> Verdict {
    let strict = match kind {
        Kind::Import => rule.strictness.import,
        Kind::New | Kind::Tool => rule.strictness.new,
    };
    match strict {
        Strict::Warn => Verdict::Warn,
        Strict::Block => Verdict::Block,
        Strict::ByMethod if group.rows.iter().all(|row| row.method.is_exact()) => Verdict::Block,
        Strict::ByMethod => Verdict::Warn,
    }
}
