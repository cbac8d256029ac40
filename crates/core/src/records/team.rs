//! The team of a record: people who work on it, with read or read-write access.

use std::collections::BTreeSet;

use db::{Read, Write};
use model::organisation::MEMBER;
use model::role::Act;
use model::{Id, Number, Object, Record, Violation, Violations};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::Refs;
use crate::audit::{self, Note};
use crate::save::locks;
use crate::sight::Sight;
use crate::{Ctx, Error, Result, access};

/// One member.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamMember {
    pub person: String,
    /// One of the organisation's team roles; `member` when absent.
    #[serde(default)]
    pub role: Option<String>,
    /// `read` or `read_write`.
    pub access: String,
    /// Share of revenue in percent; all members together at most 100.
    #[serde(default)]
    pub share: Option<Json>,
}

/// The members of a record's team.
pub fn team(cx: &Ctx, tx: &mut Read, object: &str, id: Id) -> Result<Json> {
    let object = cx.object(object)?.clone();
    super::load(cx, tx, &object, id)?;
    if !object.owned {
        return Err(Error::NotFound);
    }
    let mut refs = Refs::default();
    let mut members = Vec::new();
    for (person, role, level, share) in members_of(tx, &object, id)? {
        refs.note("employee", person);
        let share = share.map(|share| share.to_string());
        members.push(json!({"person": person.to_string(), "role": role, "access": level, "share": share}));
    }
    let version = version_of(&members)?;
    Ok(json!({"members": members, "refs": refs.names(cx, tx)?, "version": version}))
}

/// What tells one team from another: the record's own version does not rise with its team.
fn version_of(members: &[Json]) -> Result<String> {
    let text = serde_json::to_string(members).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(crate::identity::digest(&text).chars().take(16).collect())
}

/// As [`set_team`], by somebody who has seen the team as of a version. Error: it is another one by now, which comes with the refusal.
pub fn set_team_seen(cx: &Ctx, tx: &mut Write, object: &str, id: Id, seen: Option<&str>, members: &[TeamMember]) -> Result<Json> {
    if let Some(seen) = seen {
        let object = cx.object(object)?;
        // Of two who come at once, the second waits here and finds the team of the first.
        tx.lock_rows(&[(object.rank, &object.key, vec![id])])?;
        let present = team(cx, tx, &object.key, id)?;
        if present["version"] != seen {
            return Err(Error::Conflict { record: Box::new(present) });
        }
    }
    set_team(cx, tx, object, id, members)
}

pub(crate) fn members_of(tx: &mut Read, object: &Object, id: Id) -> Result<Vec<Member>> {
    let rows = tx.all(
        Query::select()
            .columns(["principal", "role", "level", "share"])
            .from("grant_to")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").eq(id.0))
            .and_where(Expr::col("why").eq("team"))
            .order_by("principal", Order::Asc),
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<Option<i64>>(3)?.map(Number)))).collect()
}

/// Replaces the team.
pub fn set_team(cx: &Ctx, tx: &mut Write, object: &str, id: Id, members: &[TeamMember]) -> Result<Json> {
    let object = cx.object(object)?.clone();
    if !object.owned {
        return Err(Error::NotFound);
    }
    tx.lock_rows(&[(object.rank, &object.key, vec![id])])?;
    let record = super::load(cx, tx, &object, id)?;
    cx.attempts(Act::Team.key(), &object.key, Some((id, record.text("name"))));
    cx.must_be_allowed(Act::Team, &object.key)?;
    if !access::writable(cx, tx, &object, &[&record])?.contains(&id) {
        return Err(Error::Forbidden { act: "team".into(), object: object.key.clone() });
    }
    if record.text("lifecycle_status") == "voided" {
        return Err(Violation::new("record.voided", "").into());
    }
    if locks::stands_against(cx, locks::holder(cx, tx, &object, &record)?.as_ref()) {
        return Err(Violation::new("record.locked", "").into());
    }
    let played = played(tx, &object, id)?;
    let read = check(cx, tx, members, &played)?;
    replace(cx, tx, &object, &record, read)?;
    team(cx, tx, &object.key, id)
}

