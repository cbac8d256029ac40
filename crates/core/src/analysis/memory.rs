//! All deals in memory, as of a place in the outbox.
//!
//! The truth stays in the database. What was written since, on whichever server, is told by the outbox and read again before an answer is
//! given, so the figures are those of the reader's own snapshot or of a later one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError, RwLock};

use db::outbox::{self, Position};
use db::{Limits, Read, Write};
use model::analysis::{Columns, Deal};
use model::objects::{lifecycle, opportunity};
use model::process::Stay;
use model::{Field, Id, Object, Record};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::processes::stays;
use crate::{Credential, Ctx, Error, House, Result};

const READER: Credential = Credential::System("what is analysed is held in memory");
/// Deals that are read together.
const PAGE: u64 = 1_000;
/// So many pages are read at once at a start: the engine finds what belongs to one while another is put in its place.
const READERS: usize = 2;
/// Of so many that have changed, all are read anew: page by page it is quicker.
const MOST_CHANGED: usize = 200_000;
/// In the table of counters: how often amounts have been converted anew without a change of their records.
const CONVERTED: &str = "amounts_converted";

/// What the analysis asks of a deal.
pub(super) const FIELDS: [&str; 15] = [
    "sales_process",
    "stage",
    "owner",
    "owner_department",
    "opportunity_type",
    "created_at",
    "expected_close_date",
    "closed_at",
    "analysis_amount",
    "amount",
    "forecast_amount",
    "forecast_category",
    "product",
    "lead_source",
    "lifecycle_status",
];

/// All deals, by the processes in which they have been.
#[derive(Default)]
pub struct Memory(RwLock<Option<Held>>);

impl Memory {
    /// How many deals are in here, counted once for each process in which they have been; none while they are being read.
    pub fn deals(&self) -> usize {
        self.sum(Columns::len)
    }

    /// What they take, about.
    pub fn bytes(&self) -> usize {
        self.sum(Columns::bytes)
    }

    /// Whoever only looks does not wait for those who read or write.
    fn sum(&self, of: fn(&Columns) -> usize) -> usize {
        let Ok(held) = self.0.try_read() else { return 0 };
        held.as_ref().map_or(0, |held| held.columns.values().map(of).sum())
    }
}

struct Held {
    position: Position,
    /// Revisions of deals behind the position that are in here.
    known: HashMap<Id, i64>,
    converted: i64,
    columns: BTreeMap<Id, Columns>,
}

/// Reads all deals, where that has not been done yet; for a moment when nobody waits, or before the first answer.
pub fn prepare(house: &House) -> Result<()> {
    let memory = house.analysis();
    if memory.0.read().unwrap_or_else(PoisonError::into_inner).is_some() {
        return Ok(());
    }
    // One reads, the others wait for it.
    let mut held = memory.0.write().unwrap_or_else(PoisonError::into_inner);
    if held.is_none() {
        *held = Some(Held::read(house)?);
    }
    Ok(())
}

/// Amounts of deals have come to be worth something else in the main currency.
pub(crate) fn revalued(tx: &mut Write) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic([CONVERTED.into(), 1_i64.into()])
            .on_conflict(OnConflict::column("key").value("n", Expr::col(("counter", "n")).add(1)).to_owned()),
    )?;
    Ok(())
}

/// How often amounts have been converted anew.
pub(super) fn converted(tx: &mut Read) -> Result<i64> {
    let row = tx.optional(Query::select().column("n").from("counter").and_where(Expr::col("key").eq(CONVERTED)))?;
    Ok(row.map_or(Ok(0), |row| row.get("n"))?)
}

