//! Deals of past days, read from the database and kept.
//!
//! A day is reckoned back from the nearest day behind it that is kept, else from how the deals stand now: what it costs follows from how much
//! was changed between the two.

use std::sync::{Arc, Mutex, PoisonError};

use db::Read;
use jiff::ToSpan;
use model::analysis::past::{Deals, FIELDS, Then, place_of};
use model::money::Rates;
use model::objects::opportunity;
use model::{Date, Field, Id, Instant, Object, Value};

use crate::{Ctx, Error, Result};

/// Deals that are kept at most, all days together; two days are kept however many there are.
const MOST: usize = 3_000_000;
/// Days that are kept at most.
const DAYS: usize = 40;
/// Deals that are read together.
const PAGE: u64 = 20_000;
/// Changes that are read together.
const CHANGES: u64 = 50_000;
/// For so many seconds after its end a day may still be written: by a transaction that has begun before.
const SETTLES: i64 = 60;

/// Days that were asked for lately, the latest asked for last.
#[derive(Default)]
pub struct Past(Mutex<Vec<(Instant, Arc<Deals>)>>);

/// A day as it ended.
pub(crate) struct Day {
    pub day: Date,
    /// The instant at which it ended; of today the present one.
    pub at: Instant,
    pub deals: Arc<Deals>,
    pub rates: Rates,
}

impl Day {
    /// As the definitions ask for it.
    pub fn then(&self) -> Then<'_> {
        Then { deals: &self.deals, rates: &self.rates, day: self.day, at: self.at }
    }
}

impl Past {
    /// True where a day need not be read any more.
    pub fn holds(&self, day: Date, zone: &jiff::tz::TimeZone) -> bool {
        self.kept(end_of(day, zone)).is_some()
    }

    /// How a day ended, or how today stands.
    pub(crate) fn day(&self, cx: &Ctx, tx: &mut Read, day: Date) -> Result<Day> {
        let end = end_of(day, &cx.meta.calendar.zone);
        let (at, deals) = if end < cx.at { (end, self.deals(cx, tx, end)?) } else { (cx.at, Arc::new(standing(cx, tx)?)) };
        Ok(Day { day, at, deals, rates: rates(cx, tx, at, day)? })
    }

    fn deals(&self, cx: &Ctx, tx: &mut Read, end: Instant) -> Result<Arc<Deals>> {
        if let Some(deals) = self.kept(end) {
            return Ok(deals);
        }
        let object = object(cx)?;
        let nearest = self.lock().iter().filter(|(at, _)| *at > end).min_by_key(|(at, _)| *at).cloned();
        let (mut deals, until) = match nearest {
            Some((at, deals)) => ((*deals).clone(), at.after(at)),
            None => (standing(cx, tx)?, Instant(i64::MAX)),
        };
        back(tx, object, &mut deals, (end, until))?;
        let deals = Arc::new(deals);
        if end.plus_seconds(SETTLES) < cx.at {
            self.keep(end, deals.clone());
        }
        Ok(deals)
    }

    fn kept(&self, end: Instant) -> Option<Arc<Deals>> {
        let mut days = self.lock();
        let at = days.iter().position(|(known, _)| *known == end)?;
        let day = days.remove(at);
        let deals = day.1.clone();
        days.push(day);
        Some(deals)
    }

    fn keep(&self, end: Instant, deals: Arc<Deals>) {
        let mut days = self.lock();
        days.retain(|(known, _)| *known != end);
        days.push((end, deals));
        while days.len() > 2 && (days.len() > DAYS || days.iter().map(|(_, deals)| deals.len()).sum::<usize>() > MOST) {
            days.remove(0);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Instant, Arc<Deals>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last instant of a day.
pub(super) fn end_of(day: Date, zone: &jiff::tz::TimeZone) -> Instant {
    Instant(Instant::start_of(day.saturating_add(1.day()), zone).0 - 1)
}

fn object(cx: &Ctx) -> Result<&Object> {
    cx.meta.schema.object(opportunity::KEY).map(|object| &**object).ok_or(Error::NotFound)
}

/// The fields that are reckoned back, as far as the object has them, each with its place.
fn fields(object: &Object) -> Vec<(usize, &Field)> {
    FIELDS.iter().enumerate().filter_map(|(place, key)| Some((place, object.field(key)?))).collect()
}

/// All deals as they stand, those in the recycle bin among them.
fn standing(cx: &Ctx, tx: &mut Read) -> Result<Deals> {
    let object = object(cx)?;
    let (places, fields): (Vec<usize>, Vec<&Field>) = fields(object).into_iter().unzip();
    let (mut deals, mut after) = (Deals::default(), None::<Id>);
    loop {
        let page = db::past::values_after(tx, object, &fields, after, PAGE)?;
        for (id, values) in &page {
            let at = deals.push(*id);
            places.iter().zip(values).for_each(|(place, value)| deals.set(at, *place, value));
        }
        match page.last() {
            Some((last, _)) if page.len() as u64 == PAGE => after = Some(*last),
            _ => return Ok(deals),
        }
    }
}

/// Takes back what was changed after an instant and before another, the latest first, and puts back what was deleted between.
fn back(tx: &mut Read, object: &Object, deals: &mut Deals, (end, until): (Instant, Instant)) -> Result<()> {
    let known = deals.places();
    for buried in db::past::buried(tx, (end, until))? {
        // One that was deleted while this was read stands there already.
        if !known.contains_key(&buried.id) {
            let at = deals.push(buried.id);
            FIELDS.iter().enumerate().for_each(|(place, key)| deals.set(at, place, buried.values.get(*key).unwrap_or(&Value::Null)));
        }
    }
    let places = deals.places();
    let mut before = until;
    loop {
        let (changes, next) = db::past::changes_back(tx, &object.key, &FIELDS, (end, before), CHANGES)?;
        for change in changes {
            // Of one that was deleted before this was kept nothing is known.
            let Some(at) = places.get(&change.record).map(|at| *at as usize) else { continue };
            match change.field {
                None => deals.was_not_there(at),
                Some((field, old)) => place_of(&field).into_iter().for_each(|place| deals.set(at, place, &old)),
            }
        }
        match next {
            Some(next) => before = next,
            None => break,
        }
    }
    deals.settle();
    Ok(())
}

/// The rates that were in force at an instant of a day. A rate that is missed is the first that came, so that every amount counts.
pub(crate) fn rates(cx: &Ctx, tx: &mut Read, at: Instant, day: Date) -> Result<Rates> {
    if at == cx.at {
        return Ok(cx.meta.rates.clone());
    }
    let mut rates = Rates::new(cx.meta.rates.main());
    let (earlier, later): (Vec<_>, Vec<_>) = db::past::rates(tx)?.into_iter().partition(|rate| rate.at <= at);
    for one in earlier {
        match one.rate {
            Some(rate) => rates.set(one.currency, one.day, rate),
            None => rates.remove(one.currency, one.day),
        }
    }
    for one in later {
        if let (None, Some(rate)) = (rates.on(one.currency, day), one.rate) {
            rates.set(one.currency, one.day, rate);
        }
    }
    for currency in cx.meta.rates.currencies() {
        if let (None, Some(rate)) = (rates.on(currency, day), cx.meta.rates.on(currency, day)) {
            rates.set(currency, day, rate);
        }
    }
    Ok(rates)
}
