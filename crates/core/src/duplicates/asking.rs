//! Questions about duplicates: as one types, before one begins, about a record that is there. Nothing is stored by them.

use std::collections::BTreeSet;

use db::records::Scope;
use db::{Read, Write};
use model::duplicate::{DuplicateRule, Group, Kind, Row, Verdict};
use model::field::{FieldType, Kind as FieldKind};
use model::role::{Act, FieldAccess};
use model::{Id, Object, Record, Value, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::finding::{self, Facts, Hit};
use super::{Live, judging, overrides, telling};
use crate::audit::{self, Note};
use crate::records::{self, Refs};
use crate::{Ctx, Error, Result, veil, world};

/// Searches with the tool in an hour.
const PER_HOUR: i64 = 60;
/// Characters of what is looked for.
const LONGEST_TEXT: usize = 255;

/// The body of `POST /duplicates/check`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub object: String,
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// The record that is edited.
    #[serde(default)]
    pub id: Option<String>,
}

/// The body of `POST /duplicates/search`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    #[serde(default)]
    pub object: Option<String>,
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub text: Option<String>,
}

/// What the rules find of a record as it stands in a form. What cannot be read yet takes no part.
pub fn check(cx: &Ctx, tx: &mut Read, wanted: &Check) -> Result<Json> {
    let object = cx.object(&wanted.object)?.clone();
    let before = match &wanted.id {
        Some(id) => Some(records::load(cx, tx, &object, id.parse().map_err(|_| Error::NotFound)?)?),
        None => None,
    };
    cx.must_be_allowed(if before.is_some() { Act::Edit } else { Act::Create }, &object.key)?;
    let mut record = before.clone().unwrap_or_else(|| begun(cx, &object));
    fill(cx, &object, &wanted.fields, &mut record);
    let rules = askable(cx, judging::rules(cx, &object.key, Kind::New));
    let rules: Vec<&Live> = rules.iter().collect();
    let changes = |field: &str| before.as_ref().is_none_or(|before| before.get(field) != record.get(field));
    let concerned: Vec<usize> = (0..rules.len()).filter(|at| own_fields(&rules[*at].rule).iter().any(|field| changes(field))).collect();
    let meant = means(cx, tx, &rules, concerned, &record)?;
    let (mut found, facts) = finding::found(cx, tx, &rules, Kind::New, &[(&record, meant)])?;
    let mut answer = tell(cx, tx, &found.pop().unwrap_or_default(), &facts)?;
    let watched: BTreeSet<&str> = rules.iter().flat_map(|live| own_fields(&live.rule)).collect();
    answer["watched"] = json!(watched);
    Ok(answer)
}

/// Rules as far as a question may ask them: what compares, or looks at, a field that the caller may not know of would tell him by what it finds
/// what stands there, and questions are cheap. What he saves is judged by all of it.
fn askable(cx: &Ctx, rules: Vec<&Live>) -> Vec<Live> {
    let mut known: Vec<Live> = Vec::with_capacity(rules.len());
    for live in rules {
        let own = &live.rule.object;
        if live.rule.when.iter().chain(&live.rule.scope.condition).any(|condition| veil::hides_condition(cx, own, condition)) {
            continue;
        }
        let mut live = live.clone();
        let hides = |object: &str, row: &Row| veil::hides(cx, own, &row.field) || veil::hides(cx, object, &row.other);
        live.rule.groups.retain(|group| !group.rows.iter().any(|row| hides(&group.object, row)));
        if !live.rule.groups.is_empty() {
            known.push(live);
        }
    }
    known
}

/// A record that the rules for new records find to be like another, as the caller may know of it.
pub(crate) struct Alike {
    pub record: Record,
    verdict: Verdict,
    /// `{rule, verdict, score, reasons}`.
    pub told: Json,
}

impl Alike {
    /// The greater, the more it says.
    pub fn rank(&self) -> (Verdict, u64) {
        (self.verdict, self.told["score"].as_u64().unwrap_or(0))
    }

    /// True where another field than this one is alike.
    pub fn says_more_than(&self, field: &str) -> bool {
        self.told["reasons"].as_array().into_iter().flatten().any(|reason| reason["field"] != field)
    }
}

