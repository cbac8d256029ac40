//! The courses of all deals in memory, as of a place in the outbox, and how projections fell that were tested lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use db::Read;
use db::outbox::{self, Position};
use model::analysis::projection::{Course, Errors, Event, Tested};
use model::field::StageType;
use model::objects::{lifecycle, opportunity};
use model::process::Stay;
use model::{Id, Instant, Object, Record};

use crate::analysis::conversion::types;
use crate::analysis::memory::{converted, deals_of};
use crate::{Ctx, Error, Result};

/// Deals that are read together.
const PAGE: u64 = 5_000;
/// Of so many that have changed, all are read anew.
const MOST_CHANGED: usize = 200_000;
/// For so many seconds a test of past periods is taken as it was: what is past hardly changes.
const TESTED_FOR: i64 = 600;
/// Tests that are kept.
const TESTS: usize = 32;

/// The courses of all deals that count.
#[derive(Default)]
pub struct Courses {
    held: Mutex<Option<Arc<Held>>>,
    tested: Mutex<Vec<(String, Instant, Fell)>>,
}

/// How projections fell.
pub(super) type Fell = Arc<(Vec<Tested>, Errors)>;

/// Deals with their courses.
#[derive(Clone)]
pub(super) struct Held {
    position: Position,
    converted: i64,
    stages: Vec<(Id, String)>,
    segments: HashMap<String, u32>,
    places: HashMap<Id, usize>,
    pub deals: Vec<Deal>,
}

/// A deal, as far as projections ask of it.
#[derive(Clone)]
pub(super) struct Deal {
    /// It counts no more.
    pub gone: bool,
    pub process: Id,
    /// What it is worth now, in ten-thousandths of the main currency.
    pub amount: Option<i64>,
    pub course: Course,
}

impl Held {
    /// The stages that occur, by number.
    pub fn stages(&self) -> impl Iterator<Item = (u32, &(Id, String))> {
        self.stages.iter().enumerate().map(|(number, stage)| (number as u32, stage))
    }

    /// What a deal is worth now.
    pub fn deal(&self, id: Id) -> Option<&Deal> {
        self.places.get(&id).map(|at| &self.deals[*at]).filter(|deal| !deal.gone)
    }

    fn read(cx: &Ctx, tx: &mut Read) -> Result<Held> {
        let (position, converted) = (outbox::head(tx)?, converted(tx)?);
        let (stages, segments, places, deals) = Default::default();
        let mut held = Held { position, converted, stages, segments, places, deals };
        let object = object(cx)?;
        let mut after = None;
        loop {
            let ids = db::records::ids_after(tx, object, after, PAGE)?;
            held.take_in(tx, object, &ids)?;
            match ids.last() {
                Some(last) if ids.len() as u64 == PAGE => after = Some(*last),
                _ => return Ok(held),
            }
        }
    }

    fn take_in(&mut self, tx: &mut Read, object: &Object, ids: &[Id]) -> Result<()> {
        let kinds = types(object);
        for id in ids {
            if let Some(at) = self.places.get(id) {
                self.deals[*at].gone = true;
            }
        }
        for (record, stays) in deals_of(tx, object, ids)? {
            if lifecycle::counts(record.text("lifecycle_status")) {
                let deal = self.deal_of(&record, stays, &kinds);
                match self.places.get(&record.id) {
                    Some(at) => self.deals[*at] = deal,
                    None => {
                        self.places.insert(record.id, self.deals.len());
                        self.deals.push(deal);
                    }
                }
            }
        }
        Ok(())
    }

    fn deal_of(&mut self, record: &Record, mut stays: Vec<Stay>, kinds: &HashMap<String, StageType>) -> Deal {
        stays.sort_by_key(|stay| (stay.entered_at, stay.run, stay.id));
        let mut events = Vec::with_capacity(stays.len());
        for stay in stays {
            let event = match kinds.get(&stay.stage) {
                Some(StageType::Won) => Event::Won,
                Some(StageType::Lost | StageType::Invalid) => Event::Lost,
                _ => Event::Stage(self.number(stay.process, stay.stage)),
            };
            events.push((stay.entered_at, event));
        }
        // Deals of a type have something in common; where there are no types, those of a product.
        let segment = match (record.get("opportunity_type").as_text(), record.reference("product")) {
            (Some(kind), _) => kind.to_owned(),
            (None, Some(product)) => product.to_string(),
            (None, None) => String::new(),
        };
        let next = self.segments.len() as u32;
        let segment = *self.segments.entry(segment).or_insert(next);
        let amount = record.mains.get("amount").map(|amount| amount.0);
        let expected = record.get("expected_close_date").as_date();
        let expected = expected.map(|day| Instant::start_of(day, &jiff::tz::TimeZone::UTC));
        let won = matches!(events.last(), Some((_, Event::Won)));
        Deal {
            gone: false,
            process: record.text("sales_process").parse().unwrap_or(Id::SYSTEM),
            amount,
            course: Course { id: record.id, segment, events, worth: amount.filter(|_| won), expected },
        }
    }

    fn number(&mut self, process: Id, stage: String) -> u32 {
        let known = self.stages.iter().position(|known| known.0 == process && known.1 == stage);
        known.unwrap_or_else(|| {
            self.stages.push((process, stage));
            self.stages.len() - 1
        }) as u32
    }
}

fn object(cx: &Ctx) -> Result<&Object> {
    cx.meta.schema.object(opportunity::KEY).map(|object| &**object).ok_or(Error::NotFound)
}

impl Courses {
    /// True once the courses have been read.
    pub fn is_ready(&self) -> bool {
        self.lock().is_some()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Held>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All deals as this transaction sees them, or a later one.
    pub(super) fn held(&self, cx: &Ctx, tx: &mut Read) -> Result<Arc<Held>> {
        let mut slot = self.lock();
        let head = outbox::head(tx)?;
        let Some(held) = slot.as_mut().filter(|held| held.converted == converted(tx).unwrap_or(-1)) else {
            let held = Arc::new(Held::read(cx, tx)?);
            *slot = Some(held.clone());
            return Ok(held);
        };
        if head < held.position {
            return Ok(held.clone());
        }
        let written: Vec<Id> = outbox::written_behind(tx, &held.position, opportunity::KEY)?.into_iter().map(|(id, _)| id).collect();
        if written.len() > MOST_CHANGED {
            *held = Arc::new(Held::read(cx, tx)?);
        } else if !written.is_empty() || held.position != head {
            let now = Arc::make_mut(held);
            for ids in written.chunks(PAGE as usize) {
                now.take_in(tx, object(cx)?, ids)?;
            }
            now.position = head;
        }
        Ok(held.clone())
    }

    /// A test of past periods that was made lately, else made now.
    pub(super) fn tested(&self, key: String, now: Instant, test: impl FnOnce() -> Result<(Vec<Tested>, Errors)>) -> Result<Fell> {
        let lock = || self.tested.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |(known, at, _): &&(String, Instant, Fell)| *known == key && at.plus_seconds(TESTED_FOR) > now && *at <= now;
        if let Some((_, _, fell)) = lock().iter().find(fresh) {
            return Ok(fell.clone());
        }
        let fell = Arc::new(test()?);
        let mut tests = lock();
        tests.retain(|(known, ..)| *known != key);
        tests.push((key, now, fell.clone()));
        if tests.len() > TESTS {
            tests.remove(0);
        }
        Ok(fell)
    }
}
