//! What an import costs under rules: 100,000 deals with their past, checked against 300,000 that are there for duplicates, and for how many
//! somebody may hold. Every row that stays out must say why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Instant as Moment;

use model::duplicate::rule::{Blank, Strict};
use model::duplicate::{DuplicateRule, Group, Kinds, Method, Row, Scope, Strictness};
use model::{Amount, Currency, Id, Instant, Money, Record, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, House, Limits, duplicates, holding, imports};
use testkit::companies;

use crate::Fallible;
use crate::data::{self, DAY, Market, SYSTEM, Seeded, WAY};
use crate::files::resident;
use crate::table::Column;
use crate::trying::on_processors;

/// Deals and customers that are there.
const THERE: usize = 300_000;
const CUSTOMERS: usize = 30_000;
const CHUNK: usize = 2_000;
/// Rows that come, and of them those that are compared by likeness.
const ROWS: usize = 100_000;
const ALIKE: usize = 20_000;
/// Every so many rows is a deal that is there already, or one written a little differently.
const AGAIN: usize = 50;
/// What is sold.
const SOLD: [&str; 20] = [
    "Framework agreement",
    "Support contract",
    "Licences",
    "Upgrade",
    "Pilot",
    "Maintenance",
    "Spare parts",
    "Training",
    "Migration",
    "Line 2",
    "Expansion",
    "Renewal",
    "Consulting days",
    "Retrofit",
    "Service level",
    "Pumps",
    "Valves",
    "Sensors",
    "Cabinets",
    "Rollout",
];

/// Measures one engine; with so many deals in place of all where that is wanted.
pub fn measure(house: &House, only: Option<usize>, column: &mut Column<'_>) -> Fallible<()> {
    let there = only.unwrap_or(THERE);
    let (rows, alike) = (ROWS * there / THERE, ALIKE * there / THERE);
    let market = data::market(house, 0)?;
    let ada = Credential::Person(market.people[0]);
    take_rules(house, &ada)?;
    let names = Names::new(there + rows + alike);
    let customers = customers(house, &market, CUSTOMERS * there / THERE)?;
    // Both rules from the beginning, so that what they find by is kept; each is asked alone.
    let exact = save(house, &ada, None, &exact(false))?;
    let fuzzy = save(house, &ada, None, &fuzzy(true))?;
    let began = Moment::now();
    fill(house, &market, &customers, &names, there)?;
    house.db().analyse()?;
    column.put("deals that are there", there.to_string());
    column.put("entered as rows, both rules' indexes kept, rows/s", format!("{:.0}", there as f64 / began.elapsed().as_secs_f64()));
    let taken = Taken { house, ada: &ada, market: &market, customers: customers.len(), names: &names, there };
    taken.measure("by likeness of the name alone", there..there + alike, true, column)?;

    duplicates_of(house, &ada, fuzzy)?;
    save(house, &ada, Some(exact), &self::exact(true))?;
    // So many that some people have none left in the course of the import.
    let limit = (there + rows * 9 / 10) / market.people.len();
    let rule =
        json!({"object": "opportunity", "name": "Each", "subject": {"kind": "employees"}, "limit": {"kind": "number", "number": limit}});
    let rule = serde_json::from_value(rule)?;
    house.write(&ada, Limits::default(), Via::Api, |cx, tx| holding::save(cx, tx, None, None, &rule))?;
    taken.measure("by the same name and customer, with a limit of each person", there + alike..there + alike + rows, false, column)
}

struct Taken<'a> {
    house: &'a House,
    ada: &'a Credential,
    market: &'a Market,
    customers: usize,
    names: &'a Names,
    there: usize,
}

