//! What it costs to find alike records, and how many of them are found, among many accounts.

use std::collections::BTreeMap;
use std::time::Instant as Moment;

use db::Engine;
use db::records::Scope;
use model::duplicate::matching::{Side, Surroundings, compare};
use model::duplicate::{DuplicateRule, Kind, Method};
use model::{Field, Id, Object, Record, Via};
use sea_query::{Expr, ExprTrait, Query};
use stagecraft_core::duplicates::{self, index};
use stagecraft_core::{Credential, Ctx, House, Limits, jobs};
use testkit::companies::{self, Half};

use crate::Fallible;
use crate::data::{self, SYSTEM, change};
use crate::files::resident;
use crate::table::Column;
use crate::trying;

/// Accounts entered in one transaction, as an import does.
const CHUNK: usize = 500;
/// Pairs of every kind that are looked for.
const EACH: usize = 20;
/// Of them those that are also looked for among all accounts.
const SCANNED: usize = 60;
/// Accounts that are entered through saves, to time those.
const SAVED: usize = 5_000;
/// Matches that a rule tells at most.
const MOST: usize = 20;
const ALL: Scope<'static> = Scope::All("the benchmark");

/// Measures with so many accounts.
pub fn measure(house: &House, accounts: usize, column: &mut Column<'_>) -> Fallible<()> {
    let market = data::market(house, 0)?;
    let (owner, ada) = (market.people[20], Credential::Person(market.people[0]));
    let pairs: Vec<companies::Pair> = companies::pairs(Half::HeldOut, EACH).into_iter().filter(|pair| pair.same).collect();
    let mut names = companies::crowd(accounts - pairs.len());
    names.extend(pairs.iter().map(|pair| pair.name.clone()));

    // Some of them from before there was a rule.
    let shipped = take_rules(house, &ada)?;
    settle(house)?;
    let (before, rest) = names.split_at(SAVED.min(names.len() / 3));
    let (saved, rest) = rest.split_at(before.len());
    let plain = fill(house, owner, before)?;
    let rule = give_rule(house, &ada, &shipped)?;
    let began = Moment::now();
    settle(house)?;
    let filled = before.len() as f64 / began.elapsed().as_secs_f64();
    let rows = enter(house, owner, rest)?;
    house.db().analyse()?;
    let kept = fill(house, owner, saved)?;
    column.put("accounts", names.len().to_string());
    column.put("saves of an import, without a rule, rows/s", format!("{plain:.0}"));
    column.put("saves of an import, with the index kept, rows/s", format!("{kept:.0}"));
    column.put("rows alone, with the index kept, rows/s", format!("{rows:.0}"));
    column.put("older records entered by the job, which rests half of the time, rows/s", format!("{filled:.0}"));
    column.put("entries", house.read(&SYSTEM, Limits::default(), |_, tx| count(tx))?.to_string());
    column.put("index on disk, MB", format!("{:.0}", size(house)? as f64 / 1e6));

    let mut found: Vec<Vec<Id>> = Vec::new();
    let mut candidates = 0;
    let took = times(house, &rule, &pairs, |(ids, looked_at)| {
        candidates += looked_at;
        found.push(ids);
    })?;
    let (whole, own): (Vec<f64>, Vec<f64>) = took.into_iter().unzip();
    column.put("fuzzy check, ms: median / 99th percentile", told(whole));
    column.put("of it our own processor time (SQLite's included), ms", told(own));
    column.put("candidates that are compared, on average", (candidates / pairs.len()).to_string());
    let before = resident();
    let began = Moment::now();
    let remembered = index::remember(house, "account", Kind::Tool, 1_000_000)?.ok_or("so few names are not read into memory")?;
    column.put("names read into memory for a job, s", format!("{:.1}", began.elapsed().as_secs_f64()));
    column.put("memory that they take, MB", (resident().saturating_sub(before) / 1024).to_string());
    let (from_memory, _) = import(house, &rule, &pairs, Some(&remembered))?;
    let scanned = scan(house, &rule, &pairs)?;
    column.put("share of what a full scan finds", scanned.share(&found));
    column.put("share of it, found from memory", scanned.share(&from_memory));
    column.put("a full scan on one core, ms", format!("{:.0}", scanned.ms));
    for (what, rule, memory) in [
        ("exact rows alone", &only(&rule, true), None),
        ("exact and fuzzy rows, by the index", &rule, None),
        ("exact and fuzzy rows, from memory", &rule, Some(&remembered)),
    ] {
        column.put(&format!("check of an import, {what}, rows/s"), format!("{:.0}", import(house, rule, &pairs, memory)?.1));
    }
    Ok(())
}

