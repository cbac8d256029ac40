//! Deals in the process for projects, each as far as it has come: some wait for somebody who decides, some for their offer.

use db::Write;
use model::{Amount, Id, Money, Number, Value};
use serde_json::{Map, Value as Json, json};

use super::market::{Account, Market, new, owned};
use super::{DAY, Story, process, put};
use crate::save::{Change, Deed};
use crate::stage_tasks::{self, Complete, NewRecord, RowChange};
use crate::{Error, Result};

/// How far one has come.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Far {
    Begun,
    /// The plant has been seen.
    Seen,
    /// All is done in the first stage, but nobody who decides is known.
    Undecided,
    /// In the second stage.
    Offering,
    /// With the offer put together.
    Offered,
    /// In the third.
    Negotiating,
}

/// Name, thousands, days since it began, how far.
const PROJECTS: [(&str, i64, i64, Far); 14] = [
    ("Metering skid for the new line", 240, 9, Far::Begun),
    ("Tank farm automation", 410, 16, Far::Seen),
    ("Leak monitoring for the whole site", 185, 34, Far::Undecided),
    ("Water balance of the plant", 130, 40, Far::Offering),
    ("Custody transfer station", 620, 47, Far::Offered),
    ("Boiler house renewal", 290, 62, Far::Negotiating),
    ("Remote wells, first phase", 155, 5, Far::Begun),
    ("Emission monitoring of three stacks", 375, 21, Far::Undecided),
    ("Cooling circuit instrumentation", 98, 29, Far::Offering),
    ("Filling hall, two lines", 220, 12, Far::Seen),
    ("Steam metering for cost sharing", 145, 38, Far::Offered),
    ("Solvent recovery unit", 330, 55, Far::Negotiating),
    ("Pilot plant, complete", 265, 3, Far::Begun),
    ("Dosing station for chlorine", 88, 26, Far::Offering),
];

/// Fills it.
pub fn fill(story: &Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    let process = process::id(story)?;
    for (n, project) in PROJECTS.iter().enumerate() {
        // Not all with one seller, and none of those who write Chinese: the names are English.
        let open: Vec<&Account> = market.accounts.iter().filter(|account| !account.chinese && account.contacts.len() > 1).collect();
        deal(story, tx, market, open[(n * 5 + 2) % open.len()], process, *project)?;
    }
    Ok(())
}

/// A deal under way, told day by day.
struct Course<'a> {
    story: &'a Story<'a>,
    owner: Id,
    deal: Id,
    /// Seconds since the story's end, negative.
    at: i64,
}

fn deal(
    story: &Story<'_>,
    tx: &mut Write,
    market: &Market,
    account: &Account,
    process: Id,
    (name, thousands, days, far): (&str, i64, i64, Far),
) -> Result<()> {
    let begin = story.at(account.owner, story.now().plus_seconds(-days * DAY - 7_200));
    let money = Money { amount: Amount(thousands * 1_000 * 10_000), currency: account.currency };
    let close = story.now().plus_seconds((95 - days) * DAY).date_in(&story.meta.calendar.zone);
    let fields: [(&str, Value); 7] = [
        ("name", name.into()),
        ("account", account.id.into()),
        ("sales_process", process.to_string().into()),
        ("primary_contact", account.contacts.first().map(|(id, _)| Value::Ref(*id)).into()),
        ("amount", if far == Far::Begun { Value::Null } else { money.into() }),
        ("expected_close_date", if far == Far::Begun { Value::Null } else { close.into() }),
        ("opportunity_type", "new_business".into()),
    ];
    let id = put(&begin, tx, owned(new("opportunity", fields), account.owner))?;
    let mut course = Course { story, owner: account.owner, deal: id, at: -days * DAY };
    if far >= Far::Seen {
        course.done(tx, "walk", &Complete { note: Some("Four points, two of them hard to reach.".to_owned()), ..Complete::default() })?;
    }
    if far >= Far::Undecided {
        course.done(tx, "frame", &Complete::default())?;
        let role = if far == Far::Undecided { "technical_evaluator" } else { "decision_maker" };
        let contact = account.contacts.first().map(|(id, _)| id.to_string());
        let fields = Map::from_iter([("contact".to_owned(), json!(contact)), ("role".to_owned(), json!(role))]);
        course.done(tx, "people", &Complete { create: vec![NewRecord { fields }], ..Complete::default() })?;
    }
    if far >= Far::Offering {
        course.moves(tx, "proposal")?;
    }
    if far >= Far::Offered {
        let rows = market.products.iter().filter(|product| product.price > 3_000).take(3).map(|product| {
            let fields = Map::from_iter([
                ("product".to_owned(), json!(product.id.to_string())),
                ("quantity".to_owned(), json!(Number::whole(4 + thousands % 7).to_string())),
            ]);
            RowChange { fields, ..RowChange::default() }
        });
        let rows = rows.collect();
        course.done(tx, "lines", &Complete { rows, ..Complete::default() })?;
    }
    if far >= Far::Negotiating {
        course.done(tx, "price", &Complete::default())?;
        course.moves(tx, "negotiation")?;
    }
    Ok(())
}

impl Course<'_> {
    /// Each thing takes some days.
    fn next(&mut self) -> crate::Ctx {
        self.at += 5 * DAY + 3_600;
        self.story.at(self.owner, self.story.now().plus_seconds(self.at.min(-3_600)))
    }

    fn done(&mut self, tx: &mut Write, key: &str, how: &Complete) -> Result<Json> {
        let cx = self.next();
        let tasks = stage_tasks::load(tx, &[self.deal])?.remove(&self.deal).unwrap_or_default();
        let task = tasks.iter().rfind(|task| task.key == key).ok_or(Error::NotFound)?;
        stage_tasks::complete(&cx, tx, task.id, None, how)
    }

    fn moves(&mut self, tx: &mut Write, stage: &str) -> Result<Id> {
        let cx = self.next();
        put(&cx, tx, Change::of("opportunity", self.deal, Deed::Move { stage: stage.to_owned() }))
    }
}
