//! All deals of one process in memory, column by column, each deal's stays folded to one visit for each stage.
//!
//! What a question costs follows from how many deals it is about: those of few people are found by their owners, and only a question about
//! nearly all goes through the columns.

mod standing;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use super::places::Places;
use super::visits::{Slots, Visit, Visits};
use super::{Conversion, Deal, Filter, Frame, Part, Sight, StageFigures, between};
use crate::field::StageType;
use crate::process::Stay;
use crate::{Date, Id, Instant};

/// No value in a column.
const NONE: i64 = i64::MIN;
const NO_KEY: u32 = u32::MAX;

/// The deals that have been in one process.
#[derive(Debug, Default)]
pub struct Columns {
    stages: Names<String>,
    types: Names<String>,
    owners: Names<Id>,
    departments: Names<Id>,
    categories: Names<String>,
    products: Names<Id>,
    sources: Names<String>,
    places: Places,
    /// Places of deals that have gone.
    free: Vec<u32>,
    /// Whose deals are where, by the number of the owner; the last of all are nobody's.
    by_owner: HashMap<u32, HashSet<u32>>,
    ids: Vec<Id>,
    owner: Vec<u32>,
    department: Vec<u32>,
    opportunity_type: Vec<u32>,
    /// Where it stands in this process; none where it is in another.
    stage: Vec<u32>,
    created: Vec<i64>,
    entered: Vec<i64>,
    closed: Vec<i64>,
    /// As yyyymmdd.
    expected: Vec<i32>,
    analysis: Vec<i64>,
    amount: Vec<i64>,
    forecast: Vec<i64>,
    category: Vec<u32>,
    product: Vec<u32>,
    source: Vec<u32>,
    /// Since when it has stood where it stands.
    since: Vec<i64>,
    /// Its visits; none of a deal that has gone.
    slots: Vec<Slots>,
    visits: Visits,
}

/// Values by small numbers.
#[derive(Debug)]
struct Names<T> {
    numbers: HashMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Names<T> {
    fn default() -> Names<T> {
        Names { numbers: HashMap::new(), values: Vec::new() }
    }
}

impl<T: Hash + Eq + Clone> Names<T> {
    fn number(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = self.values.len() as u32;
        self.values.push(value.clone());
        self.numbers.insert(value.clone(), number);
        number
    }

    fn optional(&mut self, value: Option<&T>) -> u32 {
        value.map_or(NO_KEY, |value| self.number(value))
    }

    fn known(&self, value: &T) -> u32 {
        self.numbers.get(value).copied().unwrap_or(NO_KEY)
    }

    /// For each number whether its value is among these.
    fn marked(&self, among: &HashSet<T>) -> Vec<bool> {
        self.values.iter().map(|value| among.contains(value)).collect()
    }
}

impl Columns {
    /// How many deals there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// What they take in memory, about: the room of their columns and visits, and the indexes by id and owner at what an entry takes.
    pub fn bytes(&self) -> usize {
        let deal = size_of::<Id>() + 9 * size_of::<u32>() + 7 * size_of::<i64>() + size_of::<i32>() + size_of::<Slots>();
        let indexed = size_of::<Id>() + 3 * size_of::<u32>();
        self.ids.capacity() * (deal + indexed) + self.visits.bytes()
    }

    /// True while there are none.
    pub fn is_empty(&self) -> bool {
        self.places.len() == 0
    }

