//! All deals of one process in memory, column by column, each deal's stays folded to one visit for each stage.
//!
//! What a question costs follows from how many deals it is about: those of few people are found by their owners, and only a question about
//! nearly all goes through the columns.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use super::{Conversion, Deal, Filter, Frame, Part, Sight, StageFigures, between};
use crate::field::StageType;
use crate::process::Stay;
use crate::{Date, Id, Instant};

/// No value in a column.
const NONE: i64 = i64::MIN;
const NO_KEY: u32 = u32::MAX;
/// Slots of visits that nobody uses any more are kept until they are this share of all.
const SPARE: usize = 4;

/// The deals that have been in one process.
#[derive(Debug, Default)]
pub struct Columns {
    stages: Names<String>,
    types: Names<String>,
    owners: Names<Id>,
    departments: Names<Id>,
    places: HashMap<Id, u32>,
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
    /// Where its visits begin, and how many there are; none of a deal that has gone.
    first: Vec<u32>,
    visits: Vec<u16>,
    visit_stage: Vec<u32>,
    visit_micros: Vec<i64>,
    /// Since when it has stood there.
    visit_since: Vec<i64>,
    /// Where it went when it left the last time.
    visit_to: Vec<u32>,
    unused: usize,
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

/// All visits of a deal to one stage.
struct Visit {
    stage: u32,
    micros: i64,
    since: i64,
    to: u32,
    /// When it left last, to know which leaving that was.
    left: Option<(Instant, i64, Id)>,
}

impl Columns {
    /// How many deals there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True while there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Puts a deal in the place of what was known of it. `stays` are all its visits of this process, in any order; one that has none is no
    /// deal of it.
    pub fn put(&mut self, process: Id, deal: &Deal, stays: &[Stay]) {
        let Some(entered) = stays.iter().map(|stay| stay.entered_at).min() else { return self.remove(deal.id) };
        let visits = self.fold(stays);
        let at = match self.places.get(&deal.id) {
            Some(at) => *at as usize,
            None => self.place(deal.id),
        };
        let stage = if deal.process == process { self.stages.number(&deal.stage) } else { NO_KEY };
        let owner = self.owners.optional(deal.owner.as_ref());
        if self.owner[at] != owner || self.visits[at] == 0 {
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
        self.put_visits(at, &visits);
    }

    /// Forgets a deal.
    pub fn remove(&mut self, deal: Id) {
        let Some(at) = self.places.remove(&deal) else { return };
        let place = at as usize;
        if let Some(theirs) = self.by_owner.get_mut(&self.owner[place]) {
            theirs.remove(&at);
        }
        self.unused += usize::from(self.visits[place]);
        self.visits[place] = 0;
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
                let tally = &mut tallies[self.visit_stage[visit] as usize];
                tally.total += 1;
                tally.amount += worth;
                tally.micros += i128::from(self.spent(visit, frame.now));
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
            let visit = self.visits_of(at).find(|visit| self.visit_stage[*visit] == stage);
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

    /// Slots of visits in use, and in all.
    #[cfg(test)]
    pub(super) fn slots(&self) -> (usize, usize) {
        (self.visits.iter().map(|count| usize::from(*count)).sum(), self.visit_stage.len())
    }

    fn kinds(&self, frame: &Frame<'_>) -> Vec<Option<StageType>> {
        self.stages.values.iter().map(|stage| frame.types.get(stage).copied()).collect()
    }

    /// What became of a deal after a visit.
    fn part(&self, at: usize, visit: usize, kinds: &[Option<StageType>]) -> Part {
        let (stands, to) = (self.stage[at], self.visit_to[visit]);
        if stands == self.visit_stage[visit] {
            Part::Retained
        } else if to != NO_KEY && stands == to && matches!(kinds[to as usize], Some(StageType::Lost | StageType::Invalid)) {
            Part::Lost
        } else {
            Part::Transitioned
        }
    }

    fn worth(&self, at: usize) -> i64 {
        if self.analysis[at] == NONE { 0 } else { self.analysis[at] }
    }

    fn spent(&self, visit: usize, now: Instant) -> i64 {
        let since = self.visit_since[visit];
        self.visit_micros[visit] + if since == NONE { 0 } else { between(Instant(since), now) }
    }

    fn visits_of(&self, at: usize) -> std::ops::Range<usize> {
        let first = self.first[at] as usize;
        first..first + usize::from(self.visits[at])
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
            return Some(among.iter().filter_map(|id| self.places.get(id).copied()).collect());
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
        places.extend(given.iter().filter_map(|id| self.places.get(id)));
        places.sort_unstable();
        places.dedup();
        Some(places)
    }

    fn place(&mut self, deal: Id) -> usize {
        let at = self.free.pop().map_or(self.ids.len(), |at| at as usize);
        if at == self.ids.len() {
            self.ids.push(deal);
            for column in [&mut self.owner, &mut self.department, &mut self.opportunity_type, &mut self.stage] {
                column.push(NO_KEY);
            }
            for column in [&mut self.created, &mut self.entered, &mut self.closed, &mut self.analysis, &mut self.amount] {
                column.push(NONE);
            }
            self.expected.push(i32::MIN);
            self.first.push(0);
            self.visits.push(0);
        }
        self.ids[at] = deal;
        self.places.insert(deal, at as u32);
        at
    }

    fn fold(&mut self, stays: &[Stay]) -> Vec<Visit> {
        let mut visits: Vec<Visit> = Vec::new();
        for stay in stays {
            let stage = self.stages.number(&stay.stage);
            let at = visits.iter().position(|visit| visit.stage == stage).unwrap_or_else(|| {
                visits.push(Visit { stage, micros: 0, since: NONE, to: NO_KEY, left: None });
                visits.len() - 1
            });
            match stay.left_at {
                None => visits[at].since = stay.entered_at.0,
                Some(left) => {
                    visits[at].micros += between(stay.entered_at, left);
                    let leaving = Some((left, stay.run, stay.id));
                    if visits[at].left < leaving {
                        let to = self.stages.optional(stay.to_stage.as_ref());
                        (visits[at].left, visits[at].to) = (leaving, to);
                    }
                }
            }
        }
        visits
    }

    fn put_visits(&mut self, at: usize, visits: &[Visit]) {
        let known = usize::from(self.visits[at]);
        if known < visits.len() {
            // Behind all others, where there is room for more.
            self.unused += known;
            self.first[at] = self.visit_stage.len() as u32;
            self.visit_stage.resize(self.visit_stage.len() + visits.len(), NO_KEY);
            self.visit_to.resize(self.visit_to.len() + visits.len(), NO_KEY);
            self.visit_micros.resize(self.visit_micros.len() + visits.len(), 0);
            self.visit_since.resize(self.visit_since.len() + visits.len(), NONE);
        } else {
            self.unused += known - visits.len();
        }
        self.visits[at] = visits.len() as u16;
        for (slot, visit) in self.visits_of(at).zip(visits) {
            self.visit_stage[slot] = visit.stage;
            self.visit_micros[slot] = visit.micros;
            self.visit_since[slot] = visit.since;
            self.visit_to[slot] = visit.to;
        }
        if self.unused > 1024 && self.unused > self.visit_stage.len() / SPARE {
            self.close_gaps();
        }
    }

    /// Moves the visits together.
    fn close_gaps(&mut self) {
        let places: Vec<usize> = (0..self.ids.len()).filter(|at| self.visits[*at] > 0).collect();
        let order: Vec<usize> = places.iter().flat_map(|at| self.visits_of(*at)).collect();
        let mut next = 0;
        for at in places {
            self.first[at] = next;
            next += u32::from(self.visits[at]);
        }
        fn taken<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|slot| column[*slot]).collect()
        }
        self.visit_stage = taken(&self.visit_stage, &order);
        self.visit_to = taken(&self.visit_to, &order);
        self.visit_micros = taken(&self.visit_micros, &order);
        self.visit_since = taken(&self.visit_since, &order);
        self.unused = 0;
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
        columns.visits[at] > 0
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
    }
}

/// A day as a number that ascends with the days.
fn ordinal(day: Date) -> i32 {
    i32::from(day.year()) * 10_000 + i32::from(day.month()) * 100 + i32::from(day.day())
}