/// What is like a record, there or about to be, of those that the caller sees.
pub(crate) fn alike(cx: &Ctx, tx: &mut Read, record: &Record) -> Result<Vec<Alike>> {
    let rules = askable(cx, judging::rules(cx, &record.object, Kind::New));
    let rules: Vec<&Live> = rules.iter().collect();
    let meant = means(cx, tx, &rules, (0..rules.len()).collect(), record)?;
    let (found, facts) = finding::found(cx, tx, &rules, Kind::New, &[(record, meant)])?;
    let mut all = Vec::new();
    for hit in found.iter().flatten() {
        let told = telling::show(cx, hit, &facts, &mut Refs::default());
        for one in hit.found.iter().filter(|one| facts.sees(one)) {
            let Some(record) = facts.of(one) else { continue };
            let matched = told["matches"].as_array().into_iter().flatten().find(|shown| shown["id"] == one.record.to_string());
            let Some(shown) = matched else { continue };
            let told = json!({"rule": told["rule"], "verdict": shown["verdict"], "score": shown["score"], "reasons": shown["reasons"]});
            all.push(Alike { record: record.clone(), verdict: judging::verdict(cx, hit.live, one.verdict), told });
        }
    }
    Ok(all)
}

fn own_fields(rule: &DuplicateRule) -> BTreeSet<&str> {
    rule.groups.iter().flat_map(|group| &group.rows).map(|row| row.field.as_str()).collect()
}

/// A record that the caller is about to make.
pub(crate) fn begun(cx: &Ctx, object: &Object) -> Record {
    let mut record = Record::new(&object.key, Id::SYSTEM);
    record.set("created_at", cx.at);
    record.set("created_by", cx.who.id);
    record.set("lifecycle_status", "normal");
    if object.owned {
        record.set("owner", cx.who.id);
    }
    record
}

fn fill(cx: &Ctx, object: &Object, fields: &Map<String, Json>, record: &mut Record) {
    for (key, json) in fields {
        let field = object.field(key).filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
        if let Some(Ok(value)) = field.map(|field| field.parse(json, cx.meta.organisation.main_currency)) {
            record.set(key, value);
        }
    }
}

/// Those of the rules whose trigger means the record.
fn means(cx: &Ctx, tx: &mut Read, rules: &[&Live], concerned: Vec<usize>, record: &Record) -> Result<Vec<usize>> {
    let world = world::around(cx, tx, &[record], concerned.iter().map(|rule| &rules[*rule].when))?;
    Ok(concerned.into_iter().filter(|rule| rules[*rule].when.holds(record, &world)).collect())
}

fn tell(cx: &Ctx, tx: &mut Read, hits: &[Hit<'_>], facts: &Facts) -> Result<Json> {
    let mut refs = Refs::default();
    let items: Vec<Json> = hits.iter().map(|hit| telling::show(cx, hit, facts, &mut refs)).collect();
    let verdict: Option<Verdict> = hits.iter().map(|hit| judging::verdict(cx, hit.live, hit.verdict)).max();
    Ok(json!({"items": items, "verdict": telling::word(verdict), "refs": refs.names(cx, tx)?}))
}

/// Counts a search with the tool and notes it in the trace, before it is done. Errors: no right; too many within an hour.
pub fn note_search(cx: &Ctx, tx: &mut Write, wanted: &Search) -> Result<()> {
    searched(cx, wanted)?;
    let (hour, second) = (cx.at.0 / 3_600_000_000, cx.at.0 / 1_000_000 % 3_600);
    let person = format!("duplicate_tool:{}:", cx.who.id);
    let key = format!("{person}{hour}");
    tx.execute(
        Query::delete().from_table("counter").and_where(Expr::col("key").gte(person.as_str())).and_where(Expr::col("key").lt(key.as_str())),
    )?;
    let count = tx.returning(
        Query::insert()
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic([key.as_str().into(), 1_i64.into()])
            .on_conflict(OnConflict::column("key").value("n", Expr::col(("counter", "n")).add(1_i64)).to_owned())
            .returning_col("n"),
    )?;
    let n: i64 = count.first().map_or(Ok(1), |row| row.get("n"))?;
    if n > PER_HOUR {
        return Err(Error::TooMany { code: "duplicate.too_often", retry_after: u64::try_from(3_600 - second).unwrap_or(3_600) });
    }
    let looked_for = wanted.text.clone().map_or_else(|| json!(wanted.fields), Json::from);
    let note = Note::new("search", "duplicate").detail(json!({ "for": looked_for }));
    audit::note(
        cx,
        tx,
        match &wanted.object {
            Some(object) => note.of(object),
            None => note,
        },
    )
}

/// The objects in which a search looks. Errors: none of them is open to the caller, or it says nothing to look for.
fn searched<'a>(cx: &'a Ctx, wanted: &Search) -> Result<Vec<&'a Object>> {
    let text = wanted.text.as_deref().map(str::trim).unwrap_or("");
    if text.is_empty() && (wanted.fields.is_empty() || wanted.object.is_none()) {
        return Err(Violation::new("field.required", if wanted.fields.is_empty() { "text" } else { "object" }).into());
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Violation::new("field.too_long", "text").with("max", LONGEST_TEXT).into());
    }
    if let Some(object) = &wanted.object {
        let object = cx.object(object)?;
        cx.must_be_allowed(Act::DuplicateTool, &object.key)?;
        return Ok(vec![object]);
    }
    let of_rules: BTreeSet<&str> =
        cx.meta.duplicate_rules.iter().filter(|live| live.rule.kinds.tool).map(|live| live.rule.object.as_str()).collect();
    let readable = cx.meta.order.iter().filter(|key| of_rules.contains(key.as_str())).filter_map(|key| cx.object(key).ok());
    let objects: Vec<&Object> = readable.filter(|object| cx.who.rights.may(Act::DuplicateTool, &object.key)).collect();
    let tool = || cx.meta.schema.objects().any(|object| cx.who.rights.may(Act::DuplicateTool, &object.key));
    if objects.is_empty() && !tool() {
        return Err(Error::Forbidden { act: Act::DuplicateTool.key().to_owned(), object: "duplicate".to_owned() });
    }
    Ok(objects)
}