impl Memory {
    /// True once all deals have been read.
    pub fn is_ready(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// One of its own, read in this transaction.
    pub(crate) fn read_in(cx: &Ctx, tx: &mut Read) -> Result<Memory> {
        Ok(Memory(RwLock::new(Some(Held::read_in(cx, tx)?))))
    }

    /// Asks of the deals of one process, as this transaction sees them.
    pub(crate) fn ask<T>(&self, cx: &Ctx, tx: &mut Read, process: Id, ask: impl FnOnce(&Columns) -> T) -> Result<T> {
        let nothing = Columns::default();
        self.ask_all(cx, tx, |columns| ask(columns.get(&process).unwrap_or(&nothing)))
    }

    /// Asks of the deals of every process, as this transaction sees them.
    pub(crate) fn ask_all<T>(&self, cx: &Ctx, tx: &mut Read, ask: impl FnOnce(&BTreeMap<Id, Columns>) -> T) -> Result<T> {
        let mut slot = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let held = slot.as_mut().ok_or_else(|| Error::Internal("deals are asked for before they are read".into()))?;
        if held.catch_up(cx, tx)? == Caught::TooMuch {
            *held = Held::read_in(cx, tx)?;
        }
        // Many may ask at once; only taking in is one's alone.
        drop(slot);
        let slot = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let nothing = BTreeMap::new();
        Ok(ask(slot.as_ref().map_or(&nothing, |held| &held.columns)))
    }
}

#[derive(PartialEq)]
enum Caught {
    Up,
    TooMuch,
}

impl Held {
    fn new(tx: &mut Read) -> Result<Held> {
        Ok(Held { position: outbox::head(tx)?, known: HashMap::new(), converted: converted(tx)?, columns: BTreeMap::new() })
    }

    /// Reads all deals, a page in a transaction, so that none lasts long; what is written meanwhile stands behind the position.
    fn read(house: &House) -> Result<Held> {
        let mut held = house.read(&READER, Limits::default(), |_, tx| Held::new(tx))?;
        let next = Mutex::new(Next::Behind(None));
        std::thread::scope(|threads| {
            let (tell, pages) = sync_channel(READERS);
            for _ in 0..READERS {
                let (tell, next) = (tell.clone(), &next);
                threads.spawn(move || {
                    while let Some(page) = read_page(house, next).transpose() {
                        let failed = page.is_err();
                        if tell.send(page).is_err() || failed {
                            return;
                        }
                    }
                });
            }
            drop(tell);
            for page in pages {
                page?.into_iter().for_each(|(deal, stays)| held.place(&deal, stays));
            }
            Ok(held)
        })
    }

    /// The same in one transaction.
    fn read_in(cx: &Ctx, tx: &mut Read) -> Result<Held> {
        let mut held = Held::new(tx)?;
        let mut after = None;
        loop {
            after = held.read_on(cx, tx, after)?;
            if after.is_none() {
                return Ok(held);
            }
        }
    }

    /// Reads some deals behind one; up to which, where there may be more.
    fn read_on(&mut self, cx: &Ctx, tx: &mut Read, after: Option<Id>) -> Result<Option<Id>> {
        let object = object_of(cx)?;
        let ids = db::records::ids_after(tx, object, after, PAGE)?;
        self.take_in(cx, tx, object, &ids)?;
        Ok(ids.last().copied().filter(|_| ids.len() as u64 == PAGE))
    }

    /// Takes in what was written since.
    fn catch_up(&mut self, cx: &Ctx, tx: &mut Read) -> Result<Caught> {
        let object = object_of(cx)?;
        // One whose snapshot is older than what is held already has nothing to add.
        let head = outbox::head(tx)?;
        if head < self.position {
            return Ok(Caught::Up);
        }
        if converted(tx)? != self.converted {
            return Ok(Caught::TooMuch);
        }
        let written = outbox::written_behind(tx, &self.position, &object.key)?;
        let new: Vec<Id> = written.iter().filter(|(id, at)| self.known.get(id).is_none_or(|known| known < at)).map(|(id, _)| *id).collect();
        if new.len() > MOST_CHANGED {
            return Ok(Caught::TooMuch);
        }
        self.take_in(cx, tx, object, &new)?;
        // What a later snapshot has told already is never overwritten by what an earlier one sees.
        let latest =
            |id: Id, revision: i64| (id, self.known.get(&id).map_or(revision, |known| if *known > revision { *known } else { revision }));
        let mut known: HashMap<Id, i64> = written.into_iter().map(|(id, revision)| latest(id, revision)).collect();
        if head == self.position {
            for (id, revision) in &self.known {
                known.entry(*id).or_insert(*revision);
            }
        }
        (self.position, self.known) = (head, known);
        Ok(Caught::Up)
    }