    /// Puts a deal in the place of what was known of it. `stays` are all its visits of this process, in any order; one that has none is no
    /// deal of it.
    pub fn put(&mut self, process: Id, deal: &Deal, stays: &[Stay]) {
        let Some(entered) = stays.iter().map(|stay| stay.entered_at).min() else { return self.remove(deal.id) };
        let (visits, since) = self.fold(stays);
        let at = match self.places.get(&self.ids, deal.id) {
            Some(at) => at as usize,
            None => self.place(deal.id),
        };
        let stage = if deal.process == process { self.stages.number(&deal.stage) } else { NO_KEY };
        let owner = self.owners.optional(deal.owner.as_ref());
        if self.owner[at] != owner || self.slots[at].is_empty() {
            if let Some(theirs) = self.by_owner.get_mut(&self.owner[at]) {
                theirs.remove(&(at as u32));
            }
            self.by_owner.entry(owner).or_default().insert(at as u32);
        }
        self.owner[at] = owner;
        self.department[at] = self.departments.optional(deal.department.as_ref());
        self.opportunity_type[at] = self.types.optional(deal.opportunity_type.as_ref());
        self.stage[at] = stage;
        self.created[at] = deal.created_at.0;
        self.entered[at] = entered.0;
        self.closed[at] = deal.closed_at.map_or(NONE, |instant| instant.0);
        self.expected[at] = deal.expected_close_date.map_or(i32::MIN, ordinal);
        self.analysis[at] = deal.analysis_amount.unwrap_or(NONE);
        self.amount[at] = deal.amount.unwrap_or(NONE);
        self.forecast[at] = deal.forecast_amount.unwrap_or(NONE);
        self.category[at] = self.categories.optional(deal.forecast_category.as_ref());
        self.product[at] = self.products.optional(deal.product.as_ref());
        self.source[at] = self.sources.optional(deal.lead_source.as_ref());
        self.since[at] = since;
        self.slots[at] = self.visits.put(self.slots[at], &visits);
        if self.visits.has_gaps() {
            self.visits.close_gaps(&mut self.slots);
        }
    }

    /// Forgets a deal.
    pub fn remove(&mut self, deal: Id) {
        let Some(at) = self.places.remove(&self.ids, deal) else { return };
        let place = at as usize;
        if let Some(theirs) = self.by_owner.get_mut(&self.owner[place]) {
            theirs.remove(&at);
        }
        self.visits.remove(&mut self.slots[place]);
        self.owner[place] = NO_KEY;
        self.free.push(at);
    }

    /// The figures of those that pass the filter. Exactly what [`super::plain`] says.
    pub fn conversion(&self, frame: &Frame<'_>, filter: &Filter) -> Conversion {
        let kinds = self.kinds(frame);
        let mut tallies: Vec<StageFigures> = vec![StageFigures::default(); self.stages.values.len()];
        let mut conversion = Conversion::default();
        self.each(filter, |at| {
            conversion.deals += 1;
            let (stands, worth) = (self.stage[at], i128::from(self.worth(at)));
            for visit in self.visits_of(at) {
                let tally = &mut tallies[visit.stage as usize];
                tally.total += 1;
                tally.amount += worth;
                tally.micros += i128::from(self.spent(at, visit, frame.now));
                match self.part(at, visit, &kinds) {
                    Part::Retained => tally.retained += 1,
                    Part::Lost => tally.lost += 1,
                    _ => {}
                }
            }
            if stands != NO_KEY && kinds[stands as usize] == Some(StageType::Won) {
                conversion.won += 1;
                let won_at = if self.closed[at] == NONE { frame.now } else { Instant(self.closed[at]) };
                conversion.cycle_micros += i128::from(between(Instant(self.created[at]), won_at));
                if self.amount[at] != NONE {
                    conversion.sized += 1;
                    conversion.size += i128::from(self.amount[at]);
                }
            }
        });
        let mut former: BTreeMap<&str, StageFigures> = BTreeMap::new();
        for (number, tally) in tallies.into_iter().enumerate().filter(|(_, tally)| tally.total > 0) {
            let name = &self.stages.values[number];
            if kinds[number].is_none_or(|kind| kind == StageType::InProgress) {
                former.insert(name, StageFigures { stage: name.clone(), former: true, ..tally });
            }
        }
        for stage in frame.stages {
            let figures = former.remove(stage.as_str()).unwrap_or_default();
            conversion.stages.push(StageFigures { stage: stage.clone(), former: false, ..figures });
        }
        conversion.stages.extend(former.into_values());
        conversion
    }

    /// The deals behind a figure: those that have been in `stage`, or a part of them; each with what it counts in analysis.
    pub fn behind(&self, frame: &Frame<'_>, filter: &Filter, stage: &str, part: Part) -> Vec<(i64, Id)> {
        let (kinds, stage) = (self.kinds(frame), self.stages.known(&stage.to_owned()));
        let mut found = Vec::new();
        if stage == NO_KEY {
            return found;
        }
        self.each(filter, |at| {
            let visit = self.visits_of(at).find(|visit| visit.stage == stage);
            if visit.is_some_and(|visit| part == Part::Total || self.part(at, visit, &kinds) == part) {
                found.push((self.worth(at), self.ids[at]));
            }
        });
        found
    }

