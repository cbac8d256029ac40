//! L: a million opportunities, entered as rows and not through saves, so that it takes minutes. Figures are reckoned as `save` does; history,
//! events and stays are left out, since neither lists nor boards nor search read them.

use model::field::Choice;
use model::process::figures::{Occasion, derive};
use model::process::{Process, StageRules};
use model::{Amount, Currency, Id, Instant, Money, Object, Record, Value, Via};
use sea_query::Value as Sql;
use stagecraft_core::organisation::{AddRate, add_rate};
use stagecraft_core::{House, Limits};

use crate::Fallible;
use crate::data::{COMPANY, DAY, Data, Market, SECTORS, SYSTEM, Seeded, Size, Staff, WAY, customer, staff};

/// Rows in one transaction, and chunks after which SQLite's log is let go into the file.
const REST_EVERY: usize = 5;
const CHUNK: usize = 10_000;
/// Customers of whom what is measured makes use.
const FOUND: u64 = 1_000;
/// What the salesperson has, and the one with many.
const OWN: usize = 500;
const HEAVY: usize = 10_000;
/// Every so many deals have somebody else in the team.
const TEAM_EVERY: usize = 5;
/// A share gives every so many deals to the division of the manager.
const SHARED_EVERY: usize = 500;

/// What is the same for every deal.
struct Frame<'a> {
    object: &'a Object,
    process: &'a Process,
    stages: Vec<(&'a Choice, StageRules)>,
    rates: &'a model::money::Rates,
    departments: Vec<Id>,
    market: &'a Market,
    now: Instant,
}

/// Fills an empty database, or finds who is who in one that was filled before.
pub fn fill_or_find(house: &House, size: Size) -> Fallible<Data> {
    fill_for(house, size, COMPANY)
}

/// The same for a company of another size.
pub fn fill_for(house: &House, size: Size, company: Staff) -> Fallible<Data> {
    let wanted = size.opportunities();
    let meta = house.meta();
    let object = meta.schema.object("opportunity").ok_or("there are no deals")?.clone();
    let there = house.read(&SYSTEM, Limits::default(), |_, tx| Ok(db::records::size(tx, &object)?))?;
    // Some may have been added by what was measured on it before.
    if (wanted..wanted + wanted / 100).contains(&(there as usize)) {
        // There may be indexes that were not there when it was filled.
        house.db().analyse()?;
        return find(house, company);
    }
    if there != 0 {
        return Err("the database is neither empty nor filled to the end: remove it".into());
    }
    let began = std::time::Instant::now();
    for (currency, rate) in [("EUR", "1.1"), ("JPY", "0.0065")] {
        let rate = AddRate { currency: currency.into(), day: "2020-01-01".into(), rate: rate.into() };
        house.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| add_rate(cx, tx, &rate))?;
    }
    let mut market = staff(house, company)?;
    customers(house, &mut market, wanted / 10)?;
    eprintln!("  people and customers: {:.0} s", began.elapsed().as_secs_f64());
    // Rows go in many times faster without indexes, which are built at the end.
    db::ddl::prune_indexes(house.db(), &Object { fields: Vec::new(), indexes: Vec::new(), ..object.as_ref().clone() })?;
    let began = std::time::Instant::now();
    deals(house, &object, &market, wanted)?;
    eprintln!("  deals: {:.0} s", began.elapsed().as_secs_f64());
    let began = std::time::Instant::now();
    db::ddl::ensure(house.db(), &object)?;
    house.db().analyse()?;
    eprintln!("  indexes and counts: {:.0} s", began.elapsed().as_secs_f64());
    find(house, company)
}

