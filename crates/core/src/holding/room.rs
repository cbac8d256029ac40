//! Is there room? Asked beforehand: for a form, for those among whom records are spread, and for whoever wonders why he cannot have one.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::{Bin, Query, Sort};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::holding::Subject;
use model::role::Act;
use model::{Id, Object, Record, Value};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::live::Live;
use super::places::{self, Place};
use super::{standing, told};
use crate::records::{self, Refs};
use crate::{Ctx, Error, Result, veil, world};

/// Records of one question.
const MOST: usize = 1_000;
/// Records that are named as those that would free room.
const FREES: usize = 3;

/// The body of `POST /holdings/check`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub object: String,
    /// Who would get it; oneself when absent.
    #[serde(default)]
    pub person: Option<String>,
    /// A record that might be.
    #[serde(default)]
    pub fields: Option<Map<String, Json>>,
    /// Records that are there.
    #[serde(default)]
    pub records: Option<Vec<String>>,
    /// For one more under this rule alone, whatever it is: what a refusal is followed up by.
    #[serde(default)]
    pub rule: Option<String>,
}

/// The least room of each of these people for an average record of an object; whoever is under no limit is left out.
pub(crate) fn room_of(cx: &Ctx, tx: &mut Read, object: &str, people: &[Id]) -> Result<BTreeMap<Id, i64>> {
    places::least(cx, tx, object, people)
}

/// Those of these people who have no room for a record beside those that are being given to somebody together with it.
pub(crate) fn full(cx: &Ctx, tx: &mut Read, record: &Record, people: &[Id], given: &[(Record, Id)]) -> Result<BTreeSet<Id>> {
    let live = cx.meta.holding.live(&record.object);
    if live.is_empty() || people.is_empty() {
        return Ok(BTreeSet::new());
    }
    let states: Vec<&Record> = given.iter().map(|(other, _)| other).chain([record]).collect();
    let world = world::around(cx, tx, &states, live.iter().map(|live| &live.counts))?;
    let rules: Vec<&Live> = live.iter().filter(|live| live.counts.holds(record, &world)).collect();
    if rules.is_empty() {
        return Ok(BTreeSet::new());
    }
    let standing = standing::of(cx, tx)?;
    let places = places::of(cx, tx, &standing, &rules, people)?;
    let given_to = |place: &Place<'_>| {
        let his = |to: Id| match place.is_shared() {
            true => standing.shared(&place.live.rule.subject, to).contains(&place.subject),
            false => to == place.subject,
        };
        given.iter().filter(|(other, to)| his(*to) && place.live.counts.holds(other, &world)).count() as i64
    };
    let is_full = |place: &&Place<'_>| place.left().is_some_and(|left| left - given_to(place) < 1);
    Ok(places.iter().filter(is_full).map(|place| place.person).collect())
}

/// `POST /holdings/check`: whether somebody could get a record, or several, under every rule that counts one of them; with what would free room.
pub fn check(cx: &Ctx, tx: &mut Read, asked: &Asked) -> Result<Json> {
    let object = cx.object(&asked.object)?.clone();
    let person = match &asked.person {
        None => cx.who.id,
        Some(id) => id.parse().map_err(|_| Error::NotFound)?,
    };
    let gives = [Act::ChangeOwner, Act::Assign].iter().any(|act| cx.who.rights.may(*act, &object.key));
    if !object.owned || (person != cx.who.id && !gives) {
        return Err(Error::NotFound);
    }
    let wanted = wanted(cx, tx, &object, asked)?;
    let live = cx.meta.holding.live(&object.key);
    let alone = asked.rule.as_ref().map(|id| known_rule(cx, live, id)).transpose()?;
    let states: Vec<&Record> = wanted.iter().flatten().collect();
    let world = world::around(cx, tx, &states, live.iter().map(|live| &live.counts))?;
    // So many more would be his; one that is his already, or of those with whom he is limited, is none.
    let standing = standing::of(cx, tx)?;
    let gained = |live: &Live, record: &Record| {
        let others = |owner: Id| match &live.rule.subject {
            Subject::Employees { .. } => owner == person,
            shared => {
                let mine = standing.shared(shared, person);
                !mine.is_empty() && mine.iter().all(|subject| standing.shared(shared, owner).contains(subject))
            }
        };
        live.counts.holds(record, &world) && !record.owner().is_some_and(others)
    };
    let many = |live: &Live| match (&wanted, alone) {
        (_, Some(rule)) => i64::from(live.rule.id == rule),
        (None, _) => i64::from(live.rule.counts.is_none()),
        (Some(records), _) => records.iter().filter(|record| gained(live, record)).count() as i64,
    };
    let looks = |live: &&Live| match (&wanted, alone) {
        (_, Some(rule)) => live.rule.id == rule,
        (None, _) => live.rule.counts.is_none(),
        (Some(records), _) => records.iter().any(|record| live.counts.holds(record, &world)),
    };
    let rules: Vec<(&Live, i64)> = live.iter().filter(looks).map(|live| (live, many(live))).collect();
    let mut places = places::of(cx, tx, &standing, &rules.iter().map(|(live, _)| *live).collect::<Vec<_>>(), &[person])?;
    let asked_of = |place: &Place<'_>| rules.iter().find(|(live, _)| live.rule.id == place.live.rule.id).map_or(0, |(_, many)| *many);
    let is_full = |place: &Place<'_>| asked_of(place) > 0 && place.left().is_some_and(|left| left < asked_of(place));
    places.sort_by_key(|place| (!is_full(place), place.left().unwrap_or(i64::MAX), place.limit, place.live.rule.id));
    let (mut refs, mut told_rules) = (Refs::default(), Vec::new());
    let known: Vec<&Place<'_>> = places.iter().filter(|place| told::is_known(cx, &place.live.rule)).collect();
    for place in &known {
        told_rules.push(super::mine::shown(cx, place, &mut refs, Some(asked_of(place))));
    }
    let frees = match known.first().filter(|place| is_full(place)) {
        Some(place) => frees(cx, tx, &object, place)?,
        None => Vec::new(),
    };
    Ok(json!({"allowed": !places.iter().any(is_full), "rules": told_rules, "frees": frees, "refs": refs.names(cx, tx)?}))
}

