//! Deals as they stand, reckoned from the columns: exactly what the plain loops of `super::super::standing` say. A deal stands in one process
//! alone, so what all processes come to is the sum of each.

use std::collections::HashMap;
use std::hash::Hash;

use super::{Columns, NO_KEY, NONE, Names, ordinal};
use crate::analysis::standing::is_open;
use crate::analysis::{By, Category, Filter, Forecast, Key, Pipeline, Span, Standing, Standings, between};
use crate::field::StageType;
use crate::{Id, Instant};

/// What stages are, by their numbers.
struct Kinds(Vec<Option<StageType>>);

impl Kinds {
    /// None for a deal that stands in another process.
    fn of(&self, stage: u32) -> Option<Option<StageType>> {
        self.0.get(stage as usize).copied()
    }

    fn open(&self, stage: u32) -> bool {
        self.of(stage).is_some_and(is_open)
    }

    fn won(&self, stage: u32) -> bool {
        self.of(stage) == Some(Some(StageType::Won))
    }
}

impl Columns {
    /// The pipeline of this process.
    pub fn pipeline(&self, types: &HashMap<String, StageType>, now: Instant, filter: &Filter, by: By) -> Pipeline {
        let (kinds, column) = (self.stage_kinds(types), self.column(by));
        // What is blank comes last.
        let mut tallies = vec![Standing::default(); self.values(by) + 1];
        let mut won = Standing::default();
        self.each(filter, |at| {
            let stage = self.stage[at];
            if kinds.open(stage) {
                let number = column[at] as usize;
                let last = tallies.len() - 1;
                self.tally(&mut tallies[number.min(last)], at, now);
            } else if kinds.won(stage) {
                self.tally(&mut won, at, now);
            }
        });
        let rows =
            tallies.into_iter().enumerate().filter(|(_, tally)| tally.count > 0).map(|(number, tally)| (self.key(by, number), tally));
        Pipeline { rows: rows.collect(), won }
    }

    /// The deals in progress behind a row of the pipeline, or behind all of it, each with its amount and its forecast amount.
    pub fn in_pipeline(&self, types: &HashMap<String, StageType>, filter: &Filter, row: Option<(By, &Key)>) -> Vec<(i64, i64, Id)> {
        let kinds = self.stage_kinds(types);
        let wanted = row.map(|(by, key)| (self.column(by), self.number(by, key)));
        let mut found = Vec::new();
        if wanted.is_some_and(|(_, number)| number.is_none()) {
            return found;
        }
        self.each(filter, |at| {
            if kinds.open(self.stage[at]) && wanted.is_none_or(|(column, number)| Some(column[at]) == number) {
                found.push(self.worths(at));
            }
        });
        found
    }

    /// The deals that are won now, each with its amount and its forecast amount.
    pub fn won_now(&self, types: &HashMap<String, StageType>, filter: &Filter) -> Vec<(i64, i64, Id)> {
        let kinds = self.stage_kinds(types);
        let mut found = Vec::new();
        self.each(filter, |at| {
            if kinds.won(self.stage[at]) {
                found.push(self.worths(at));
            }
        });
        found
    }

    /// What is expected of periods that do not overlap, by owner; by department where `by` is that.
    pub fn forecast(&self, types: &HashMap<String, StageType>, now: Instant, filter: &Filter, spans: &[Span], by: By) -> Forecast {
        let (kinds, column) = (self.stage_kinds(types), self.column(by));
        let spans = Spans::of(spans);
        let mut tallies: HashMap<u32, Vec<Standings>> = HashMap::new();
        self.each(filter, |at| {
            let Some((span, category)) = self.expected(&kinds, &spans, at) else { return };
            let cells = tallies.entry(column[at]).or_insert_with(|| vec![Standings::default(); spans.days.len()]);
            self.tally(cells[span].of_mut(category), at, now);
        });
        tallies.into_iter().map(|(number, cells)| (self.id_of(by, number), cells)).collect()
    }

    /// The deals behind what is expected of a period: of one category, of those for which `whose` holds.
    pub fn in_forecast(
        &self,
        types: &HashMap<String, StageType>,
        filter: &Filter,
        span: &Span,
        wanted: impl Fn(Category) -> bool,
        by: By,
        whose: impl Fn(Option<Id>) -> bool,
    ) -> Vec<(i64, i64, Id)> {
        let (kinds, column, spans) = (self.stage_kinds(types), self.column(by), Spans::of(std::slice::from_ref(span)));
        let mut found = Vec::new();
        self.each(filter, |at| {
            let counts = self.expected(&kinds, &spans, at).is_some_and(|(_, category)| wanted(category));
            if counts && whose(self.id_of(by, column[at])) {
                found.push(self.worths(at));
            }
        });
        found
    }