/// Takes every rule away; that of accounts.
fn take_rules(house: &House, ada: &Credential) -> Fallible<DuplicateRule> {
    let told = house.read(ada, Limits::default(), duplicates::list)?;
    let rules: Vec<DuplicateRule> = serde_json::from_value(told["items"].clone())?;
    for rule in &rules {
        house.write(ada, Limits::default(), Via::System, |cx, tx| duplicates::delete(cx, tx, rule.id, None))?;
    }
    rules.into_iter().find(|rule| rule.object == "account").ok_or_else(|| "there is no rule for accounts".into())
}

/// The shipped rule, judging no save: what is measured is the index.
fn give_rule(house: &House, ada: &Credential, shipped: &DuplicateRule) -> Fallible<DuplicateRule> {
    let mut wanted = serde_json::to_value(shipped)?;
    wanted["kinds"] = serde_json::json!({"new": false, "import": false, "tool": true});
    let wanted: duplicates::WantedRule = serde_json::from_value(wanted)?;
    let saved = house.write(ada, Limits::default(), Via::System, |cx, tx| duplicates::save(cx, tx, None, None, &wanted))?;
    Ok(serde_json::from_value(saved)?)
}

fn only(rule: &DuplicateRule, exact: bool) -> DuplicateRule {
    let mut rule = rule.clone();
    rule.groups.retain(|group| group.rows.iter().all(|row| matches!(row.method, Method::Exact) == exact));
    rule
}

fn settle(house: &House) -> Fallible<()> {
    while jobs::work(house)? {}
    Ok(())
}

/// Enters accounts through the same saves as everything else; rows a second.
fn fill(house: &House, owner: Id, names: &[String]) -> Fallible<f64> {
    let began = Moment::now();
    for part in names.chunks(CHUNK) {
        let changes = part.iter().map(|name| change("account", vec![("name", name.clone().into()), ("owner", owner.into())]));
        data::put(house, "account", changes.collect())?;
    }
    Ok(names.len() as f64 / began.elapsed().as_secs_f64())
}

/// Enters accounts as rows, with their entries.
fn enter(house: &House, owner: Id, names: &[String]) -> Fallible<f64> {
    let began = Moment::now();
    for part in names.chunks(2 * CHUNK) {
        house.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| {
            let object = cx.meta.schema.object("account").ok_or(stagecraft_core::Error::NotFound)?.clone();
            let new = |name: &String| {
                let mut record = Record { id: cx.new_id(), ..typed(name) };
                record.set("owner", owner);
                record.set("lifecycle_status", "active");
                record
            };
            Ok(db::records::insert(tx, &object, &part.iter().map(new).collect::<Vec<_>>())?)
        })?;
    }
    Ok(names.len() as f64 / began.elapsed().as_secs_f64())
}

/// A record as it is typed.
fn typed(name: &str) -> Record {
    let mut record = Record::new("account", Id::SYSTEM);
    record.set("name", name);
    record
}

/// The records that are alike, the most alike first, and how many were looked at.
fn alike(cx: &Ctx, tx: &mut db::Read, rule: &DuplicateRule, records: &[Record]) -> stagecraft_core::Result<Vec<(Vec<Id>, usize)>> {
    let wanted: Vec<(&DuplicateRule, &Record)> = records.iter().map(|record| (rule, record)).collect();
    let candidates = index::candidates(cx, tx, &wanted)?;
    let object = cx.meta.schema.object("account").ok_or(stagecraft_core::Error::NotFound)?.clone();
    let mut ids: Vec<Id> = candidates.iter().flat_map(|found| found.get("account").into_iter().flatten()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let compared: Vec<&Field> = ["name", "lifecycle_status"].iter().filter_map(|key| object.field(key)).collect();
    let loaded = db::records::load_fields(tx, &object, &compared, &ids)?;
    let loaded: BTreeMap<Id, &Record> = loaded.iter().map(|record| (record.id, record)).collect();
    let of_one = |(record, found): (&Record, &BTreeMap<String, Vec<Id>>)| {
        let others: Vec<&Record> = found.get("account").into_iter().flatten().filter_map(|id| loaded.get(id).copied()).collect();
        (best(&object, &cx.meta.organisation.country, rule, record, others.iter().copied()), others.len())
    };
    Ok(records.iter().zip(&candidates).map(of_one).collect())
}

fn best<'a>(object: &Object, country: &str, rule: &DuplicateRule, record: &Record, others: impl Iterator<Item = &'a Record>) -> Vec<Id> {
    let mut scored: Vec<(u8, Id)> = others
        .filter_map(|other| {
            let of_group = |group: &model::duplicate::Group| -> Option<u8> {
                let row = group.rows.first()?;
                let field = object.field(&row.field)?;
                compare(row, Side { object, field, record }, Side { object, field, record: other }, Surroundings { country })
            };
            Some((rule.groups.iter().filter_map(of_group).max()?, other.id))
        })
        .collect();
    scored.sort_unstable_by(|a, b| b.cmp(a));
    scored.truncate(MOST);
    scored.into_iter().map(|(_, id)| id).collect()
}