/// A rule of which the caller may know.
fn known_rule(cx: &Ctx, live: &[Live], id: &str) -> Result<Id> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let known = live.iter().any(|live| live.rule.id == id && told::is_known(cx, &live.rule));
    if known { Ok(id) } else { Err(Error::NotFound) }
}

/// The records that are asked about; none: a record of which nothing is known.
fn wanted(cx: &Ctx, tx: &mut Read, object: &Object, asked: &Asked) -> Result<Option<Vec<Record>>> {
    if let Some(ids) = &asked.records {
        if ids.len() > MOST {
            return Err(model::Violation::new("bulk.too_many", "records").with("max", MOST).into());
        }
        let ids: Vec<Id> = ids.iter().map(|id| id.parse().map_err(|_| Error::NotFound)).collect::<Result<_>>()?;
        return Ok(Some(db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?));
    }
    let Some(fields) = &asked.fields else { return Ok(None) };
    let mut record = Record::new(&object.key, Id::SYSTEM);
    record.set("lifecycle_status", "normal");
    if crate::processes::concerns(object) {
        record.set("stage_type", "in_progress");
    }
    for field in &object.fields {
        if let Some(default) = &field.default
            && let Ok(value) = field.parse(default, cx.meta.organisation.main_currency)
        {
            record.set(&field.key, value);
        }
    }
    for (key, value) in records::read_fields(cx, object, fields)? {
        if let Some(money) = value.as_money()
            && let Some(rate) = cx.meta.rates.on(money.currency, cx.today())
            && let Some(main) = cx.meta.rates.at_rate(money.amount, rate)
        {
            record.mains.insert(key.clone(), main);
        }
        record.set(&key, value);
    }
    Ok(Some(vec![record]))
}

/// What of a person's records counts under a rule and was followed up least lately: as far as the caller sees them.
fn frees(cx: &Ctx, tx: &mut Read, object: &Object, place: &Place<'_>) -> Result<Vec<Json>> {
    let test = |field: &str, kind: Kind, check: Check| {
        Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
    };
    let known = |field: &str| object.field(field).is_some() && !veil::hides(cx, &object.key, field);
    let followed = known("last_followed_at");
    let his = test("owner", Kind::Ref, Check::Equal(Value::Ref(place.person)));
    // What nobody has ever followed up is as stale as it is old.
    let sorts: &[(Option<Check>, &str)] = match followed {
        true => &[(Some(Check::Empty), "created_at"), (None, "last_followed_at")],
        false => &[(None, "created_at")],
    };
    let mut found: Vec<(model::Instant, Record)> = Vec::new();
    for (check, sort) in sorts {
        let mut parts = vec![place.live.counts.clone(), his.clone()];
        parts.extend(check.clone().map(|check| test("last_followed_at", Kind::Instant, check)));
        let condition = Resolved::All(parts);
        let sort = Sort { field: (*sort).to_owned(), descending: false };
        let query = Query { condition: Some(&condition), words: None, sort, cursor: None, limit: FREES as u32, bin: Bin::Too };
        let page = db::records::list(tx, &cx.meta.schema, object, &cx.scope(), &query)?;
        for record in page.records {
            let since = if followed { record.get("last_followed_at").as_instant() } else { None };
            let since = since.or(record.get("created_at").as_instant()).unwrap_or_default();
            if found.iter().all(|(_, other)| other.id != record.id) {
                found.push((since, record));
            }
        }
    }
    found.sort_by_key(|(since, record)| (*since, record.id));
    found.truncate(FREES);
    let name = model::search::name_field(object).map(|field| field.key.clone()).filter(|name| known(name));
    let told = |(since, record): &(model::Instant, Record)| {
        let shown = |field: &str| match record.get(field) {
            _ if !known(field) => Json::Null,
            Value::Text(text) => json!(text),
            Value::Instant(at) => json!(at.to_string()),
            _ => Json::Null,
        };
        json!({
            "id": record.id.to_string(), "name": name.as_ref().map(|name| record.text(name)),
            "stale_since": if followed || known("created_at") { json!(since.to_string()) } else { Json::Null },
            "last_followed_at": shown("last_followed_at"), "stage": shown("stage"),
        })
    };
    Ok(found.iter().map(told).collect())
}
