//! What the people of the demo are to reach, what they have said month by month, and what their managers made of it.

use std::collections::BTreeMap;

use db::Write;
use db::people::{Person, Which, people};
use jiff::ToSpan;
use model::period::{Length, Period};
use model::{Amount, Id, Instant};
use serde_json::{Value as Json, json};

use super::dice::Dice;
use super::market::Market;
use super::{DAY, Story};
use crate::analysis::Memory;
use crate::forecast::{HistoryRequest, adjust, figures_now, save, submit};
use crate::{Error, Result};

/// Months gone by of which something was said.
const MONTHS: i32 = 7;
const HOUR: i64 = 3_600;

/// Fills it, for those whose deals were won in these months.
pub fn fill(story: &Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    let everybody = people(tx, Which::Everybody)?;
    let now = story.at(Id::SYSTEM, story.now());
    let this = Period::of(Length::Month, now.today(), &story.meta.calendar);
    let months: Vec<Period> = (-MONTHS..=0).map(|n| this.plus(n)).collect();
    // What each has won, month by month.
    let memory = Memory::read_in(&now, tx)?;
    let won = crate::forecast::won_by_owner(&now, tx, &memory, &months)?;
    let sellers: Vec<(&Person, &Vec<i128>)> = everybody.iter().filter_map(|person| Some((person, won.get(&person.id)?))).collect();
    targets(story, tx, market.people["ada"], &sellers)?;
    let mut dice = Dice::new(2_026);
    for (person, won) in &sellers {
        for (at, month) in months.iter().enumerate() {
            let (early, sure, hope) = (dice.between(2, 5), dice.between(75, 125), dice.between(15, 60));
            if *month == this {
                say_now(story, tx, &memory, person.id, this)?;
            } else {
                let commit = (won[at] * i128::from(sure) / 100).max(i128::from(dice.between(2, 9)) * 10_000_000);
                say(story, tx, person.id, *month, early, (commit, hope))?;
            }
        }
    }
    managers(story, tx, &memory, this, market)
}

/// Months of the fiscal years that the story touches: somewhat more than what was won; of departments more than that of their people.
fn targets(story: &Story<'_>, tx: &mut Write, ada: Id, sellers: &[(&Person, &Vec<i128>)]) -> Result<()> {
    let now = story.at(ada, story.now());
    let quarter = |person: &Id| {
        let won: i128 = sellers.iter().filter(|(one, _)| one.id == *person).flat_map(|(_, won)| won.iter()).sum();
        // A quarter of months, a tenth more, to the next thousand.
        (won * 3 / i128::from(MONTHS + 1) * 11 / 10 / 10_000_000 + 1) * 1_000
    };
    let today = now.today();
    let days = [today.saturating_sub((MONTHS).months()), today];
    let mut years: Vec<String> = days.iter().map(|day| Period::of(Length::Year, *day, &story.meta.calendar).to_string()).collect();
    years.dedup();
    for year in years {
        let months = year.parse::<Period>().map(|year| year.months(&story.meta.calendar)).unwrap_or_default();
        // Somewhat more from quarter to quarter, in even tens.
        let values = |of: i128| -> BTreeMap<String, String> {
            let grown = |at: usize| of * (94 + 4 * (i128::try_from(at).unwrap_or(0) / 3 + 1)) / 3_000 * 10;
            months.iter().enumerate().map(|(at, month)| (month.to_string(), grown(at).to_string())).collect()
        };
        let mut rows: Vec<Json> = sellers
            .iter()
            .map(|(person, _)| json!({"kind": "person", "id": person.id.to_string(), "version": 0, "values": values(quarter(&person.id))}))
            .collect();
        for department in db::people::departments(tx)? {
            let below = |one: &&(&Person, &Vec<i128>)| {
                let own = one.0.department;
                own == Some(department.id) || own.and_then(|own| story.meta.departments.get(&own).copied().flatten()) == Some(department.id)
            };
            let sum: i128 = sellers.iter().filter(below).map(|(person, _)| quarter(&person.id)).sum();
            if sum > 0 {
                let values = values((sum * 104 / 100 + 4_999) / 5_000 * 5_000);
                rows.push(json!({"kind": "department", "id": department.id.to_string(), "version": 0, "values": values}));
            }
        }
        let year: i16 = year.parse().map_err(|_| Error::Internal("a fiscal year that is no number".into()))?;
        save(&now, tx, &super::flows::read(json!({"year": year, "metric": "won_amount", "rows": rows}))?)?;
    }
    Ok(())
}