    /// In which period a deal counts, and as what.
    fn expected(&self, kinds: &Kinds, spans: &Spans, at: usize) -> Option<(usize, Category)> {
        let stage = self.stage[at];
        if kinds.open(stage) {
            let day = self.expected[at];
            let span = spans.days.iter().position(|(from, to)| day != i32::MIN && *from <= day && day < *to)?;
            let category = self.categories.values.get(self.category[at] as usize);
            return Some((span, Category::in_progress(category.map(String::as_str))));
        }
        let instant = self.closed[at];
        let span = spans.instants.iter().position(|(from, to)| instant != NONE && *from <= instant && instant < *to)?;
        kinds.won(stage).then_some((span, Category::Closed))
    }

    fn stage_kinds(&self, types: &HashMap<String, StageType>) -> Kinds {
        Kinds(self.stages.values.iter().map(|stage| types.get(stage).copied()).collect())
    }

    fn tally(&self, tally: &mut Standing, at: usize, now: Instant) {
        let some = |value: i64| (value != NONE).then_some(value);
        tally.add(some(self.amount[at]), some(self.forecast[at]), between(Instant(self.created[at]), now));
    }

    fn worths(&self, at: usize) -> (i64, i64, Id) {
        let some = |value: i64| if value == NONE { 0 } else { value };
        (some(self.amount[at]), some(self.forecast[at]), self.ids[at])
    }

    fn column(&self, by: By) -> &[u32] {
        match by {
            By::Stage => &self.stage,
            By::Owner => &self.owner,
            By::OwnerDepartment => &self.department,
            By::Product => &self.product,
            By::LeadSource => &self.source,
            By::ForecastCategory => &self.category,
        }
    }

    fn values(&self, by: By) -> usize {
        match by {
            By::Stage => self.stages.values.len(),
            By::Owner => self.owners.values.len(),
            By::OwnerDepartment => self.departments.values.len(),
            By::Product => self.products.values.len(),
            By::LeadSource => self.sources.values.len(),
            By::ForecastCategory => self.categories.values.len(),
        }
    }

    fn key(&self, by: By, number: usize) -> Key {
        let id = |names: &Names<Id>| names.values.get(number).map_or(Key::Blank, |id| Key::Id(*id));
        let text = |names: &Names<String>| names.values.get(number).map_or(Key::Blank, |text| Key::Option(text.clone()));
        match by {
            By::Stage => text(&self.stages),
            By::Owner => id(&self.owners),
            By::OwnerDepartment => id(&self.departments),
            By::Product => id(&self.products),
            By::LeadSource => text(&self.sources),
            By::ForecastCategory => text(&self.categories),
        }
    }

    fn id_of(&self, by: By, number: u32) -> Option<Id> {
        match self.key(by, number as usize) {
            Key::Id(id) => Some(id),
            _ => None,
        }
    }

    /// The number of a row; none where no deal has had such a value.
    fn number(&self, by: By, key: &Key) -> Option<u32> {
        fn known<T: Hash + Eq + Clone>(names: &Names<T>, value: &T) -> Option<u32> {
            names.numbers.get(value).copied()
        }
        match (by, key) {
            (_, Key::Blank) => Some(NO_KEY),
            (By::Stage, Key::Option(text)) => known(&self.stages, text),
            (By::LeadSource, Key::Option(text)) => known(&self.sources, text),
            (By::ForecastCategory, Key::Option(text)) => known(&self.categories, text),
            (By::Owner, Key::Id(id)) => known(&self.owners, id),
            (By::OwnerDepartment, Key::Id(id)) => known(&self.departments, id),
            (By::Product, Key::Id(id)) => known(&self.products, id),
            _ => None,
        }
    }
}

/// Periods in the numbers of the columns.
struct Spans {
    days: Vec<(i32, i32)>,
    instants: Vec<(i64, i64)>,
}

impl Spans {
    fn of(spans: &[Span]) -> Spans {
        Spans {
            days: spans.iter().map(|span| (ordinal(span.days.start), ordinal(span.days.end))).collect(),
            instants: spans.iter().map(|span| (span.instants.start.0, span.instants.end.0)).collect(),
        }
    }
}
