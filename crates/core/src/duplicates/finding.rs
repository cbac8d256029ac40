//! Which records are alike: candidates from the index, judged by the rules, with the facts that telling of them takes.
//!
//! Records that are saved together count for each other in their order: [`Batch`] holds those that have passed so far.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Read;
use db::matching::By;
use db::records::Scope;
use model::duplicate::matching::{Surroundings, asked};
use model::duplicate::{DuplicateRule, Found, Kind, Method, Row, Verdict, judge};
use model::field::Kind as FieldKind;
use model::{Field, Id, Object, Record, Value};

use super::Live;
use super::batch::Batch;
use super::index;
use crate::{Ctx, Result, world};

/// Rules look at everything; what is told of it is decided when it is told.
const SCOPE: Scope<'static> = Scope::All("what is alike is looked for among all records");
/// Records that are looked up together: each may have hundreds of candidates.
const TOGETHER: usize = 100;

/// What a rule has found for a record.
#[derive(Clone, Debug)]
pub(crate) struct Hit<'r> {
    pub live: &'r Live,
    /// The strictest of what it found.
    pub verdict: Verdict,
    pub found: Vec<Found>,
}

/// Found records, and which of them the caller sees.
#[derive(Default)]
pub(crate) struct Facts {
    pub records: BTreeMap<(String, Id), Record>,
    pub visible: BTreeSet<(String, Id)>,
}

impl Facts {
    /// The record of a match.
    pub fn of(&self, found: &Found) -> Option<&Record> {
        self.records.get(&(found.object.clone(), found.record))
    }

    /// Reads the records of matches, as far as they are not known, and which of them the caller sees.
    pub fn learn(&mut self, cx: &Ctx, tx: &mut Read, met: &BTreeSet<(String, Id)>) -> Result<()> {
        self.take_in(cx, tx, met, |tx, object, ids| Ok(db::records::load(tx, &cx.meta.schema, object, &SCOPE, ids)?))
    }

    /// Reads of them no more than what they are called, and what decides who may know it.
    pub fn glance(&mut self, cx: &Ctx, tx: &mut Read, met: &BTreeSet<(String, Id)>) -> Result<()> {
        self.take_in(cx, tx, met, |tx, object, ids| {
            let named = model::search::name_field(object).map(|field| field.key.as_str());
            let keys = named.into_iter().chain(["owner", model::pool::FIELD, "lifecycle_status"]);
            let fields: Vec<&Field> = keys.filter_map(|key| object.field(key)).collect();
            Ok(db::records::load_fields(tx, object, &fields, ids)?)
        })
    }

    fn take_in(
        &mut self,
        cx: &Ctx,
        tx: &mut Read,
        met: &BTreeSet<(String, Id)>,
        read: impl Fn(&mut Read, &Object, &[Id]) -> Result<Vec<Record>>,
    ) -> Result<()> {
        let new: BTreeSet<(String, Id)> = met.iter().filter(|at| !self.records.contains_key(*at)).cloned().collect();
        for key in new.iter().map(|(key, _)| key).collect::<BTreeSet<_>>() {
            let Some(object) = cx.meta.schema.object(key) else { continue };
            let ids: Vec<Id> = new.iter().filter(|at| at.0 == *key).map(|(_, id)| *id).collect();
            self.records.extend(read(tx, object, &ids)?.into_iter().map(|record| ((key.clone(), record.id), record)));
        }
        see(cx, tx, &new, self)
    }

    /// Takes in a record of the caller's own making.
    fn know(&mut self, record: &Record) {
        let key = (record.object.clone(), record.id);
        self.visible.insert(key.clone());
        self.records.insert(key, record.clone());
    }

    /// True where the caller sees the record of a match.
    pub fn sees(&self, found: &Found) -> bool {
        self.visible.contains(&(found.object.clone(), found.record))
    }
}

/// What rules compare with besides the values.
pub(super) fn around(cx: &Ctx) -> Surroundings<'_> {
    Surroundings { country: &cx.meta.organisation.country }
}

/// What there is of records like these, by rule: for each of them what the rules that mean it have found, with the facts to tell it by. `meant`
/// says which rules mean a record, by their places.
pub(crate) fn found<'r>(
    cx: &Ctx,
    tx: &mut Read,
    rules: &[&'r Live],
    kind: Kind,
    records: &[(&Record, Vec<usize>)],
) -> Result<(Vec<Vec<Hit<'r>>>, Facts)> {
    let mut facts = Facts::default();
    let hits = hits(cx, tx, rules, kind, records, &mut facts)?;
    facts.learn(cx, tx, &met(hits.iter().flatten()))?;
    Ok((hits, facts))
}