impl Taken<'_> {
    fn measure(&self, what: &str, rows: std::ops::Range<usize>, slips: bool, column: &mut Column<'_>) -> Fallible<()> {
        let many = rows.len();
        let file = self.file(rows, slips);
        let options: imports::Options = serde_json::from_value(json!({
            "object": "opportunity", "mode": "insert", "keys": {"external_source": "old", "external_column": "id"},
            "mapping": {"id": null, "title": "name", "customer": "account", "owner": "owner", "stage": "stage",
                "begun": ["created_at", "stage_entered_at"], "value": "amount"},
            "references": {"owner": {"by": "code"}},
            "history": true, "currency": "USD", "duplicates": {"then": "refuse"},
        }))?;
        let (before, began, spent) = (resident(), Moment::now(), on_processors());
        let mut most = before;
        let told = imports::run_from(self.house, self.ada, &Via::Import.into(), &options, "deals.csv", file.as_bytes(), |_| {
            most = most.max(resident());
        })?;
        let (seconds, spent) = (began.elapsed().as_secs_f64(), on_processors() - spent);
        column.put(&format!("import checked {what}: rows"), many.to_string());
        column.put(&format!("import checked {what}: rows/s"), format!("{:.0}", many as f64 / seconds));
        column.put(
            &format!("import checked {what}: our own processor time a row (SQLite's included), ms"),
            format!("{:.3}", spent * 1e3 / many as f64),
        );
        column.put(&format!("import checked {what}: MB of memory more than before"), (most.saturating_sub(before) / 1024).to_string());
        column.put(&format!("import checked {what}: made / stayed out"), format!("{} / {}", told["created"], told["failed"]));
        let why = self.why(&told)?;
        let reasons: Vec<String> = why.codes.iter().map(|(code, rows)| format!("{code} {rows}")).collect();
        column.put(&format!("import checked {what}: rows by reason"), reasons.join(", "));
        let silent =
            told["failed"].as_u64().unwrap_or_default() as usize - why.rows.min(told["failed"].as_u64().unwrap_or_default() as usize);
        column.put(&format!("import checked {what}: rows that stayed out without a reason"), silent.to_string());
        Ok(())
    }

    /// Why rows stayed out.
    fn why(&self, told: &Json) -> Fallible<Why> {
        let id: Id = told["id"].as_str().and_then(|id| id.parse().ok()).ok_or("an import without an id")?;
        let text = imports::problems_text(self.house, self.ada, id)?;
        let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            if let [_, _, row, _, code, ..] = cells.as_slice() {
                lines.entry((*code).to_owned()).or_default().insert((*row).to_owned());
            }
        }
        let rows = lines.values().flatten().collect::<BTreeSet<_>>().len();
        Ok(Why { rows, codes: lines.into_iter().map(|(code, rows)| (code, rows.len())).collect() })
    }

    fn file(&self, rows: std::ops::Range<usize>, slips: bool) -> String {
        let mut seeded = Seeded(0x1a7e_0025_0000_0001);
        let mut text = String::from("id,title,customer,owner,stage,begun,value\n");
        let people = self.market.people.len();
        for n in rows {
            let again = n % AGAIN == 7;
            let of = if again { seeded.below(self.there) } else { n };
            let name = self.names.of(of);
            let name = if again && slips { slipped(&name) } else { name };
            let customer = if again { of % self.customers } else { seeded.below(self.customers) };
            let (owner, stage) = (seeded.below(people), WAY[n % WAY.len()]);
            let (month, day) = (1 + n % 9, 1 + n % 28);
            let _ = writeln!(
                text,
                "D{n},{name},Customer {customer},person{owner}@bench.example,{stage},2026-{month:02}-{day:02},{}.50",
                100 + n % 9000
            );
        }
        text
    }
}

struct Why {
    rows: usize,
    codes: Vec<(String, usize)>,
}

/// Names of deals: whom it is with, and what is sold; in an order in which each comes once.
struct Names {
    companies: Vec<String>,
    step: usize,
}

impl Names {
    fn new(many: usize) -> Names {
        let companies: Vec<String> = companies::crowd(many).into_iter().map(|name| name.replace([',', '"'], "")).collect();
        // A step that divides how many there are would come back to the first ones.
        let step = [7, 11, 13, 17, 19].into_iter().find(|step| !companies.len().is_multiple_of(*step)).unwrap_or(1);
        Names { companies, step }
    }

    fn of(&self, n: usize) -> String {
        format!("{} – {}", self.companies[n * self.step % self.companies.len()], SOLD[n * 13 % SOLD.len()])
    }
}

/// With two letters swapped.
fn slipped(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() > 4 {
        letters.swap(2, 3);
    }
    letters.into_iter().collect()
}

