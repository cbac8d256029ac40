//! Saying what a month will bring, putting it otherwise, and how it went.

use db::{Read, Write};
use model::analysis::{By, Category, Standing, Standings};
use model::period::{Length, Period};
use model::role::Act;
use model::{Amount, Id, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::chart::{Chart, Eyes};
use super::entries::{self, Covers, Entry, Kind, Word};
use super::figures::{About, Among};
use super::plan::Of;
use super::{is_over, period, span};
use crate::analysis::behind::coin;
use crate::analysis::{ConversionRequest, Memory};
use crate::audit::{self, Note};
use crate::records::Refs;
use crate::{Ctx, Error, Result, veil};

/// Characters of a note.
const LONGEST: usize = 2_000;

/// The query of `GET /analysis/forecast/history`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    /// Oneself when absent.
    pub person: Option<String>,
    /// A month; this one when absent.
    pub period: Option<String>,
    pub covers: Option<Covers>,
}

/// The body of `POST /analysis/forecast/submissions`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    pub period: String,
    #[serde(default)]
    pub covers: Covers,
    pub commit: String,
    pub best_case: String,
    #[serde(default)]
    pub note: String,
    /// How many entries there are, as `history` told it.
    pub version: i64,
}

/// The body of `POST /analysis/forecast/adjustments`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    pub person: String,
    pub period: String,
    #[serde(default)]
    pub covers: Covers,
    pub commit: String,
    pub best_case: String,
    pub note: String,
    pub version: i64,
}

/// The body of `POST /analysis/forecast/adjustments/withdraw`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    pub person: String,
    pub period: String,
    #[serde(default)]
    pub covers: Covers,
    #[serde(default)]
    pub note: String,
    pub version: i64,
}

/// Whose word for which month is meant.
struct Place {
    person: Id,
    month: Period,
    covers: Covers,
    has_line: bool,
}

impl Place {
    fn of(cx: &Ctx, tx: &mut Read, person: Option<&str>, month: Option<&str>, covers: Covers) -> Result<Place> {
        cx.object("opportunity")?;
        let month = period(cx, month)?;
        if month.length() != Length::Month {
            return Err(Violation::new("field.invalid", "period").with("expected", "a month, as 2026-11").into());
        }
        let eyes = Eyes::of(cx, tx)?;
        let own = cx.who.id.to_string();
        let Of::Person(person) = Of::asked(cx, tx, &eyes, Some(person.unwrap_or(&own)), None)? else { return Err(Error::NotFound) };
        let has_line = !db::people::people(tx, db::people::Which::ReportingTo(&[person]))?.is_empty();
        Ok(Place { person, month, covers, has_line })
    }
}

/// How the deals of a place stand: for what is suggested, and for what is kept beside an entry.
pub fn figures_now(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &HistoryRequest) -> Result<Json> {
    let place = Place::of(cx, tx, request.person.as_deref(), request.period.as_deref(), request.covers.unwrap_or_default())?;
    let eyes = Eyes::of(cx, tx)?;
    let owners = match place.covers {
        Covers::Own => std::collections::BTreeSet::from([place.person]),
        Covers::Line => Chart::below(tx, &eyes, place.person)?.line(place.person).into_iter().collect(),
    };
    let about = About::new(cx, tx, &ConversionRequest::default(), Among::Owners(&owners))?;
    let mut stands = Standings::default();
    about.by(cx, tx, memory, &[span(cx, place.month)], By::Owner)?.into_values().for_each(|cells| stands += cells[0]);
    let known = |field: &str| !veil::hides(cx, &about.object.key, field);
    let of = |category: Category| known("amount").then(|| coin(cx, stands.of(category).amount));
    let open = [Category::Commit, Category::BestCase, Category::Pipeline].map(|category| stands.of(category).weighted).iter().sum();
    let closed: Standing = stands.of(Category::Closed);
    let sum = |categories: &[Category]| {
        let each = categories.iter().map(|category| stands.of(*category).amount).sum::<i128>();
        known("amount").then(|| coin(cx, closed.amount + each))
    };
    Ok(json!({
        "closed": of(Category::Closed),
        "commit": of(Category::Commit),
        "best_case": of(Category::BestCase),
        "pipeline": of(Category::Pipeline),
        "weighted": known("forecast_amount").then(|| coin(cx, open)),
        "suggested": {"commit": sum(&[Category::Commit]), "best_case": sum(&[Category::Commit, Category::BestCase])},
    }))
}

