//! The rules in force, as of one version of the metadata.

use std::collections::{BTreeMap, BTreeSet};

use db::access::{Grant, OWNERLESS, POOL};
use db::{Read, Row};
use model::condition::{Reading, Resolved, World};
use model::sharing::{Level, RecipientKind, SharingRule};
use model::{Condition, Id, Object, Record, Schema};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::people::assigners;
use crate::{Error, Result, pools};

/// A rule that gives records.
#[derive(Clone, Debug)]
pub struct Live {
    pub rule: SharingRule,
    /// The reason under which it gives.
    pub why: String,
    condition: Resolved,
}

/// The reason under which a rule gives.
pub(super) fn why(rule: Id) -> String {
    format!("share:{rule}")
}

impl Live {
    /// The rule with its condition resolved; nothing for one that gives nothing.
    pub(super) fn of(rule: &SharingRule, reading: &Reading<'_>) -> Option<Live> {
        if !rule.active || reading.schema.object(&rule.object).is_none() {
            return None;
        }
        let condition = match &rule.condition {
            None => Resolved::Always(true),
            Some(condition) => condition
                .resolve(&rule.object, reading)
                .inspect_err(|found| tracing::error!("the sharing rule {} cannot be read: {found:?}", rule.id))
                .ok()?,
        };
        Some(Live { rule: rule.clone(), why: why(rule.id), condition })
    }

    /// Which records it gives.
    pub(super) fn condition(&self) -> &Resolved {
        &self.condition
    }
}

/// The rules in force by object.
pub(crate) fn load(tx: &mut Read, reading: &Reading<'_>) -> Result<BTreeMap<String, Vec<Live>>> {
    let mut live: BTreeMap<String, Vec<Live>> = BTreeMap::new();
    let select = select().and_where(Expr::col("removed").eq(0_i64)).order_by("id", Order::Asc).to_owned();
    for row in tx.all(&select)? {
        if let Some(rule) = Live::of(&read(&row)?, reading) {
            live.entry(rule.rule.object.clone()).or_default().push(rule);
        }
    }
    Ok(live)
}

pub(super) fn select() -> sea_query::SelectStatement {
    Query::select().columns(["doc"]).from("sharing_rule").to_owned()
}

pub(super) fn read(row: &Row) -> Result<SharingRule> {
    serde_json::from_str(&row.get::<String>("doc")?).map_err(|e| Error::Internal(format!("a stored sharing rule cannot be read: {e}")))
}

/// What these rules give of a record; where it has no owner, and its object's need none, also those have it who may assign it.
pub(crate) fn given(object: &Object, rules: &[Live], record: &Record) -> BTreeSet<Grant> {
    let world = World::default();
    let meant = rules.iter().filter(|live| live.condition.holds(record, &world));
    let ownerless = (object.ownerless && record.owner().is_none()).then(|| Grant {
        record: record.id,
        principal: assigners(&object.key),
        why: OWNERLESS.to_owned(),
        level: Level::ReadWrite.key().to_owned(),
        role: None,
    });
    meant
        .flat_map(|live| {
            live.rule.to.iter().map(|to| Grant {
                record: record.id,
                principal: to.id,
                why: live.why.clone(),
                level: live.rule.level.key().to_owned(),
                role: None,
            })
        })
        .chain(ownerless)
        .chain(in_pool(object, record))
        .collect()
}

/// What lies in a pool is read by its members, and changed by its administrators.
fn in_pool(object: &Object, record: &Record) -> Vec<Grant> {
    let Some(pool) = pools::lies_in(object, record) else { return Vec::new() };
    let given = |principal: Id, level: Level| Grant {
        record: record.id,
        principal,
        why: POOL.to_owned(),
        level: level.key().to_owned(),
        role: None,
    };
    vec![given(pool, Level::Read), given(pools::administrators_of(pool), Level::ReadWrite)]
}

/// Every rule of an object, in force or not, that names one of its fields.
pub(crate) fn uses(tx: &mut Read, schema: &Schema, object: &str, field: &str) -> Result<Vec<SharingRule>> {
    let meant = (object.to_owned(), field.to_owned());
    let names = |rule: &SharingRule| rule.condition.as_ref().is_some_and(|condition| condition.mentions(object, schema).contains(&meant));
    Ok(all_of(tx, Some(object))?.into_iter().filter(names).collect())
}

/// Every rule that gives to a person by name.
pub(crate) fn to_person(tx: &mut Read, person: Id) -> Result<Vec<SharingRule>> {
    let named = |rule: &SharingRule| rule.to.iter().any(|to| to.kind == RecipientKind::Person && to.id == person);
    Ok(all_of(tx, None)?.into_iter().filter(named).collect())
}

/// The conditions of all rules, with the objects that they are about.
pub(crate) fn named_in(tx: &mut Read) -> Result<Vec<(String, Condition)>> {
    Ok(all_of(tx, None)?.into_iter().filter_map(|rule| Some((rule.object, rule.condition?))).collect())
}

/// Every rule by the reason under which it gives; those that are being taken back too.
pub(crate) fn by_reason(tx: &mut Read) -> Result<BTreeMap<String, SharingRule>> {
    tx.all(&select())?.iter().map(|row| read(row).map(|rule| (why(rule.id), rule))).collect()
}

/// Every rule that is not being taken back, by name.
pub(super) fn all_of(tx: &mut Read, object: Option<&str>) -> Result<Vec<SharingRule>> {
    let mut select = select();
    select.and_where(Expr::col("removed").eq(0_i64));
    if let Some(object) = object {
        select.and_where(Expr::col("object").eq(object));
    }
    let mut rules = tx.all(&select)?.iter().map(read).collect::<Result<Vec<SharingRule>>>()?;
    rules.sort_by(|a, b| (&a.object, model::text::fold(&a.name), a.id).cmp(&(&b.object, model::text::fold(&b.name), b.id)));
    Ok(rules)
}