/// What there is of what one knows, across the objects that rules of the tool judge.
pub fn search(cx: &Ctx, tx: &mut Read, wanted: &Search) -> Result<Json> {
    let objects: Vec<Object> = searched(cx, wanted)?.into_iter().cloned().collect();
    let (mut hits, mut facts): (Vec<(Live, Verdict, Vec<model::duplicate::Found>)>, Facts) = (Vec::new(), Facts::default());
    let mut known: BTreeSet<(String, Id)> = BTreeSet::new();
    for object in &objects {
        let (rules, record) = match wanted.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => by_text(cx, object, text),
            None => {
                let mut record = begun(cx, object);
                fill(cx, object, &wanted.fields, &mut record);
                (askable(cx, judging::rules(cx, &object.key, Kind::Tool)), record)
            }
        };
        let rules: Vec<&Live> = rules.iter().collect();
        let all = (0..rules.len()).collect();
        // What one knows is not all of it, so a trigger cannot be judged: every rule of the tool looks.
        let (found, more) = finding::found(cx, tx, &rules, Kind::Tool, &[(&record, all)])?;
        facts.records.extend(more.records);
        facts.visible.extend(more.visible);
        for hit in found.into_iter().flatten() {
            // Once is enough, by whichever rule.
            let new = hit.found.into_iter().filter(|found| known.insert((found.object.clone(), found.record))).collect::<Vec<_>>();
            if !new.is_empty() {
                hits.push((hit.live.clone(), hit.verdict, new));
            }
        }
    }
    let hits: Vec<Hit<'_>> = hits.iter().map(|(live, verdict, found)| Hit { live, verdict: *verdict, found: found.clone() }).collect();
    tell(cx, tx, &hits, &facts)
}

/// A text tried as name, phone, e-mail and page: every row of a rule that compares such fields looks by itself.
fn by_text(cx: &Ctx, object: &Object, text: &str) -> (Vec<Live>, Record) {
    let mut record = begun(cx, object);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = |kind: &FieldType| match kind {
        FieldType::Email => text.contains('@'),
        FieldType::Phone => digits >= 5 && !text.contains('@'),
        FieldType::Url => text.contains('.') && !text.contains(char::is_whitespace),
        FieldType::Text { .. } => !text.contains('@'),
        _ => false,
    };
    let mut rules: Vec<Live> = judging::rules(cx, &object.key, Kind::Tool).into_iter().cloned().collect();
    rules.retain(|live| !live.rule.scope.condition.iter().any(|condition| veil::hides_condition(cx, &object.key, condition)));
    for live in &mut rules {
        let rows = live.rule.groups.iter().flat_map(|group| group.rows.iter().map(|row| (group.object.clone(), row.clone())));
        let own = |row: &model::duplicate::Row| object.field(&row.field).filter(|field| field.kind.kind() == FieldKind::Text);
        let known = |of: &str, row: &Row| !veil::hides(cx, &object.key, &row.field) && !veil::hides(cx, of, &row.other);
        let tried = rows.filter(|(of, row)| known(of, row) && own(row).is_some_and(|field| fits(&field.kind)));
        let groups: Vec<Group> = tried.map(|(object, row)| Group { object, rows: vec![row] }).collect();
        for row in groups.iter().flat_map(|group| &group.rows) {
            record.set(&row.field, Value::Text(text.to_owned()));
        }
        live.rule.groups = groups;
    }
    rules.retain(|live| !live.rule.groups.is_empty());
    (rules, record)
}