/// `GET /analysis/forecast/history`; `figures` are those of [`figures_now`].
pub fn history(cx: &Ctx, tx: &mut Read, request: &HistoryRequest, figures: &Json) -> Result<Json> {
    let place = Place::of(cx, tx, request.person.as_deref(), request.period.as_deref(), request.covers.unwrap_or_default())?;
    let told = entries::history(tx, place.month, place.person, place.covers)?;
    show(cx, tx, &place, &told, figures)
}

/// `POST /analysis/forecast/submissions`: the caller says what a month will bring.
pub fn submit(cx: &Ctx, tx: &mut Write, wanted: &Submit, figures: &Json) -> Result<Json> {
    let place = Place::of(cx, tx, None, Some(&wanted.period), wanted.covers)?;
    let word = Some((wanted.commit.as_str(), wanted.best_case.as_str()));
    add(cx, tx, &place, &Said { kind: Kind::Submission, word, note: &wanted.note, seen: wanted.version }, figures)
}

/// `POST /analysis/forecast/adjustments`: somebody above puts it otherwise, and says why.
pub fn adjust(cx: &Ctx, tx: &mut Write, wanted: &Adjust, figures: &Json) -> Result<Json> {
    let place = Place::of(cx, tx, Some(&wanted.person), Some(&wanted.period), wanted.covers)?;
    let word = Some((wanted.commit.as_str(), wanted.best_case.as_str()));
    add(cx, tx, &place, &Said { kind: Kind::Adjustment, word, note: &wanted.note, seen: wanted.version }, figures)
}

/// `POST /analysis/forecast/adjustments/withdraw`: what was said holds again.
pub fn withdraw(cx: &Ctx, tx: &mut Write, wanted: &Withdraw, figures: &Json) -> Result<Json> {
    let place = Place::of(cx, tx, Some(&wanted.person), Some(&wanted.period), wanted.covers)?;
    add(cx, tx, &place, &Said { kind: Kind::Withdrawal, word: None, note: &wanted.note, seen: wanted.version }, figures)
}

/// What somebody says of a place.
struct Said<'a> {
    kind: Kind,
    /// Commit and best case; none where what was said is taken back.
    word: Option<(&'a str, &'a str)>,
    note: &'a str,
    /// How many entries there were when he looked.
    seen: i64,
}

fn add(cx: &Ctx, tx: &mut Write, place: &Place, said: &Said<'_>, figures: &Json) -> Result<Json> {
    let Said { kind, word, note, seen } = *said;
    cx.at_large()?;
    let above = Eyes::above(cx, tx, place.person)?;
    let allowed = if kind == Kind::Submission { place.person == cx.who.id } else { above };
    if !allowed || !sells(cx) {
        return Err(Error::Forbidden { act: "adjust_forecast".into(), object: "employee".into() });
    }
    // Two who speak of the same at once come one after the other, and the second is told of the first.
    tx.lock(&[format!("forecast {} {} {}", place.month, place.person, place.covers.key())])?;
    let mut told = entries::history(tx, place.month, place.person, place.covers)?;
    let version = told.last().map_or(0, |entry| entry.n);
    if version != seen {
        return Err(Error::Conflict { record: Box::new(show(cx, tx, place, &told, figures)?) });
    }
    let mut found = Violations::new();
    if is_over(cx, place.month) {
        found.push(Violation::new("forecast.over", "period").with("period", place.month.to_string()));
    }
    if place.covers == Covers::Line && !place.has_line {
        found.push(Violation::new("forecast.no_line", "covers"));
    }
    if kind == Kind::Withdrawal && entries::standing(told.iter()).adjusted.is_none() {
        found.push(Violation::new("forecast.not_adjusted", "person"));
    }
    let note = note.trim();
    if kind == Kind::Adjustment && note.is_empty() {
        found.push(Violation::new("field.required", "note"));
    }
    if note.chars().count() > LONGEST {
        found.push(Violation::new("field.too_long", "note").with("max", LONGEST));
    }
    let word = word.and_then(|word| read(cx, word, &mut found));
    if !found.is_empty() {
        return Err(found.into());
    }
    let mut kept = figures.clone();
    if let Some(kept) = kept.as_object_mut() {
        kept.remove("suggested");
    }
    let entry = Entry { n: version + 1, kind, word, note: note.to_owned(), at: cx.at, by: cx.who.id, figures: kept };
    entries::add(tx, place.month, place.person, place.covers, &entry)?;
    if kind != Kind::Submission {
        let act = if kind == Kind::Adjustment { "adjust" } else { "withdraw" };
        let shown = word.map(|word| json!({"commit": coin(cx, word.commit), "best_case": coin(cx, word.best_case)}));
        let told = Note::new(act, "forecast").record("employee", place.person).subject(place.month.to_string());
        audit::note(cx, tx, told.detail(json!({"covers": place.covers, "to": shown, "note": note})))?;
    }
    told.push(entry);
    show(cx, tx, place, &told, figures)
}