/// The same, with no more facts than it takes to find it: most of what an import finds is told to nobody.
pub(super) fn hits<'r>(
    cx: &Ctx,
    tx: &mut Read,
    rules: &[&'r Live],
    kind: Kind,
    records: &[(&Record, Vec<usize>)],
    facts: &mut Facts,
) -> Result<Vec<Vec<Hit<'r>>>> {
    let mut all = Vec::with_capacity(records.len());
    for some in records.chunks(TOGETHER) {
        all.extend(some_found(cx, tx, rules, kind, some, facts)?);
    }
    Ok(all)
}

fn some_found<'r>(
    cx: &Ctx,
    tx: &mut Read,
    rules: &[&'r Live],
    kind: Kind,
    records: &[(&Record, Vec<usize>)],
    facts: &mut Facts,
) -> Result<Vec<Vec<Hit<'r>>>> {
    let wanted: Vec<(&DuplicateRule, &Record)> =
        records.iter().flat_map(|(record, meant)| meant.iter().map(|rule| (&rules[*rule].rule, *record))).collect();
    let mut ids = index::candidates(cx, tx, &wanted)?.into_iter();
    let mut together: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    // For each record what its rules have come by, by object.
    let mut asked: Vec<BTreeMap<&str, BTreeSet<Id>>> = Vec::with_capacity(records.len());
    for (_, meant) in records {
        let mut of_record: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
        for (key, ids) in ids.by_ref().take(meant.len()).flatten() {
            let Some(object) = cx.meta.schema.object(&key) else { continue };
            together.entry(&object.key).or_default().extend(&ids);
            of_record.entry(&object.key).or_default().extend(ids);
        }
        asked.push(of_record);
    }
    let mut loaded: HashMap<(&str, Id), Record> = HashMap::new();
    for (key, ids) in together {
        let Some(object) = cx.meta.schema.object(key) else { continue };
        let ids: Vec<Id> = ids.into_iter().collect();
        // Most of them are not alike: they are read no further than they are compared.
        let records = db::records::load_fields(tx, object, &compared(rules, object), &ids)?;
        loaded.extend(records.into_iter().map(|record| ((key, record.id), record)));
    }
    let mut all = Vec::with_capacity(records.len());
    for ((record, meant), of_record) in records.iter().zip(asked) {
        let candidates: BTreeMap<&str, Vec<&Record>> =
            of_record.into_iter().map(|(key, ids)| (key, ids.iter().filter_map(|id| loaded.get(&(key, *id))).collect())).collect();
        let judged = |rule: &usize| {
            let live = rules[*rule];
            (live, judge(&live.rule, kind, &cx.meta.schema, around(cx), record, &candidates))
        };
        all.push(meant.iter().map(judged).filter(|(_, found)| !found.is_empty()).collect::<Vec<_>>());
    }
    let scoped = all.iter().flatten().filter(|(live, _)| !live.rule.scope.unseen || live.rule.scope.condition.is_some());
    let scoped = scoped.flat_map(|(_, found)| found).map(|found| (found.object.clone(), found.record)).collect();
    facts.learn(cx, tx, &scoped)?;
    let mut hits = Vec::with_capacity(all.len());
    for of_record in all {
        let mut of_one = Vec::new();
        for (live, found) in of_record {
            let found = in_scope(cx, tx, live, found, facts)?;
            of_one.extend(hit(live, found));
        }
        hits.push(of_one);
    }
    Ok(hits)
}

/// The records that were met.
pub(super) fn met<'a, 'r: 'a>(hits: impl Iterator<Item = &'a Hit<'r>>) -> BTreeSet<(String, Id)> {
    hits.flat_map(|hit| &hit.found).map(|found| (found.object.clone(), found.record)).collect()
}

/// The fields of an object that rules compare, and by which they judge what is found.
pub(super) fn compared<'a>(rules: &[&Live], object: &'a Object) -> Vec<&'a Field> {
    let rows = rules.iter().flat_map(|live| &live.rule.groups).filter(|group| group.object == object.key).flat_map(|group| &group.rows);
    let keys: BTreeSet<&str> = rows.map(|row| row.other.as_str()).chain(["lifecycle_status"]).collect();
    keys.into_iter().filter_map(|key| object.field(key)).collect()
}

