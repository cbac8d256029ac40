//! Demo data: a small sales organisation with nine months behind it.
//!
//! A maker of measuring instruments with two sales teams, its customers on three continents, and deals in every stage: some late, some about
//! to close. Every record is made by the same saves as on the screen, only with the clock set back, so stays, history and figures are what the
//! rules would have made of them. It is the same each time, counted back from today, and only an empty database is filled.

mod cast;
mod charts;
mod days;
mod deals;
mod dice;
mod flows;
mod forecast;
mod leads;
mod market;
mod orders;
mod people;
mod pools;
mod process;
mod projects;
mod quotes;
mod rivals;

use std::collections::BTreeMap;
use std::sync::Arc;

use db::{Read, Write};
use model::{Id, Instant, Via};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};

use crate::ctx::Proof;
use crate::save::{Change, save};
use crate::{Credential, Ctx, Error, House, Limits, Meta, Result, identity, reminders};

/// The password of everybody in the demo organisation.
pub const PASSWORD: &str = "stagecraft-demo";
/// Where their e-mail addresses end.
const HOST: &str = "demo.stagecraft.example";
/// How far back the story goes.
const DAYS: i64 = 270;
/// How long a slow machine may take over it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(300);
/// Key of the mark that a database is filled with demo data.
const MARK: &str = "demo";

/// Fills an empty database; true when it did. One that is filled already, or that has people of its own, is left as it is.
pub fn fill(house: &House) -> Result<bool> {
    // The only password, hashed once and outside of the transaction, since hashing is meant to be slow.
    let hash = identity::hash_password(PASSWORD)?;
    // All of it or nothing: a half-filled database would never be filled up. Nobody is served yet who could be kept waiting.
    let limits = Limits { deadline: Some(std::time::Instant::now() + PATIENCE), ..Limits::default() };
    let filled = house.write(&Credential::System("demo data"), limits, Via::System, |cx, tx| {
        tx.lock(&["set_up".to_owned()])?;
        if is_demo(tx)? || db::records::count(tx, &cx.meta.schema, employee(cx)?, &cx.scope(), None, None, db::records::Bin::Out)? > 0 {
            return Ok(false);
        }
        let story = Story { system: cx, began: cx.at.plus_seconds(-DAYS * DAY), meta: cx.meta.clone() };
        let story = people::fill(story, tx, &hash)?;
        let story = process::fill(story, tx)?;
        let market = market::fill(&story, tx)?;
        deals::fill(&story, tx, &market)?;
        projects::fill(&story, tx, &market)?;
        leads::fill(&story, tx, &market)?;
        let story = flows::fill(story, tx, &market)?;
        quotes::fill(&story, tx)?;
        orders::fill(&story, tx)?;
        rivals::fill(&story, tx, &market)?;
        forecast::fill(&story, tx, &market)?;
        charts::fill(&story, tx, &market)?;
        pools::fill(story, tx, &market)?;
        reminders::forget_until(tx, cx.at)?;
        // What they were told in those months they have read.
        tx.execute(Query::update().table("notice").value("read_at", cx.at.0))?;
        tx.insert_rows("counter", &["key", "n"], vec![vec![MARK.into(), 1_i64.into()]])?;
        Ok(true)
    })?;
    if filled {
        house.db().analyse()?;
    }
    Ok(filled)
}

/// The people whom the sign-in page offers: `{email, name, title}`, when the database was filled with demo data.
pub fn people(cx: &Ctx, tx: &mut Read) -> Result<Vec<Json>> {
    if !is_demo(tx)? {
        return Ok(Vec::new());
    }
    let emails: Vec<model::Value> = cast::OFFERED.iter().map(|key| address(key).into()).collect();
    let ids: Vec<Id> = db::records::find_by(tx, employee(cx)?, "email", &emails)?.into_iter().map(|(_, id)| id).collect();
    let found = db::records::load(tx, &cx.meta.schema, employee(cx)?, &db::records::Scope::All("the sign-in page of the demo"), &ids)?;
    let found: BTreeMap<String, Json> = found
        .iter()
        .filter(|person| identity::is_active(person))
        .map(|person| {
            (
                person.text("email").to_owned(),
                json!({"email": person.text("email"), "name": person.text("name"), "title": person.text("title")}),
            )
        })
        .collect();
    Ok(cast::OFFERED.iter().filter_map(|key| found.get(&address(key)).cloned()).collect())
}

fn is_demo(tx: &mut Read) -> Result<bool> {
    Ok(tx.optional(Query::select().column("n").from("counter").and_where(Expr::col("key").eq(MARK)))?.is_some())
}

fn employee(cx: &Ctx) -> Result<&Arc<model::Object>> {
    cx.meta.schema.object("employee").ok_or(Error::NotFound)
}

fn address(key: &str) -> String {
    format!("{key}@{HOST}")
}

const DAY: i64 = 86_400;

/// The product telling a story: it acts as the people of the demo, at times gone by.
struct Story<'a> {
    system: &'a Ctx,
    /// When the story begins.
    began: Instant,
    /// As of this transaction, which has changed settings and people.
    meta: Arc<Meta>,
}

impl Story<'_> {
    /// A person at an instant, with every right: what he did was allowed when he did it.
    fn at(&self, person: Id, at: Instant) -> Ctx {
        let mut who = identity::system(&self.meta, "demo data");
        who.id = person;
        let (ids, attempt) = (self.system.ids.clone(), self.system.attempt.clone());
        Ctx {
            meta: self.meta.clone(),
            who,
            via: Via::Screen,
            origin: None,
            at,
            csrf: None,
            proof: Proof::default(),
            accepted: Arc::default(),
            tried: None,
            part_of: None,
            takes_back: false,
            remembered: None,
            ids,
            attempt,
        }
    }

    fn now(&self) -> Instant {
        self.system.at
    }
}

/// Saves what cannot be refused.
fn put(cx: &Ctx, tx: &mut Write, change: Change) -> Result<Id> {
    Ok(save(cx, tx, change)?.record.id)
}