/// Writes another team and tells of it, for acts whose right was judged.
pub(crate) fn replace(cx: &Ctx, tx: &mut Write, object: &Object, record: &Record, mut read: Vec<Member>) -> Result<()> {
    let id = record.id;
    read.sort_by_key(|(person, ..)| *person);
    let sight = Sight::of(cx, tx, object, std::iter::once((Some(record), record)))?;
    let members_before = members_of(tx, object, id)?;
    tx.execute(
        Query::delete()
            .from_table("grant_to")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").eq(id.0))
            .and_where(Expr::col("why").eq("team")),
    )?;
    for (person, role, level, share) in &read {
        put(tx, object, id, *person, role, level, *share)?;
    }
    let told = |(person, role, level, share): &Member| json!({"person": person.to_string(), "role": role, "access": level, "share": share.map(|share| share.to_string())});
    let (was, is): (Vec<Json>, Vec<Json>) = (members_before.iter().map(told).collect(), read.iter().map(told).collect());
    if was != is {
        let note = Note::new(Act::Team.key(), "record").record(&object.key, id).subject(record.text("name"));
        audit::note(cx, tx, note.detail(json!({"old": was, "new": is})))?;
    }
    let (before, after) = sight.of_team(record, read.iter().map(|(person, ..)| *person));
    // Nothing of the record itself differs, but those who gained or lost sight of it must hear of it.
    db::outbox::insert(
        tx,
        &[db::outbox::Event {
            object: object.key.clone(),
            record: id,
            revision: record.revision,
            act: Act::Team.key().to_owned(),
            at: cx.at,
            by: cx.who.id,
            columns: vec!["team".to_owned()],
            before,
            after,
        }],
    )?;
    Ok(())
}

/// Gives a clone the team of the record that it was made from, apart from its own owner; who has left meanwhile stays behind.
pub(super) fn take_along(cx: &Ctx, tx: &mut Write, object: &Object, from: &Record, to: &Record) -> Result<()> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let members = members_of(tx, object, from.id)?;
    let ids: Vec<Id> = members.iter().map(|(person, ..)| *person).collect();
    let people = db::records::load(tx, &cx.meta.schema, employee, &cx.scope(), &ids)?;
    let active: BTreeSet<Id> = people.iter().filter(|person| crate::identity::is_active(person)).map(|person| person.id).collect();
    let members: Vec<TeamMember> = members
        .into_iter()
        .filter(|(person, ..)| active.contains(person) && Some(*person) != to.owner())
        .map(|(person, role, access, share)| TeamMember {
            person: person.to_string(),
            role: Some(role),
            access,
            share: share.map(|share| share.to_string().into()),
        })
        .collect();
    if members.is_empty() { Ok(()) } else { set_team(cx, tx, &object.key, to.id, &members).map(|_| ()) }
}

/// Lets somebody in who has asked, as an act of the caller on the team; a member who has more already keeps it.
pub(crate) fn let_in(cx: &Ctx, tx: &mut Write, object: &Object, record: Id, person: Id, level: &str) -> Result<()> {
    let mut members: Vec<TeamMember> = members_of(tx, object, record)?
        .into_iter()
        .map(|(person, role, access, share)| TeamMember {
            person: person.to_string(),
            role: Some(role),
            access,
            share: share.map(|share| share.to_string().into()),
        })
        .collect();
    match members.iter_mut().find(|member| member.person == person.to_string()) {
        Some(member) if level == "read_write" => member.access = level.to_owned(),
        Some(_) => return Ok(()),
        None => members.push(TeamMember { person: person.to_string(), role: None, access: level.to_owned(), share: None }),
    }
    set_team(cx, tx, &object.key, record, &members).map(|_| ())
}

/// Adds one person to the team, or changes his access; the role and the share that he has there stay.
pub(crate) fn add(tx: &mut Write, object: &Object, record: Id, person: Id, level: &str) -> Result<()> {
    let changed = tx.execute(
        Query::update()
            .table("grant_to")
            .value("level", level)
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").eq(record.0))
            .and_where(Expr::col("principal").eq(person.0))
            .and_where(Expr::col("why").eq("team")),
    )?;
    if changed == 0 { put(tx, object, record, person, MEMBER, level, None) } else { Ok(()) }
}

/// The team without one of its members, in whose place another may come: not the owner, and nobody who is in it already.
pub(crate) fn with_another(
    tx: &mut Read,
    object: &Object,
    record: Id,
    gone: Id,
    to: Option<Id>,
    owner: Option<Id>,
) -> Result<Vec<TeamMember>> {
    let members = members_of(tx, object, record)?;
    let comes = to.filter(|to| Some(*to) != owner && !members.iter().any(|(person, ..)| person == to));
    let left = members.into_iter().filter_map(|(person, role, access, share)| {
        let person = if person == gone { comes? } else { person };
        let share = share.map(|share| Json::from(share.to_string()));
        Some(TeamMember { person: person.to_string(), role: Some(role), access, share })
    });
    Ok(left.collect())
}