/// What a rule found, as one; nothing where it found nothing.
pub(super) fn hit(live: &Live, mut found: Vec<Found>) -> Option<Hit<'_>> {
    found.truncate(live.rule.most as usize);
    let verdict = found.iter().map(|found| found.verdict).max()?;
    Some(Hit { live, verdict, found })
}

fn see(cx: &Ctx, tx: &mut Read, met: &BTreeSet<(String, Id)>, facts: &mut Facts) -> Result<()> {
    let objects: BTreeSet<&String> = met.iter().map(|(object, _)| object).collect();
    for key in objects {
        // What his roles do not let him read he does not see.
        let Ok(object) = cx.object(key) else { continue };
        let ids: Vec<Id> = met.iter().filter(|(object, _)| object == key).map(|(_, id)| *id).collect();
        let seen = db::records::names(tx, &cx.meta.schema, object, &cx.scope(), &ids)?;
        facts.visible.extend(seen.into_iter().map(|(id, _)| (key.clone(), id)));
    }
    Ok(())
}

/// What of it lies in the rule's scope.
fn in_scope(cx: &Ctx, tx: &mut Read, live: &Live, found: Vec<Found>, facts: &Facts) -> Result<Vec<Found>> {
    let scope = &live.rule.scope;
    let kept = found.into_iter().filter(|found| (scope.voided || !found.voided) && (scope.unseen || facts.sees(found)));
    let mut found: Vec<Found> = kept.collect();
    if scope.condition.is_none() {
        return Ok(found);
    }
    let records: Vec<&Record> = found.iter().filter(|found| found.object == live.rule.object).filter_map(|found| facts.of(found)).collect();
    let world = world::around(cx, tx, &records, std::iter::once(&live.scope))?;
    let outside: BTreeSet<Id> = records.iter().filter(|record| !live.scope.holds(record, &world)).map(|record| record.id).collect();
    found.retain(|found| found.object != live.rule.object || !outside.contains(&found.record));
    Ok(found)
}

/// By what a row asks for candidates of a record.
pub(super) fn by(cx: &Ctx, own: &Object, row: &Row, record: &Record) -> Option<By> {
    let value = record.get(&row.field);
    if value.is_null() {
        return None;
    }
    let field = own.field(&row.field)?;
    if field.kind.kind() != FieldKind::Text {
        return matches!(row.method, Method::Exact).then(|| By::Value(value.clone()));
    }
    let side = model::duplicate::matching::Side { object: own, field, record };
    let asked = asked(row.method, side, around(cx))?;
    Some(By::Keys { kind: asked.kind, keys: asked.keys, shared: asked.least })
}

/// What of the records that passed before is like this one, beside what was found in the database; those of them that were found there too
/// have changed since.
pub(super) fn with_batch<'r>(
    cx: &Ctx,
    tx: &mut Read,
    kind: Kind,
    (record, meant): (&Record, &[usize]),
    rules: &[&'r Live],
    hits: Vec<Hit<'r>>,
    (batch, facts): (&Batch, &mut Facts),
) -> Result<Vec<Hit<'r>>> {
    if batch.is_empty() {
        return Ok(hits);
    }
    let mut all = Vec::new();
    for rule in meant {
        let live = rules[*rule];
        let stored = hits.iter().find(|hit| hit.live.rule.id == live.rule.id).map(|hit| hit.found.clone()).unwrap_or_default();
        let mut found: Vec<Found> = stored.into_iter().filter(|found| found.object != record.object || !batch.has(found.record)).collect();
        let own = batch.candidates(cx, *rule, live, record);
        if !own.is_empty() {
            let candidates = BTreeMap::from([(record.object.as_str(), own)]);
            let alike = judge(&live.rule, kind, &cx.meta.schema, around(cx), record, &candidates);
            alike.iter().filter_map(|found| batch.record(found.record)).for_each(|record| facts.know(record));
            found.extend(in_scope(cx, tx, live, alike, facts)?);
            found.sort_by_key(|one| (std::cmp::Reverse((one.verdict, one.score)), one.record));
        }
        all.extend(hit(live, found));
    }
    Ok(all)
}

/// A text for what is asked by: the same for values that are alike for certain.
pub(super) fn lock_key(by: &By) -> Option<String> {
    match by {
        By::Keys { kind, keys, .. } => keys.first().map(|key| format!("duplicate:{}:{key}", kind.key())),
        By::Value(Value::Ref(id)) => Some(format!("duplicate:ref:{id}")),
        By::Value(value) => Some(format!("duplicate:value:{value:?}")),
    }
}