/// True for one who has to do with deals otherwise than by looking at them.
pub(super) fn sells(cx: &Ctx) -> bool {
    cx.who.rights.may(Act::Edit, "opportunity")
}

/// An amount of the main currency, to its coin; none below nothing.
pub(super) fn amount(cx: &Ctx, text: &str) -> Option<i64> {
    Amount::parse(text.trim()).map(|amount| amount.rounded(cx.meta.rates.main()).0).filter(|amount| *amount >= 0)
}

/// Both amounts; the best case is no less than what is sure.
fn read(cx: &Ctx, (commit, best_case): (&str, &str), found: &mut Violations) -> Option<Word> {
    let mut one = |field: &'static str, text: &str| {
        let amount = amount(cx, text);
        if amount.is_none() {
            found.push(Violation::new("field.invalid", field).with("expected", "an amount"));
        }
        amount.map(i128::from)
    };
    let (commit, best_case) = (one("commit", commit), one("best_case", best_case));
    let word = Word { commit: commit?, best_case: best_case? };
    if word.best_case < word.commit {
        found.push(Violation::new("forecast.below_commit", "best_case"));
    }
    Some(word)
}

fn show(cx: &Ctx, tx: &mut Read, place: &Place, told: &[Entry], figures: &Json) -> Result<Json> {
    let mut refs = Refs::default();
    refs.note("employee", place.person);
    told.iter().for_each(|entry| refs.note("employee", entry.by));
    let refs = refs.names(cx, tx)?;
    let hidden = veil::hides(cx, "opportunity", "amount");
    let entry = |entry: &Entry| {
        let amount = |of: fn(&Word) -> i128| entry.word.as_ref().map(|word| coin(cx, of(word)));
        let figures = if hidden { json!({}) } else { entry.figures.clone() };
        json!({
            "n": entry.n,
            "kind": entry.kind,
            "commit": amount(|word| word.commit),
            "best_case": amount(|word| word.best_case),
            "note": entry.note,
            "at": entry.at,
            "by": entry.by.to_string(),
            "figures": {
                "closed": figures["closed"], "commit": figures["commit"], "best_case": figures["best_case"],
                "pipeline": figures["pipeline"], "weighted": figures["weighted"],
            },
        })
    };
    let last = |kind: Kind| told.iter().rev().find(|entry| entry.kind == kind);
    let submission = last(Kind::Submission);
    let adjustment = last(Kind::Adjustment).filter(|_| entries::standing(told.iter()).adjusted.is_some());
    let over = is_over(cx, place.month);
    let above = Eyes::above(cx, tx, place.person)?;
    let mut can: Vec<&str> = Vec::new();
    if !over && sells(cx) {
        let speaks = place.covers == Covers::Own || place.has_line;
        can.extend((place.person == cx.who.id && speaks).then_some("submit"));
        can.extend((above && speaks).then_some("adjust"));
        can.extend((above && adjustment.is_some()).then_some("withdraw"));
    }
    let days = place.month.days(&cx.meta.calendar);
    let person = place.person.to_string();
    Ok(json!({
        "person": {"id": person, "name": refs[&person]["name"]},
        "period": place.month.to_string(),
        "from": days.first,
        "to": days.last,
        "over": over,
        "covers": place.covers,
        "has_line": place.has_line,
        "version": told.last().map_or(0, |entry| entry.n),
        "submission": submission.map(entry),
        "adjustment": adjustment.map(entry),
        "stale": adjustment.zip(submission).is_some_and(|(adjustment, submission)| submission.n > adjustment.n),
        "suggested": figures["suggested"],
        "entries": told.iter().rev().map(entry).collect::<Vec<_>>(),
        "can": can,
        "main_currency": cx.meta.rates.main().code(),
        "refs": refs,
    }))
}