/// A customer for every ten deals, without being compared with all the others that are called almost the same.
fn customers(house: &House, market: &mut Market, wanted: usize) -> Fallible<()> {
    let object = house.meta().schema.object("account").ok_or("there are no customers")?.clone();
    let now = house.read(&SYSTEM, Limits::default(), |cx, _| Ok(cx.at))?;
    let mut seeded = Seeded(0x5eed_0002_0260_0002);
    for from in (0..wanted).step_by(CHUNK) {
        let rows: Vec<Record> = (from..wanted.min(from + CHUNK))
            .map(|n| {
                let at = n % market.people.len();
                let mut account = Record::new(&object.key, Id::from_parts(now.0 as u64 / 1_000, seeded.bytes()));
                account.set("name", customer(n));
                account.set("sector", SECTORS[n % SECTORS.len()]);
                account.set("owner", market.people[at]);
                account.set("owner_department", market.departments[at % market.departments.len()]);
                account.set("lifecycle_status", "normal");
                account.set("locked", false);
                for by in ["created_by", "updated_by"] {
                    account.set(by, market.people[at]);
                }
                for when in ["created_at", "updated_at"] {
                    account.set(when, now);
                }
                account
            })
            .collect();
        house.db().write_with::<_, stagecraft_core::Error>(patient(), |tx| Ok(db::records::insert(tx, &object, &rows)?))?;
        market.accounts.extend(rows.iter().map(|account| account.id));
    }
    Ok(())
}

/// Many rows at once, and perhaps a machine that has other things to do.
fn patient() -> Limits {
    Limits { deadline: Some(std::time::Instant::now() + std::time::Duration::from_secs(600)), ..Limits::default() }
}

fn deals(house: &House, object: &Object, market: &Market, wanted: usize) -> Fallible<()> {
    let meta = house.meta();
    let process = meta.processes.first().ok_or("there is no process")?;
    let options = object.options("stage");
    let stages =
        process.stages.iter().filter_map(|rules| Some((options.iter().find(|option| option.key == rules.stage)?, rules.clone()))).collect();
    let now = house.read(&SYSTEM, Limits::default(), |cx, _| Ok(cx.at))?;
    let departments = (0..market.people.len()).map(|n| market.departments[n % market.departments.len()]).collect();
    let frame = Frame { object, process, stages, rates: &meta.rates, departments, market, now };
    let mut seeded = Seeded(0x5eed_0002_0260_0001);
    let mut n = 0;
    while n < wanted {
        let until = (n + CHUNK).min(wanted);
        let mut grants = Vec::new();
        let deals: Vec<Record> = (n..until).map(|n| frame.deal(n, wanted, &mut seeded, &mut grants)).collect();
        house.db().write_with::<_, stagecraft_core::Error>(patient(), |tx| {
            db::records::insert(tx, object, &deals)?;
            tx.insert_rows("grant_to", &["object", "record", "principal", "level", "why"], grants.clone())?;
            Ok(())
        })?;
        n = until;
        if n % (CHUNK * REST_EVERY) == 0 {
            std::thread::sleep(std::time::Duration::from_millis(800));
        }
    }
    Ok(())
}