/// Over which matches a record went on, and what is alike now.
pub fn of_record(cx: &Ctx, tx: &mut Read, object: &str, id: Id) -> Result<Json> {
    let object = cx.object(object)?.clone();
    let record = records::load(cx, tx, &object, id)?;
    let mut refs = Refs::default();
    let mut items = Vec::new();
    for happened in overrides::happened(cx, tx, &object.key, id)? {
        refs.note("employee", happened.by);
        for mut one in happened.matches {
            (one["id"], one["at"], one["by"]) =
                (happened.id.to_string().into(), happened.at.to_string().into(), happened.by.to_string().into());
            items.push(one);
        }
    }
    let rules = askable(cx, judging::rules(cx, &object.key, Kind::New));
    let rules: Vec<&Live> = rules.iter().collect();
    let meant = means(cx, tx, &rules, (0..rules.len()).collect(), &record)?;
    let (mut found, facts) = finding::found(cx, tx, &rules, Kind::New, &[(&record, meant)])?;
    let now: Vec<Json> = found.pop().unwrap_or_default().iter().map(|hit| telling::show(cx, hit, &facts, &mut refs)).collect();
    Ok(json!({"items": items, "alike": now, "refs": refs.names(cx, tx)?}))
}

/// What a rule, not saved yet, would find among the records that there are; administrators only.
pub fn preview(cx: &Ctx, tx: &mut Read, wanted: &super::WantedRule) -> Result<Json> {
    /// Records that are tried: the latest.
    const TRIED: u64 = 500;
    /// Pairs that are told.
    const TOLD: usize = 20;
    cx.administrators_only("read", "duplicate_rule")?;
    let rule = super::document::read(cx, &cx.meta, wanted, cx.new_id(), 0)?;
    let rule = DuplicateRule { active: true, ..rule };
    let object = cx.object(&rule.object)?.clone();
    let Some(live) = Live::of(rule, String::new(), &cx.system_reading()) else {
        return Ok(json!({"matches": 0, "tried": 0, "examples": []}));
    };
    let ids = latest(tx, &object, TRIED)?;
    let tried = db::records::load(tx, &cx.meta.schema, &object, &Scope::All("a rule is tried on the records that there are"), &ids)?;
    let world = world::around(cx, tx, &tried.iter().collect::<Vec<_>>(), std::iter::once(&live.when))?;
    let probes: Vec<(&Record, Vec<usize>)> =
        tried.iter().filter(|record| live.when.holds(record, &world)).map(|record| (record, vec![0])).collect();
    let (found, facts) = finding::found(cx, tx, &[&live], Kind::New, &probes)?;
    let (mut pairs, mut refs, mut examples) = (BTreeSet::new(), Refs::default(), Vec::new());
    for ((record, _), hits) in probes.iter().zip(&found) {
        for one in hits.iter().flat_map(|hit| &hit.found) {
            // Two that are alike are one match, whichever is looked at.
            if !pairs.insert((record.id.min(one.record), record.id.max(one.record))) || examples.len() >= TOLD {
                continue;
            }
            refs.note(&object.key, record.id);
            if facts.sees(one) {
                refs.note(&one.object, one.record);
            }
            let reasons: Vec<Json> =
                one.reasons.iter().map(|reason| json!({"field": reason.field, "other": reason.other, "score": reason.score})).collect();
            examples.push(json!({
                "record": record.id.to_string(), "object": one.object, "other": one.record.to_string(), "score": one.score, "reasons": reasons,
            }));
        }
    }
    Ok(json!({"matches": pairs.len(), "tried": probes.len(), "examples": examples, "refs": refs.names(cx, tx)?}))
}

fn latest(tx: &mut Read, object: &Object, limit: u64) -> Result<Vec<Id>> {
    Ok(db::records::latest_ids(tx, object, limit)?)
}
