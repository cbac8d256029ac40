//! What is measured on a filled database.

use std::time::{Duration, Instant as Moment};

use db::journal;
use model::{Amount, Currency, Id, Money, Via};
use serde_json::json;
use stagecraft_core::processes::{BoardRequest, MoveStage, board, move_stage, save_process};
use stagecraft_core::records::{Create, ListRequest, Update, create, list, update};
use stagecraft_core::search::{SearchRequest, fill_object, search};
use stagecraft_core::stage_tasks::{self, Complete};
use stagecraft_core::{Credential, House, Limits, Result, views};

use crate::Fallible;
use crate::data::{Data, Size, fill};
use crate::engines::Place;
use crate::files;
use crate::table::Column;

/// How often each work is done.
const WRITES: usize = 300;
const READS: usize = 200;

/// Fills a database and measures everything on it.
pub fn measure(place: &Place, size: Size, column: &mut Column<'_>) -> Fallible<()> {
    let house = place.open()?;
    let data = fill(&house, size)?;
    column.put("load, with history: rows a second", format!("{:.0}", size.opportunities() as f64 / data.seconds));
    reads(&house, &data, column)?;
    finding(&house, &data, column)?;
    entering(&house, column)?;
    files::measure(&house, &data, column)?;
    drop(house);
    writes(place, &data, column)
}

/// Durations in their order.
pub struct Times(Vec<Duration>);

impl Times {
    pub fn of(times: usize, mut work: impl FnMut(usize) -> Fallible<()>) -> Fallible<Times> {
        let mut taken = Vec::with_capacity(times);
        // A few first ones fill caches and prepare statements, as in a server that has been up for a minute.
        for n in 0..times + 10 {
            let began = Moment::now();
            work(n)?;
            if n >= 10 {
                taken.push(began.elapsed());
            }
        }
        taken.sort_unstable();
        Ok(Times(taken))
    }

    fn at(&self, percent: usize) -> f64 {
        self.0[(self.0.len() - 1) * percent / 100].as_secs_f64() * 1_000.0
    }

    /// In milliseconds.
    pub fn median(&self) -> f64 {
        self.at(50)
    }

    /// Median and 99th percentile, in milliseconds.
    pub fn show(&self) -> String {
        format!("{:.2} / {:.2}", self.at(50), self.at(99))
    }
}

fn reads(house: &House, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let people = [("a salesperson", data.salesperson), ("a manager of 200", data.manager), ("one who sees all", data.sees_all)];
    for (who, person) in people {
        let credential = Credential::Person(person);
        let page = ListRequest { sort: Some("-stage_entered_at".into()), ..ListRequest::default() };
        let times =
            Times::of(READS, |_| Ok(house.read(&credential, Limits::default(), |cx, tx| list(cx, tx, "opportunity", &page)).map(drop)?))?;
        column.put(&format!("list page for {who}, ms"), times.show());
    }
    for (who, person) in people {
        let credential = Credential::Person(person);
        let times = Times::of(READS / 4, |_| {
            Ok(house.read(&credential, Limits::default(), |cx, tx| board(cx, tx, &BoardRequest::default())).map(drop)?)
        })?;
        column.put(&format!("board with totals for {who}, ms"), times.show());
    }
    let credential = Credential::Person(data.manager);
    for (what, sort) in [("an amount", "-amount"), ("the expected close", "expected_close_date"), ("a name", "name")] {
        let document = json!({
            "object": "opportunity", "name": what, "sort": sort, "columns": ["account", "amount", "stage"],
            "filter": {"all": [
                {"field": "account.sector", "op": "eq", "value": crate::data::SECTORS[0]},
                {"field": "stage_type", "op": "eq", "value": "in_progress"},
            ]},
        });
        let document = serde_json::from_value(document)?;
        let saved = house.write(&credential, Limits::default(), Via::Api, |cx, tx| views::save(cx, tx, None, None, &document))?;
        let view = ListRequest { view: saved["id"].as_str().map(str::to_owned), ..ListRequest::default() };
        let times =
            Times::of(READS, |_| Ok(house.read(&credential, Limits::default(), |cx, tx| list(cx, tx, "opportunity", &view)).map(drop)?))?;
        column.put(&format!("view filtered across a reference, by {what}, for a manager of 200, ms"), times.show());
    }
    let mine = json!({"all": [{"field": "owner", "op": "is_me"}, {"field": "stage_type", "op": "eq", "value": "in_progress"}]});
    let next = ListRequest { filter: Some(mine.to_string()), sort: Some("expected_close_date".into()), ..ListRequest::default() };
    let credential = Credential::Person(data.heavy);
    let times =
        Times::of(READS, |_| Ok(house.read(&credential, Limits::default(), |cx, tx| list(cx, tx, "opportunity", &next)).map(drop)?))?;
    column.put("“my next 50” of one with a tenth of all deals, ms", times.show());
    Ok(())
}

