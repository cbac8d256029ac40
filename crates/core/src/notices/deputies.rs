//! Deputies: who stands in for somebody who is away. He is told what the absent one is told and finds his work among his own, as far as he
//! sees the records himself; nobody comes to see more by standing in.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::{Id, Instant, Violation, Violations};
use sea_query::{Cond, Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::Notice;
use crate::audit::{self, Note};
use crate::records::Refs;
use crate::{Ctx, Error, Result, identity};

/// `PUT /me/deputy`. Nobody: one is there oneself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameDeputy {
    #[serde(default)]
    pub deputy: Option<String>,
    /// Now, when absent.
    #[serde(default)]
    pub from: Option<Instant>,
    /// No longer then; until it is taken back, when absent.
    #[serde(default)]
    pub until: Option<Instant>,
    /// The product's own; change nothing.
    #[serde(rename = "active", default)]
    pub _active: Option<bool>,
    #[serde(rename = "refs", default)]
    pub _refs: Option<Json>,
    /// The version it is based on.
    #[serde(default)]
    pub version: Option<i64>,
}

/// How far it is handed on: the deputy of one who is away may be away himself.
const FAR: usize = 5;

/// Who stands in for whom at an instant.
pub(crate) struct Standing(BTreeMap<Id, Id>);

impl Standing {
    /// As of the transaction.
    pub fn load(cx: &Ctx, tx: &mut Read) -> Result<Standing> {
        let open = Cond::any().add(Expr::col("until_at").is_null()).add(Expr::col("until_at").gt(cx.at.0));
        let select = Query::select()
            .columns(["person", "deputy"])
            .from("deputy")
            .and_where(Expr::col("from_at").lte(cx.at.0))
            .cond_where(open)
            .to_owned();
        let mut standing = BTreeMap::new();
        for row in tx.all(&select)? {
            standing.insert(row.get("person")?, row.get("deputy")?);
        }
        Ok(Standing(standing))
    }

    /// Those who stand in for a person: his deputy, and the deputy's where he is away too. A circle ends where it began.
    pub fn for_person(&self, person: Id) -> Vec<Id> {
        let mut those: Vec<Id> = Vec::new();
        let mut last = person;
        while let Some(deputy) = self.0.get(&last).filter(|deputy| **deputy != person && !those.contains(deputy)) {
            those.push(*deputy);
            if those.len() == FAR {
                break;
            }
            last = *deputy;
        }
        those
    }

    /// Those who are away and have somebody stand in.
    pub fn absent(&self) -> impl Iterator<Item = Id> {
        self.0.keys().copied()
    }

    /// True for one who is away and has somebody stand in.
    pub fn is_away(&self, person: Id) -> bool {
        self.0.contains_key(&person)
    }

    /// Those for whom a person stands in.
    pub fn by_person(&self, person: Id) -> Vec<Id> {
        self.0.keys().copied().filter(|absent| *absent != person && self.for_person(*absent).contains(&person)).collect()
    }
}

/// What deputies are told besides.
pub(super) fn besides(cx: &Ctx, tx: &mut Read, notices: &[Notice]) -> Result<Vec<Notice>> {
    if notices.is_empty() {
        return Ok(Vec::new());
    }
    let standing = Standing::load(cx, tx)?;
    let told = |notice: &Notice| -> Vec<Notice> {
        let others = standing.for_person(notice.to).into_iter().filter(|deputy| *deputy != cx.who.id);
        let key = |notice: &Notice| notice.key.as_ref().map(|key| format!("{key}/{}", notice.to));
        others.map(|deputy| Notice { to: deputy, on_behalf_of: Some(notice.to), key: key(notice), ..notice.clone() }).collect()
    };
    Ok(notices.iter().flat_map(told).collect())
}

fn row(tx: &mut Read, person: Id) -> Result<Option<(Id, Instant, Option<Instant>, i64)>> {
    let select = Query::select()
        .columns(["deputy", "from_at", "until_at", "version"])
        .from("deputy")
        .and_where(Expr::col("person").eq(person.0))
        .to_owned();
    let Some(row) = tx.optional(&select)? else { return Ok(None) };
    Ok(Some((row.get("deputy")?, row.get("from_at")?, row.get("until_at")?, row.get("version")?)))
}

/// The caller's own deputy.
pub fn show(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut refs = Refs::default();
    let (deputy, from, until, version) = match row(tx, cx.who.id)? {
        Some((deputy, from, until, version)) => (Some(deputy), Some(from), until, version),
        None => (None, None, None, 0),
    };
    deputy.iter().for_each(|deputy| refs.note("employee", *deputy));
    let active = from.is_some_and(|from| from <= cx.at) && until.is_none_or(|until| until > cx.at);
    Ok(json!({
        "deputy": deputy.map(|id| id.to_string()), "from": from.map(|at| at.to_string()), "until": until.map(|at| at.to_string()),
        "active": active, "version": version, "refs": refs.names(cx, tx)?,
    }))
}