    /// The deals that are won now.
    pub fn won(&self, frame: &Frame<'_>, filter: &Filter) -> Vec<(i64, Id)> {
        let kinds = self.kinds(frame);
        let mut found = Vec::new();
        self.each(filter, |at| {
            if self.stage[at] != NO_KEY && kinds[self.stage[at] as usize] == Some(StageType::Won) {
                found.push((self.worth(at), self.ids[at]));
            }
        });
        found
    }

    /// All that count.
    pub fn counting(&self, filter: &Filter) -> Vec<(i64, Id)> {
        let mut found = Vec::new();
        self.each(filter, |at| found.push((self.worth(at), self.ids[at])));
        found
    }

    /// The deals that are won now and have an amount, each with that.
    pub fn sized(&self, frame: &Frame<'_>, filter: &Filter) -> Vec<(i64, Id)> {
        let amount = |id: &Id| self.places.get(&self.ids, *id).map_or(NONE, |at| self.amount[at as usize]);
        let won = self.won(frame, filter).into_iter();
        won.map(|(_, id)| (amount(&id), id)).filter(|(amount, _)| *amount != NONE).collect()
    }

    /// Slots of visits in use, and in all.
    #[cfg(test)]
    pub(super) fn slots(&self) -> (usize, usize) {
        (self.slots.iter().map(|slots| slots.len()).sum(), self.visits.len())
    }

    fn kinds(&self, frame: &Frame<'_>) -> Vec<Option<StageType>> {
        self.stages.values.iter().map(|stage| frame.types.get(stage).copied()).collect()
    }

    /// What became of a deal after a visit.
    fn part(&self, at: usize, visit: Visit, kinds: &[Option<StageType>]) -> Part {
        let stands = self.stage[at];
        if stands == visit.stage {
            Part::Retained
        } else if visit.to.is_some_and(|to| to == stands && matches!(kinds[to as usize], Some(StageType::Lost | StageType::Invalid))) {
            Part::Lost
        } else {
            Part::Transitioned
        }
    }

    fn worth(&self, at: usize) -> i64 {
        if self.analysis[at] == NONE { 0 } else { self.analysis[at] }
    }

    fn spent(&self, at: usize, visit: Visit, now: Instant) -> i64 {
        visit.micros + if visit.open { between(Instant(self.since[at]), now) } else { 0 }
    }

    fn visits_of(&self, at: usize) -> impl Iterator<Item = Visit> {
        self.slots[at].range().map(|slot| self.visits.get(slot))
    }

    /// Visits the places of the deals that pass.
    fn each(&self, filter: &Filter, mut visit: impl FnMut(usize)) {
        let question = Question::of(self, filter);
        match self.few(filter) {
            Some(places) => places.into_iter().map(|at| at as usize).filter(|at| question.passes(self, *at)).for_each(visit),
            None => (0..self.ids.len()).filter(|at| question.passes(self, *at)).for_each(&mut visit),
        }
    }

    /// The places of all that may pass, where they are few among all.
    fn few(&self, filter: &Filter) -> Option<Vec<u32>> {
        let most = self.ids.len() / 4;
        if let Some(among) = filter.among.as_ref().filter(|among| among.len() < most) {
            return Some(among.iter().filter_map(|id| self.places.get(&self.ids, *id)).collect());
        }
        let of = |owners: &HashSet<Id>| -> Option<Vec<u32>> {
            let theirs = || owners.iter().filter_map(|owner| self.by_owner.get(&self.owners.known(owner)));
            (theirs().map(HashSet::len).sum::<usize>() < most).then(|| theirs().flatten().copied().collect())
        };
        if let Some(places) = filter.owners.as_ref().and_then(of) {
            return Some(places);
        }
        let Sight::Of { owners, given } = &filter.sight else { return None };
        let mut places = of(owners).filter(|_| given.len() < most)?;
        places.extend(given.iter().filter_map(|id| self.places.get(&self.ids, *id)));
        places.sort_unstable();
        places.dedup();
        Some(places)
    }