fn times(
    house: &House,
    rule: &DuplicateRule,
    pairs: &[companies::Pair],
    mut each: impl FnMut((Vec<Id>, usize)),
) -> Fallible<Vec<(f64, f64)>> {
    let mut took = Vec::new();
    for pair in pairs {
        let record = [typed(&pair.other)];
        let (began, on) = (Moment::now(), trying::on_the_processor());
        let mut found = house.read(&SYSTEM, Limits::default(), |cx, tx| alike(cx, tx, rule, &record))?;
        took.push((began.elapsed().as_secs_f64() * 1e3, (trying::on_the_processor() - on) * 1e3));
        each(found.remove(0));
    }
    Ok(took)
}

fn told(mut took: Vec<f64>) -> String {
    took.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| took.get(((took.len() as f64 * share) as usize).min(took.len().saturating_sub(1))).copied().unwrap_or_default();
    format!("{:.2} / {:.2}", at(0.5), at(0.99))
}

/// What comparing with every account finds for some of the pairs.
struct Scanned {
    found: BTreeMap<usize, Vec<Id>>,
    /// How long one takes.
    ms: f64,
}

impl Scanned {
    /// How much of it was found.
    fn share(&self, found: &[Vec<Id>]) -> String {
        let due: usize = self.found.values().map(Vec::len).sum();
        let there: usize = self.found.iter().map(|(at, ids)| ids.iter().filter(|id| found[*at].contains(id)).count()).sum();
        format!("{:.2} % of {due}", there as f64 * 100.0 / due.max(1) as f64)
    }
}

fn scan(house: &House, rule: &DuplicateRule, pairs: &[companies::Pair]) -> Fallible<Scanned> {
    let (object, country, all) = house.read(&SYSTEM, Limits::default(), |cx, tx| {
        let object = cx.meta.schema.object("account").ok_or(stagecraft_core::Error::NotFound)?.clone();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let ids = db::records::ids_after(tx, &object, after, 5000)?;
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            let names = db::records::names(tx, &cx.meta.schema, &object, &ALL, &ids)?;
            all.extend(names.into_iter().map(|(id, name)| Record { id, ..typed(&name) }));
        }
        Ok((object, cx.meta.organisation.country.clone(), all))
    })?;
    let step = pairs.len().div_ceil(SCANNED).max(1);
    let chosen: Vec<usize> = (0..pairs.len()).step_by(step).collect();
    let scan = |places: &[usize]| -> Vec<(usize, Vec<Id>)> {
        places.iter().map(|at| (*at, best(&object, &country, rule, &typed(&pairs[*at].other), all.iter()))).collect()
    };
    let (a, b) = chosen.split_at(chosen.len() / 2);
    let began = Moment::now();
    let found = std::thread::scope(|threads| {
        let first = threads.spawn(|| scan(a));
        let second = scan(b);
        first.join().unwrap_or_default().into_iter().chain(second).collect()
    });
    Ok(Scanned { found, ms: began.elapsed().as_secs_f64() * 1e3 / b.len().max(1) as f64 })
}

/// What is found when many are looked for together, and rows a second.
fn import(
    house: &House,
    rule: &DuplicateRule,
    pairs: &[companies::Pair],
    remembered: Option<&index::Remembered>,
) -> Fallible<(Vec<Vec<Id>>, f64)> {
    let records: Vec<Record> = pairs.iter().map(|pair| typed(&pair.other)).collect();
    let mut found = Vec::new();
    let began = Moment::now();
    for part in records.chunks(200) {
        let some = house.read(&SYSTEM, Limits::default(), |cx, tx| alike(&cx.remembering(remembered), tx, rule, part))?;
        found.extend(some.into_iter().map(|(ids, _)| ids));
    }
    Ok((found, records.len() as f64 / began.elapsed().as_secs_f64()))
}

fn count(tx: &mut db::Read) -> stagecraft_core::Result<i64> {
    Ok(tx.one(Query::select().expr(Expr::cust("COUNT(1)")).from("match_entry"))?.get(0)?)
}

/// Bytes of the index on the disk.
fn size(house: &House) -> Fallible<i64> {
    let select = match house.db().engine() {
        Engine::Sqlite => {
            Query::select().expr(Expr::cust("SUM(pgsize)")).from("dbstat").and_where(Expr::col("name").eq("match_entry")).to_owned()
        }
        Engine::Postgres => Query::select().expr(Expr::cust("pg_total_relation_size('match_entry')")).to_owned(),
    };
    Ok(house.read(&SYSTEM, Limits::default(), |_, tx| Ok(tx.one(&select)?.get(0)?))?)
}