    fn take_in(&mut self, cx: &Ctx, tx: &mut Read, object: &Object, ids: &[Id]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut gone: HashSet<Id> = ids.iter().copied().collect();
        for (record, stays) in deals_of(tx, object, ids)? {
            gone.remove(&record.id);
            self.put(cx, &record, stays);
        }
        gone.iter().for_each(|id| self.forget(*id));
        Ok(())
    }

    fn put(&mut self, cx: &Ctx, record: &Record, stays: Vec<Stay>) {
        if !lifecycle::counts(record.text("lifecycle_status")) {
            return self.forget(record.id);
        }
        self.place(&deal(cx, record), stays);
    }

    fn place(&mut self, deal: &Deal, stays: Vec<Stay>) {
        let mut by_process: BTreeMap<Id, Vec<Stay>> = BTreeMap::new();
        stays.into_iter().for_each(|stay| by_process.entry(stay.process).or_default().push(stay));
        for (_, columns) in self.columns.iter_mut().filter(|(process, _)| !by_process.contains_key(process)) {
            columns.remove(deal.id);
        }
        for (process, stays) in by_process {
            self.columns.entry(process).or_default().put(process, deal, &stays);
        }
    }

    fn forget(&mut self, deal: Id) {
        self.columns.values_mut().for_each(|columns| columns.remove(deal));
    }
}

/// Where those who read all deals together go on.
enum Next {
    Behind(Option<Id>),
    /// One has read the last of them, or failed.
    End,
}

/// The next page of deals that count, with their stays; `None` behind the last.
fn read_page(house: &House, next: &Mutex<Next>) -> Result<Option<Vec<(Deal, Vec<Stay>)>>> {
    let ids = {
        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
        let Next::Behind(after) = std::mem::replace(&mut *next, Next::End) else { return Ok(None) };
        let ids = house.read(&READER, Limits::default(), |cx, tx| Ok(db::records::ids_after(tx, object_of(cx)?, after, PAGE)?))?;
        if ids.len() as u64 == PAGE {
            *next = Next::Behind(ids.last().copied());
        }
        ids
    };
    house.read(&READER, Limits::default(), |cx, tx| {
        let deals = deals_of(tx, object_of(cx)?, &ids)?;
        let counts = |record: &Record| lifecycle::counts(record.text("lifecycle_status"));
        Ok(Some(deals.into_iter().filter(|(record, _)| counts(record)).map(|(record, stays)| (deal(cx, &record), stays)).collect()))
    })
}

fn object_of(cx: &Ctx) -> Result<&Object> {
    cx.meta.schema.object(opportunity::KEY).map(AsRef::as_ref).ok_or(Error::NotFound)
}

/// These deals with all their stays, as far as the analysis asks of them.
pub(super) fn deals_of(tx: &mut Read, object: &Object, ids: &[Id]) -> Result<Vec<(Record, Vec<Stay>)>> {
    let fields: Vec<&Field> = FIELDS.iter().filter_map(|key| object.field(key)).collect();
    let records = db::records::load_fields(tx, object, &fields, ids)?;
    let mut stays = stays::visits(tx, ids)?;
    Ok(records
        .into_iter()
        .map(|record| (stays.remove(&record.id).unwrap_or_default(), record))
        .map(|(stays, record)| (record, stays))
        .collect())
}

/// A deal as the analysis asks of it.
pub(super) fn deal(cx: &Ctx, record: &Record) -> Deal {
    let text = |field: &str| record.get(field).as_text().map(str::to_owned);
    let instant = |field: &str| record.get(field).as_instant();
    let main = |field: &str| record.mains.get(field).map(|amount| amount.0);
    Deal {
        id: record.id,
        process: record.text("sales_process").parse().unwrap_or(Id::SYSTEM),
        stage: record.text("stage").to_owned(),
        owner: record.owner(),
        department: record.reference("owner_department"),
        opportunity_type: text("opportunity_type"),
        created_at: instant("created_at").unwrap_or(cx.at),
        expected_close_date: record.get("expected_close_date").as_date(),
        closed_at: instant("closed_at"),
        analysis_amount: main("analysis_amount"),
        amount: main("amount"),
        forecast_amount: main("forecast_amount"),
        forecast_category: text("forecast_category"),
        product: record.reference("product"),
        lead_source: text("lead_source"),
    }
}
