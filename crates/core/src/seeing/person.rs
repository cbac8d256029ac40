//! What a person sees, and by what: for administrators, and for himself.

use std::collections::BTreeSet;

use db::Read;
use db::records::{Bin, Query, Scope, Sort};
use model::role::{Act, FieldAccess};
use model::{Id, Object};
use sea_query::{Expr, ExprTrait, Order};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::facts::{Facts, Person, one_person};
use crate::ctx::Who;
use crate::records::{Refs, show};
use crate::{Ctx, Error, Result, identity};

/// People below that are named.
const NAMED: u64 = 50;
/// Records in one answer.
const PAGE: u32 = 50;

/// The query of `GET /people/{id}/access/{object}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenRequest {
    pub cursor: Option<String>,
}

fn asked(cx: &Ctx, tx: &mut Read, id: Id) -> Result<(Who, Person)> {
    let record = one_person(cx, tx, id)?;
    if id != cx.who.id {
        cx.administrators_only("read", "access")?;
    }
    Ok((identity::who_of(tx, &cx.meta, &record)?, Person::of(cx, &record)))
}

/// What a person's roles are, whose records he sees, and how many of each object, by what.
pub fn person(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let (who, person) = asked(cx, tx, id)?;
    let mut refs = Refs::default();
    refs.note("employee", id);
    let departments: Vec<Id> = who.viewer.principals.iter().filter(|id| cx.meta.departments.contains_key(id)).copied().collect();
    let groups: Vec<Id> = who.viewer.principals.iter().filter(|id| cx.meta.groups.iter().any(|group| group.id == **id)).copied().collect();
    departments.iter().for_each(|id| refs.note("department", *id));
    groups.iter().for_each(|id| refs.note("user_group", *id));
    let below = below(tx, id)?;
    below.iter().for_each(|id| refs.note("employee", *id));
    let mut objects = Vec::new();
    for object in cx.meta.order.iter().filter_map(|key| cx.meta.schema.object(key)) {
        if who.rights.may(Act::Read, &object.key) && cx.object(&object.key).is_ok() {
            objects.push(one_object(cx, tx, object, &who, person.active)?);
        }
    }
    let texts = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>();
    let roles: Vec<&str> = who.rights.roles().iter().map(|role| role.key.as_str()).collect();
    Ok(json!({
        "person": id.to_string(), "active": person.active, "roles": roles, "sees_all": who.rights.see_all,
        "administrator": who.rights.administrator, "departments": texts(&departments), "groups": texts(&groups),
        "below": {"count": who.viewer.people.saturating_sub(1), "people": texts(&below)}, "objects": objects, "refs": refs.names(cx, tx)?,
    }))
}

/// The first of those whose records a person sees besides his own.
fn below(tx: &mut Read, id: Id) -> Result<Vec<Id>> {
    let select = sea_query::Query::select()
        .column("owner")
        .from("sees")
        .and_where(Expr::col("viewer").eq(id.0))
        .and_where(Expr::col("owner").ne(id.0))
        .order_by("owner", Order::Asc)
        .limit(NAMED)
        .to_owned();
    tx.all(&select)?.iter().map(|row| row.get(0).map_err(Error::from)).collect()
}

fn one_object(cx: &Ctx, tx: &mut Read, object: &Object, who: &Who, active: bool) -> Result<Json> {
    let scope = Scope::Of(&who.viewer);
    let visible = if active { db::records::count(tx, &cx.meta.schema, object, &scope, None, None, Bin::Out)? } else { 0 };
    let mut by = Vec::new();
    if active && object.owned {
        let reach = db::access::reach(tx, object, &who.viewer)?;
        let counts = [
            ("owner", reach.own),
            ("below", reach.below),
            ("team", reach.team),
            ("share", reach.share),
            ("ownerless", reach.ownerless),
            ("pool", reach.pool),
            ("task", reach.task),
            ("approval", reach.approval),
        ];
        by.extend(counts.into_iter().filter(|(_, count)| *count > 0).map(|(why, count)| json!({"why": why, "count": count})));
    }
    // Fields that the caller himself may not know of are named to nobody by him.
    let known = object.fields.iter().filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    let (mut hidden, mut read_only) = (Vec::new(), Vec::new());
    for field in known.filter(|field| field.state.is_live()) {
        match who.rights.field(&object.key, field) {
            FieldAccess::Hidden => hidden.push(field.key.as_str()),
            FieldAccess::Read => read_only.push(field.key.as_str()),
            FieldAccess::Write => {}
        }
    }
    let acts: Vec<&str> = who.rights.acts(&object.key).into_iter().map(Act::key).collect();
    Ok(json!({
        "object": object.key, "base": object.base, "acts": acts, "visible": visible, "by": by, "hidden_fields": hidden,
        "read_only_fields": read_only,
    }))
}

/// A page of the records of an object that a person sees, newest first, each with every reason; those alone that the caller sees too.
pub fn seen_by(cx: &Ctx, tx: &mut Read, id: Id, object: &str, request: &SeenRequest) -> Result<Json> {
    let (who, person) = asked(cx, tx, id)?;
    let object = cx.object(object)?.clone();
    let sort = Sort { field: "created_at".into(), descending: true };
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let cursor = request.cursor.as_deref().map(|text| db::page::Cursor::decode(text, &sort).map_err(|_| strange())).transpose()?;
    let query = Query { condition: None, words: None, sort, cursor, limit: PAGE, bin: Bin::Out };
    let sees = person.active && who.rights.may(Act::Read, &object.key);
    let (mut records, next) = match sees {
        true => {
            let page = db::records::list(tx, &cx.meta.schema, &object, &Scope::Of(&who.viewer), &query).map_err(|error| match error {
                db::Error::Cursor => strange(),
                other => other.into(),
            })?;
            (page.records, page.next)
        }
        false => (Vec::new(), None),
    };
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let mine: BTreeSet<Id> = db::records::names(tx, &cx.meta.schema, &object, &cx.scope(), &ids)?.into_iter().map(|(id, _)| id).collect();
    records.retain(|record| mine.contains(&record.id));
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let facts = Facts::load(cx, tx, &object, &ids)?;
    let mut refs = Refs::default();
    let only: BTreeSet<String> = ["name", "owner", "stage"].map(str::to_owned).into();
    let items: Vec<Json> = records
        .iter()
        .map(|record| {
            let reasons = facts.reasons(&person, record.id);
            if !facts.hides_owner() {
                facts.owner(record.id).into_iter().for_each(|owner| refs.note("employee", owner));
            }
            let mut shown = show(cx, &object, record, Some(&only));
            shown["level"] = facts.level(&person, &reasons).map_or(Json::Null, |level| json!(level));
            shown["reasons"] = facts.show(&reasons, &mut refs).into();
            shown
        })
        .collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next.map(|cursor| cursor.encode())}))
}