    fn place(&mut self, deal: Id) -> usize {
        let at = self.free.pop().map_or(self.ids.len(), |at| at as usize);
        if at == self.ids.len() {
            self.ids.push(deal);
            let keys = [&mut self.owner, &mut self.department, &mut self.opportunity_type, &mut self.stage];
            let more_keys = [&mut self.category, &mut self.product, &mut self.source];
            keys.into_iter().chain(more_keys).for_each(|column| column.push(NO_KEY));
            let instants = [&mut self.created, &mut self.entered, &mut self.closed];
            let amounts = [&mut self.analysis, &mut self.amount, &mut self.forecast];
            instants.into_iter().chain(amounts).for_each(|column| column.push(NONE));
            self.expected.push(i32::MIN);
            self.since.push(NONE);
            self.slots.push(Slots::default());
        }
        self.ids[at] = deal;
        self.places.insert(&self.ids, at as u32);
        at
    }

    /// One visit for each stage, and since when the one lasts that is still going on.
    fn fold(&mut self, stays: &[Stay]) -> (Vec<Visit>, i64) {
        let mut visits: Vec<Visit> = Vec::new();
        // When each was left last, to know which leaving that was.
        let mut left: Vec<Option<(Instant, i64, Id)>> = Vec::new();
        let mut since = NONE;
        for stay in stays {
            let stage = self.stages.number(&stay.stage);
            let at = visits.iter().position(|visit| visit.stage == stage).unwrap_or_else(|| {
                visits.push(Visit { stage, micros: 0, open: false, to: None });
                left.push(None);
                visits.len() - 1
            });
            match stay.left_at {
                None => (visits[at].open, since) = (true, stay.entered_at.0),
                Some(end) => {
                    visits[at].micros += between(stay.entered_at, end);
                    let leaving = Some((end, stay.run, stay.id));
                    if left[at] < leaving {
                        left[at] = leaving;
                        visits[at].to = stay.to_stage.as_ref().map(|to| self.stages.number(to));
                    }
                }
            }
        }
        (visits, since)
    }
}

/// A filter in the numbers of the columns.
struct Question<'a> {
    owners: Option<Vec<bool>>,
    departments: Option<Vec<bool>>,
    types: Option<Vec<bool>>,
    seen: Option<Vec<bool>>,
    given: Option<&'a HashSet<Id>>,
    filter: &'a Filter,
}

impl<'a> Question<'a> {
    fn of(columns: &Columns, filter: &'a Filter) -> Question<'a> {
        let (seen, given) = match &filter.sight {
            Sight::Every => (None, None),
            Sight::Of { owners, given } => (Some(columns.owners.marked(owners)), Some(given)),
        };
        Question {
            owners: filter.owners.as_ref().map(|owners| columns.owners.marked(owners)),
            departments: filter.departments.as_ref().map(|departments| columns.departments.marked(departments)),
            types: filter.opportunity_types.as_ref().map(|types| columns.types.marked(types)),
            seen,
            given,
            filter,
        }
    }

    fn passes(&self, columns: &Columns, at: usize) -> bool {
        let among = |marked: Option<&Vec<bool>>, number: u32| marked.is_none_or(|marked| marked.get(number as usize).is_some_and(|is| *is));
        let within = |range: Option<&std::ops::Range<Instant>>, value: i64| {
            range.is_none_or(|range| value != NONE && range.contains(&Instant(value)))
        };
        let filter = self.filter;
        !columns.slots[at].is_empty()
            && among(self.owners.as_ref(), columns.owner[at])
            && among(self.departments.as_ref(), columns.department[at])
            && among(self.types.as_ref(), columns.opportunity_type[at])
            && within(filter.created.as_ref(), columns.created[at])
            && within(filter.entered.as_ref(), columns.entered[at])
            && within(filter.closed.as_ref(), columns.closed[at])
            && filter.expected_close_date.as_ref().is_none_or(|days| {
                let day = columns.expected[at];
                day != i32::MIN && (ordinal(days.start)..ordinal(days.end)).contains(&day)
            })
            && (among(self.seen.as_ref(), columns.owner[at]) || self.given.is_some_and(|given| given.contains(&columns.ids[at])))
            && filter.among.as_ref().is_none_or(|among| among.contains(&columns.ids[at]))
            && (filter.except.is_empty() || !filter.except.contains(&columns.ids[at]))
    }
}

/// A day as a number that ascends with the days.
fn ordinal(day: Date) -> i32 {
    i32::from(day.year()) * 10_000 + i32::from(day.month()) * 100 + i32::from(day.day())
}