/// What somebody types: a search at every key. The words of the generated names are in all of them, which is as common as words can be.
const TYPED: [&str; 5] = ["deal 4217", "customer 77", "with", "person 19", "department 4"];

fn finding(house: &House, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let keys: Vec<String> = TYPED.iter().flat_map(|text| (1..=text.len()).map(|end| text[..end].trim_end().to_owned())).collect();
    for (who, person) in [("a salesperson", data.salesperson), ("a manager of 200", data.manager), ("one who sees all", data.sees_all)] {
        let credential = Credential::Person(person);
        let times = Times::of(keys.len() * 5, |n| {
            let wanted = SearchRequest { q: keys[n % keys.len()].clone(), ..SearchRequest::default() };
            Ok(house.read(&credential, Limits::default(), |cx, tx| search(cx, tx, &wanted)).map(drop)?)
        })?;
        column.put(&format!("search at every key for {who}, ms"), times.show());
        let page = ListRequest { q: Some("customer 77".into()), count: Some("exact".into()), ..ListRequest::default() };
        let times = Times::of(READS / 4, |_| {
            Ok(house.read(&credential, Limits::default(), |cx, tx| list(cx, tx, "opportunity", &page)).map(drop)?)
        })?;
        column.put(&format!("list page by words, counted, for {who}, ms"), times.show());
    }
    Ok(())
}

/// As a database from before the index is entered into it.
fn entering(house: &House, column: &mut Column<'_>) -> Fallible<()> {
    let meta = house.meta();
    let deals = meta.schema.object("opportunity").ok_or("there are no deals")?;
    let began = Moment::now();
    fill_object(house.db(), &meta.schema, deals, None)?;
    column.put("entering the words of all deals anew, s", format!("{:.1}", began.elapsed().as_secs_f64()));
    Ok(())
}

/// One act in its own transaction, with the number of its statements.
type Act<'a> = dyn FnMut(&House, usize) -> Result<u32> + 'a;

fn writes(place: &Place, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let credential = Credential::Person(data.salesperson);
    let mut made: Vec<Id> = Vec::new();
    let money = |n: usize| json!({"amount": format!("{}.25", 1_000 + n), "currency": "USD"});
    let create_one = |house: &House, n: usize| {
        let fields =
            json!({"name": format!("New deal {n}"), "account": data.accounts[n % data.accounts.len()].to_string(), "amount": money(n)});
        let fields = fields.as_object().cloned().unwrap_or_default();
        let wanted = Create { fields, external_ids: Vec::new(), reason: None, skip_approval: false, dry_run: false };
        house.write(&credential, Limits::default(), Via::Api, |cx, tx| {
            let answer = create(cx, tx, "opportunity", &wanted)?;
            Ok((answer["record"]["id"].as_str().and_then(|id| id.parse::<Id>().ok()), tx.statements()))
        })
    };
    one(place, column, "create", &mut |house, n| {
        let (id, statements) = create_one(house, n)?;
        made.extend(id);
        Ok(statements)
    })?;
    one(place, column, "edit of the amount", &mut |house, n| {
        let fields =
            json!({"amount": Money { amount: Amount((n as i64 + 7) * 10_000), currency: Currency::USD }.amount.show(Currency::USD)});
        let fields = fields.as_object().cloned().unwrap_or_default();
        let wanted = Update { fields, reason: None, stage_reason: None, skip_approval: false, dry_run: false };
        house.write(&credential, Limits::default(), Via::Api, |cx, tx| {
            update(cx, tx, "opportunity", made[n % made.len()], None, &wanted)?;
            Ok(tx.statements())
        })
    })?;
    one(place, column, "move", &mut |house, n| {
        let wanted = MoveStage { stage: "qualification".into(), ..MoveStage::default() };
        house.write(&credential, Limits::default(), Via::Api, |cx, tx| {
            move_stage(cx, tx, made[n], None, &wanted)?;
            Ok(tx.statements())
        })
    })?;
    through_gates(place, &credential, data, column)
}