impl Frame<'_> {
    /// A deal that has gone its way to `n`'s stage, with what it is worth there; and to whom it is given besides.
    fn deal(&self, n: usize, of: usize, seeded: &mut Seeded, grants: &mut Vec<Vec<Sql>>) -> Record {
        let people = &self.market.people;
        let (every_own, every_heavy) = (of / OWN, of / HEAVY);
        let (own, heavy) = (self.market.staff.salesperson(), self.market.staff.heavy());
        let at = match n {
            n if n % every_own == 7 => own,
            n if n % every_heavy == 3 => heavy,
            // The two have what was counted out for them.
            _ => match seeded.below(people.len()) {
                at if at == own || at == heavy => (at + self.market.staff.divisions) % people.len(),
                at => at,
            },
        };
        let created = Instant(self.now.0 - (30 + seeded.below(700) as i64) * DAY - seeded.below(86_400_000) as i64 * 1_000);
        // Somebody's deals are spread over the stages like everybody's.
        let stage = match seeded.below(10) {
            0..=2 => "won",
            3..=5 => "lost",
            m => WAY[m - 6],
        };
        let mut deal = Record::new(&self.object.key, Id::from_parts(self.now.0 as u64 / 1_000, seeded.bytes()));
        deal.set("name", format!("Deal {n} with customer {}", n * 7919 % 1000));
        deal.set("account", self.market.accounts[seeded.below(self.market.accounts.len())]);
        deal.set("owner", people[at]);
        deal.set("owner_department", self.departments[at]);
        deal.set("sales_process", self.process.id.to_string());
        let currency = ["USD", "USD", "USD", "EUR", "JPY"][seeded.below(5)].parse().unwrap_or(Currency::USD);
        deal.set("amount", Money { amount: Amount((100 + seeded.below(90_000) as i64) * 10_000), currency });
        deal.set("expected_close_date", Instant(self.now.0 + (seeded.below(180) as i64 - 30) * DAY).date_in(&jiff::tz::TimeZone::UTC));
        deal.set("opportunity_type", ["new_business", "renewal", "upsell", "cross_sell"][seeded.below(4)]);
        deal.set("lifecycle_status", "normal");
        deal.set("locked", false);
        for by in ["created_by", "updated_by"] {
            deal.set(by, people[at]);
        }
        deal.set("created_at", created);
        let entered = Instant((created.0 + seeded.below(90) as i64 * DAY).min(self.now.0));
        deal.set("updated_at", entered);
        // As many as its history tells of at most: whoever changes it makes the next.
        deal.revision = 2;
        if let Some((option, rules)) = self.stages.iter().find(|(option, _)| option.key == stage) {
            derive(&mut deal, option, rules, Occasion { entering: Some(entered), ..Occasion::default() });
        }
        // Most open deals are within their time.
        if deal.get("closed_at").is_null() && seeded.below(4) > 0 {
            deal.set("stage_due_at", Instant(self.now.0 + seeded.below(30) as i64 * DAY));
        }
        for key in ["amount", "forecast_amount", "analysis_amount"] {
            if let Some(money) = deal.get(key).as_money()
                && let Some(rate) = self.rates.on(money.currency, self.now.date_in(&jiff::tz::TimeZone::UTC))
                && let Some(main) = self.rates.at_rate(money.amount, rate)
            {
                deal.mains.insert(key.to_owned(), main);
            }
        }
        let mut give = |to: Id, why: &str| {
            grants.push(vec![
                Sql::from(self.object.key.as_str()),
                Sql::Uuid(Some(deal.id.0)),
                Sql::Uuid(Some(to.0)),
                Sql::from("read"),
                Sql::from(why),
            ]);
        };
        if n % TEAM_EVERY == 1 {
            give(people[seeded.below(people.len())], "team");
        }
        if n % SHARED_EVERY == 2 {
            give(self.market.departments[1], "share");
        }
        deal
    }
}

/// Who is who, by the addresses that [`market`] has given.
fn find(house: &House, company: Staff) -> Fallible<Data> {
    let meta = house.meta();
    let employee = meta.schema.object("employee").ok_or("there are no people")?;
    let of = |n: usize| -> Fallible<Id> {
        let email = Value::from(format!("person{n}@bench.example"));
        let found = house
            .read(&SYSTEM, Limits::default(), |_, tx| Ok(db::records::find_by(tx, employee, "email", std::slice::from_ref(&email))?))?;
        Ok(found.first().ok_or("nobody has the address")?.1)
    };
    let account = meta.schema.object("account").ok_or("there are no customers")?;
    let accounts = house.read(&SYSTEM, Limits::default(), |_, tx| Ok(db::records::ids_after(tx, account, None, FOUND)?))?;
    let (salesperson, heavy) = (of(company.salesperson())?, of(company.heavy())?);
    Ok(Data { salesperson, manager: of(1)?, sees_all: of(0)?, heavy, accounts, seconds: 0.0 })
}