fn customers(house: &House, market: &Market, many: usize) -> Fallible<Vec<Id>> {
    let names: Vec<(usize, String)> = (0..many).map(|n| (n, format!("Customer {n}"))).collect();
    let mut ids = Vec::with_capacity(many);
    for some in names.chunks(CHUNK) {
        ids.extend(house.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| {
            let object = cx.meta.schema.object("account").ok_or(stagecraft_core::Error::NotFound)?.clone();
            let new = |(n, name): &(usize, String)| {
                let mut record = Record::new("account", cx.new_id());
                record.set("name", name.as_str());
                record.set("owner", market.people[n % market.people.len()]);
                record.set("lifecycle_status", "normal");
                record
            };
            let records: Vec<Record> = some.iter().map(new).collect();
            db::records::insert(tx, &object, &records)?;
            Ok(records.iter().map(|record| record.id).collect::<Vec<Id>>())
        })?);
    }
    Ok(ids)
}

fn fill(house: &House, market: &Market, customers: &[Id], names: &Names, many: usize) -> Fallible<()> {
    let meta = house.meta();
    let process = meta.processes.first().ok_or("there is no process")?.id.to_string();
    for from in (0..many).step_by(CHUNK) {
        house.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| {
            let object = cx.meta.schema.object("opportunity").ok_or(stagecraft_core::Error::NotFound)?.clone();
            let deals: Vec<Record> = (from..(from + CHUNK).min(many))
                .map(|n| {
                    let owner = n * 31 % market.people.len();
                    let mut deal = Record::new(&object.key, cx.new_id());
                    deal.set("name", names.of(n));
                    deal.set("account", customers[n % customers.len()]);
                    deal.set("owner", market.people[owner]);
                    deal.set("owner_department", market.departments[owner % market.departments.len()]);
                    deal.set("sales_process", process.clone());
                    deal.set("stage", WAY[n % WAY.len()]);
                    deal.set("amount", Money { amount: Amount((100 + n as i64 % 90_000) * 10_000), currency: Currency::USD });
                    deal.set("lifecycle_status", "normal");
                    deal.set("locked", false);
                    deal.set("created_at", Instant(cx.at.0 - (n as i64 % 300) * DAY));
                    deal
                })
                .collect();
            Ok(db::records::insert(tx, &object, &deals)?)
        })?;
    }
    Ok(())
}

/// Takes every shipped rule away.
fn take_rules(house: &House, ada: &Credential) -> Fallible<()> {
    let told = house.read(ada, Limits::default(), duplicates::list)?;
    let rules: Vec<DuplicateRule> = serde_json::from_value(told["items"].clone())?;
    rules.into_iter().try_for_each(|rule| duplicates_of(house, ada, rule.id))
}

fn duplicates_of(house: &House, ada: &Credential, rule: Id) -> Fallible<()> {
    Ok(house.write(ada, Limits::default(), Via::System, |cx, tx| duplicates::delete(cx, tx, rule, None)).map(drop)?)
}

fn save(house: &House, ada: &Credential, id: Option<Id>, rule: &DuplicateRule) -> Fallible<Id> {
    let wanted: duplicates::WantedRule = serde_json::from_value(serde_json::to_value(rule)?)?;
    let saved = house.write(ada, Limits::default(), Via::System, |cx, tx| duplicates::save(cx, tx, id, None, &wanted))?;
    Ok(serde_json::from_value::<DuplicateRule>(saved)?.id)
}

fn exact(judges: bool) -> DuplicateRule {
    rule("The same deal", judges, &[("name", Method::Exact), ("account", Method::Exact)])
}

fn fuzzy(judges: bool) -> DuplicateRule {
    rule("A deal of that name", judges, &[("name", Method::Fuzzy { threshold: 85 })])
}

fn rule(name: &str, judges: bool, rows: &[(&str, Method)]) -> DuplicateRule {
    let row = |(field, method): &(&str, Method)| Row {
        field: (*field).to_owned(),
        other: (*field).to_owned(),
        method: *method,
        blank: Blank::Never,
    };
    DuplicateRule {
        id: Id::SYSTEM,
        object: "opportunity".to_owned(),
        name: name.to_owned(),
        active: true,
        kinds: Kinds { new: false, import: judges, tool: true },
        when: None,
        scope: Scope::default(),
        groups: vec![Group { object: "opportunity".to_owned(), rows: rows.iter().map(row).collect() }],
        strictness: Strictness { new: Strict::ByMethod, import: Strict::ByMethod },
        exempt_roles: Vec::new(),
        shows: Vec::new(),
        most: 20,
        version: 0,
    }
}