/// Names a deputy, or nobody. Error: another window was faster.
pub fn save(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &NameDeputy) -> Result<Json> {
    cx.as_oneself()?;
    tx.lock(&[format!("deputy:{}", cx.who.id)])?;
    let before = row(tx, cx.who.id)?;
    let version = before.map_or(0, |(.., version)| version);
    if seen.or(wanted.version).is_some_and(|seen| seen != version) {
        return Err(Error::Conflict { record: Box::new(show(cx, tx)?) });
    }
    let Some(deputy) = wanted.deputy.as_deref().filter(|text| !text.is_empty()) else {
        tx.execute(Query::delete().from_table("deputy").and_where(Expr::col("person").eq(cx.who.id.0)))?;
        if before.is_some() {
            audit::note(cx, tx, Note::new("delete", "deputy").subject(cx.who.name.as_str()))?;
        }
        return show(cx, tx);
    };
    let from = wanted.from.unwrap_or(before.filter(|(.., until, _)| *until == wanted.until).map_or(cx.at, |(_, from, ..)| from));
    let deputy = judge(cx, tx, deputy, from, wanted.until)?;
    tx.execute(
        Query::insert()
            .into_table("deputy")
            .columns(["person", "deputy", "from_at", "until_at", "version"])
            .values_panic([cx.who.id.0.into(), deputy.0.into(), from.0.into(), wanted.until.map(|at| at.0).into(), (version + 1).into()])
            .on_conflict(OnConflict::column("person").update_columns(["deputy", "from_at", "until_at", "version"]).to_owned()),
    )?;
    let until = wanted.until.map(|at| at.to_string());
    let told = Note::new("edit", "deputy").record("employee", deputy).subject(cx.who.name.as_str());
    audit::note(cx, tx, told.detail(json!({"from": from.to_string(), "until": until})))?;
    show(cx, tx)
}

/// Somebody else who works here and whom one sees, for a span that is one; all that is wrong at once.
fn judge(cx: &Ctx, tx: &mut Read, deputy: &str, from: Instant, until: Option<Instant>) -> Result<Id> {
    let mut found = Violations::new();
    let employee = cx.object("employee")?;
    let id = deputy.parse::<Id>().ok();
    let known = match id {
        Some(id) => db::records::load(tx, &cx.meta.schema, employee, &cx.scope(), &[id])?.into_iter().next(),
        None => None,
    };
    match (id, known) {
        (Some(id), Some(_)) if id == cx.who.id => found.push(Violation::new("deputy.oneself", "deputy")),
        (_, Some(person)) if !identity::is_active(&person) => found.push(Violation::new("owner.not_active", "deputy")),
        (_, Some(_)) => {}
        (_, None) => found.push(Violation::new("field.reference_not_found", "deputy")),
    }
    if until.is_some_and(|until| until <= from || until <= cx.at) {
        found.push(Violation::new("deputy.over", "until"));
    }
    if found.is_empty() { id.ok_or_else(|| Error::Internal("a deputy without an id".into())) } else { Err(found.into()) }
}

/// For whom the caller stands in now.
pub fn standing_in(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut refs = Refs::default();
    let absent = Standing::load(cx, tx)?.by_person(cx.who.id);
    let mut items = Vec::with_capacity(absent.len());
    for person in absent {
        refs.note("employee", person);
        let until = row(tx, person)?.and_then(|(_, _, until, _)| until).map(|at| at.to_string());
        items.push(json!({"person": person.to_string(), "until": until}));
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deputies_of_deputies_stand_in_and_circles_end() {
        let [a, b, c, d] = [1, 2, 3, 4].map(|n| Id::from_parts(n, [0; 10]));
        let standing = |pairs: &[(Id, Id)]| Standing(pairs.iter().copied().collect());
        let circle = standing(&[(a, b), (b, c), (c, a)]);
        assert_eq!((circle.for_person(a), circle.for_person(b), circle.by_person(a)), (vec![b, c], vec![c, a], vec![b, c]));
        let to_himself = standing(&[(a, a)]);
        assert_eq!((to_himself.for_person(a), to_himself.by_person(a)), (vec![], vec![]));
        let tail = standing(&[(d, a), (a, b), (b, a)]);
        assert_eq!((tail.for_person(d), tail.by_person(b)), (vec![a, b], vec![a, d]));
    }
}