/// What somebody has said of a month gone by: at its beginning, and once more behind its middle.
fn say(story: &Story<'_>, tx: &mut Write, person: Id, month: Period, early: i64, (commit, hope): (i128, i64)) -> Result<()> {
    let first = Instant::start_of(month.days(&story.meta.calendar).first, &story.meta.calendar.zone);
    let said = |share: i128| {
        let commit = thousands(commit * share / 100);
        (commit, thousands(commit * i128::from(100 + hope) / 100).max(commit))
    };
    // How the deals stood then nobody has noted.
    let unknown = json!({});
    for (version, (days, share, note)) in [(early, 80, "As the month begins"), (16 + early, 100, "")].into_iter().enumerate() {
        let at = first.plus_seconds(days * DAY + 9 * HOUR);
        let (commit, best_case) = said(share);
        let wanted = json!({
            "period": month.to_string(), "commit": shown(story, commit), "best_case": shown(story, best_case), "note": note, "version": version,
        });
        submit(&story.at(person, at), tx, &super::flows::read(wanted)?, &unknown)?;
    }
    Ok(())
}

/// What somebody says of this month: what his deals promise.
fn say_now(story: &Story<'_>, tx: &mut Write, memory: &Memory, person: Id, month: Period) -> Result<()> {
    let cx = story.at(person, story.now());
    let of = HistoryRequest { person: Some(person.to_string()), period: Some(month.to_string()), covers: None };
    let figures = figures_now(&cx, tx, memory, &of)?;
    let suggested = |key: &str| figures["suggested"][key].clone();
    let wanted = json!({
        "period": month.to_string(), "commit": suggested("commit"), "best_case": suggested("best_case"),
        "note": "As my deals stand", "version": 0,
    });
    submit(&cx, tx, &super::flows::read(wanted)?, &figures)?;
    Ok(())
}

/// One manager puts a word otherwise, another speaks for his line.
fn managers(story: &Story<'_>, tx: &mut Write, memory: &Memory, month: Period, market: &Market) -> Result<()> {
    let (mona, kim, sven) = (market.people["mona"], market.people["kim"], market.people["sven"]);
    let cx = story.at(mona, story.now());
    let of = |person: Id, covers: &str| -> Result<HistoryRequest> {
        super::flows::read(json!({"person": person.to_string(), "period": month.to_string(), "covers": covers}))
    };
    let of_kim = of(kim, "own")?;
    let figures = figures_now(&cx, tx, memory, &of_kim)?;
    let part = |key: &str| {
        let amount = figures["suggested"][key].as_str().and_then(Amount::parse).map_or(0, |amount| i128::from(amount.0));
        thousands(amount * 9 / 10)
    };
    let wanted = json!({
        "person": kim.to_string(), "period": month.to_string(), "commit": shown(story, part("commit")),
        "best_case": shown(story, part("best_case").max(part("commit"))), "note": "One of the two signatures will slip into next month", "version": 1,
    });
    adjust(&cx, tx, &super::flows::read(wanted)?, &figures)?;
    let cx = story.at(sven, story.now());
    let figures = figures_now(&cx, tx, memory, &of(sven, "line")?)?;
    let wanted = json!({
        "period": month.to_string(), "covers": "line", "commit": figures["suggested"]["commit"],
        "best_case": figures["suggested"]["best_case"], "note": "South as a whole", "version": 0,
    });
    submit(&cx, tx, &super::flows::read(wanted)?, &figures)?;
    Ok(())
}

/// To whole thousands of the main currency.
fn thousands(amount: i128) -> i128 {
    amount / 10_000_000 * 10_000_000
}

fn shown(story: &Story<'_>, amount: i128) -> String {
    Amount::show_sum(amount, story.meta.rates.main())
}