/// A process in which a deal leaves three tasks behind, finds three before it, and goes through five gates between.
fn gated() -> serde_json::Value {
    let task = |key: &str| json!({"key": key, "name": key, "act": {"kind": "checklist_item"}});
    json!({
        "name": "With gates", "precedence": 90, "stages": [
            {
                "stage": "prospecting", "tasks": [task("a"), task("b"), task("c")],
                "completion_condition": {"field": "next_step", "op": "is_not_empty"},
            },
            {"stage": "qualification", "allow_skip": true},
            {
                "stage": "proposal", "tasks": [task("d"), task("e"), task("f")], "required_fields": ["expected_close_date"],
                "entry_condition": {"field": "account.name", "op": "is_not_empty"},
            },
            {"stage": "won"}, {"stage": "lost"},
        ],
    })
}

/// A move through all that a stage may ask for.
fn through_gates(place: &Place, credential: &Credential, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let house = place.open()?;
    let system = Credential::System("a process to measure");
    let saved = house.write(&system, Limits::default(), Via::System, |cx, tx| save_process(cx, tx, None, None, &gated(), false))?;
    let ticked: Complete = serde_json::from_value(json!({}))?;
    let mut ready = Vec::with_capacity(WRITES + 10);
    for n in 0..WRITES + 10 {
        let account = data.accounts[n % data.accounts.len()].to_string();
        let fields =
            json!({"name": format!("Gated {n}"), "account": account, "next_step": "Call", "sales_process": saved["process"]["id"]});
        let fields = fields.as_object().cloned().unwrap_or_default();
        let wanted = Create { fields, external_ids: Vec::new(), reason: None, skip_approval: false, dry_run: false };
        let id = house.write(credential, Limits::default(), Via::Api, |cx, tx| {
            let made = create(cx, tx, "opportunity", &wanted)?;
            let id: Id = made["record"]["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(Id::SYSTEM);
            Ok(id)
        })?;
        let tasks = house.read(credential, Limits::default(), |cx, tx| stage_tasks::list(cx, tx, id))?;
        for task in tasks["items"].as_array().into_iter().flatten() {
            let task: Id = task["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(Id::SYSTEM);
            house.write(credential, Limits::default(), Via::Api, |cx, tx| stage_tasks::complete(cx, tx, task, None, &ticked))?;
        }
        ready.push(id);
    }
    drop(house);
    let fields = json!({"expected_close_date": "2027-03-01"}).as_object().cloned().unwrap_or_default();
    let wanted = MoveStage { stage: "proposal".into(), fields, ..MoveStage::default() };
    one(place, column, "move through five gates, three tasks done, three arising", &mut |house, n| {
        house.write(credential, Limits::default(), Via::Api, |cx, tx| {
            move_stage(cx, tx, ready[n], None, &wanted)?;
            Ok(tx.statements())
        })
    })
}

/// Times an act, counts its statements, and sets it against the same statements alone on a copy of the data.
fn one(place: &Place, column: &mut Column<'_>, name: &str, act: &mut Act<'_>) -> Fallible<()> {
    // Nobody is connected while the data are copied.
    let copy = place.copy()?;
    let house = place.open()?;
    let (mut statements, mut logs) = (Vec::new(), Vec::new());
    let times = Times::of(WRITES, |n| {
        journal::begin();
        let done = act(&house, n);
        logs.push(journal::end());
        statements.push(done?);
        Ok(())
    })?;
    drop(house);
    column.put(&format!("{name}, ms"), times.show());
    // The first of all reads the metadata and the people; the one in the middle tells what each costs.
    statements.sort_unstable();
    column.put(&format!("{name}: statements"), statements[statements.len() / 2].to_string());
    if let Some(copy) = copy {
        let alone = Times::of(WRITES, |n| Ok(copy.replay(&logs[n])?))?;
        column.put(&format!("{name}: against its statements alone"), format!("{:.1} ×", times.at(50) / alone.at(50)));
    }
    Ok(())
}