/// `read` or `read_write`.
pub(crate) fn check_level(level: &str, path: &str) -> Result<()> {
    match level {
        "read" | "read_write" => Ok(()),
        other => Err(Violation::new("field.not_an_option", path).with("value", other).with("options", vec!["read", "read_write"]).into()),
    }
}

/// A person with part, access and share.
pub(crate) type Member = (Id, String, String, Option<Number>);

fn check(cx: &Ctx, tx: &mut Read, members: &[TeamMember], played: &BTreeSet<String>) -> Result<Vec<Member>> {
    let mut found = Violations::new();
    let mut read: Vec<Member> = Vec::with_capacity(members.len());
    let mut total = 0_i64;
    for (i, member) in members.iter().enumerate() {
        let path = |field: &str| format!("members/{i}/{field}");
        let Ok(person) = member.person.parse::<Id>() else {
            found.push(Violation::new("field.reference_not_found", path("person")));
            continue;
        };
        if read.iter().any(|(other, ..)| *other == person) {
            found.push(Violation::new("field.not_unique", path("person")));
        }
        if let Err(Error::Invalid(list)) = check_level(&member.access, &path("access")) {
            found.extend(list);
        }
        let role = member.role.as_deref().map(str::trim).filter(|r| !r.is_empty()).unwrap_or(MEMBER);
        let open = cx.meta.organisation.team_roles.iter().any(|known| known.key == role && known.active);
        if !open && role != MEMBER && !played.contains(role) {
            let options: Vec<&str> = cx.meta.organisation.team_roles.iter().filter(|r| r.active).map(|r| r.key.as_str()).collect();
            found.push(Violation::new("field.not_an_option", path("role")).with("value", role).with("options", options));
        }
        let share = match &member.share {
            None | Some(Json::Null) => None,
            Some(json) => {
                let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
                let share = Number::parse(&text).filter(|n| (0..=Number::whole(100).0).contains(&n.0));
                if share.is_none() {
                    found.push(Violation::new("field.out_of_range", path("share")).with("min", 0).with("max", 100));
                }
                share
            }
        };
        total += share.map_or(0, |n| n.0);
        read.push((person, role.to_owned(), member.access.clone(), share));
    }
    if total > Number::whole(100).0 {
        found.push(Violation::new("team.share_over_100", "members").with("sum", Number(total).to_string()));
    }
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let ids: Vec<Id> = read.iter().map(|(person, ..)| *person).collect();
    let there: BTreeSet<Id> = db::records::names(tx, &cx.meta.schema, employee, &cx.scope(), &ids)?.into_iter().map(|(id, _)| id).collect();
    for (i, (person, ..)) in read.iter().enumerate().filter(|(_, (person, ..))| !there.contains(person)) {
        found.push(Violation::new("field.reference_not_found", format!("members/{i}/person")).with("id", person.to_string()));
    }
    if found.is_empty() { Ok(read) } else { Err(found.into()) }
}

/// The parts that members play already: those stay possible that are not offered any more.
fn played(tx: &mut Read, object: &Object, record: Id) -> Result<BTreeSet<String>> {
    let select = Query::select()
        .distinct()
        .column("role")
        .from("grant_to")
        .and_where(Expr::col("object").eq(object.key.as_str()))
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("why").eq("team"))
        .to_owned();
    let rows = tx.all(&select)?;
    let roles = rows.iter().map(|row| Ok(row.get::<Option<String>>(0)?)).collect::<Result<Vec<_>>>()?;
    Ok(roles.into_iter().flatten().collect())
}

/// True when a member of any team plays the part.
pub(crate) fn is_played(tx: &mut Read, role: &str) -> Result<bool> {
    let select = Query::select()
        .column("record")
        .from("grant_to")
        .and_where(Expr::col("why").eq("team"))
        .and_where(Expr::col("role").eq(role))
        .limit(1)
        .to_owned();
    Ok(tx.optional(&select)?.is_some())
}

fn put(tx: &mut Write, object: &Object, record: Id, person: Id, role: &str, level: &str, share: Option<Number>) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("grant_to")
            .columns(["object", "record", "principal", "why", "level", "role", "share"])
            .values_panic([
                object.key.as_str().into(),
                record.0.into(),
                person.0.into(),
                "team".into(),
                level.into(),
                role.into(),
                share.map(|n| n.0).into(),
            ])
            .on_conflict(
                OnConflict::columns(["object", "record", "principal", "why"]).update_columns(["level", "role", "share"]).to_owned(),
            ),
    )?;
    Ok(())
}
