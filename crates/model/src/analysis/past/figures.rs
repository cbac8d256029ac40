//! The pipeline as it stood.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::{Standing, between};
use super::{Deals, FIELDS, place_of};
use crate::condition::{Resolved, World};
use crate::money::Rates;
use crate::objects::{lifecycle, opportunity};
use crate::{Amount, Date, Id, Instant, Number, Record, Value};

/// Deals as they stood at an instant, and the rates that were in force.
#[derive(Clone, Copy, Debug)]
pub struct Then<'a> {
    pub deals: &'a Deals,
    pub rates: &'a Rates,
    /// The day that ended.
    pub day: Date,
    /// The instant at which it did.
    pub at: Instant,
}

/// Which deals are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Those that stood in this process.
    pub process: Option<Id>,
    /// Those that met this as they stood; it may look at nothing but [`FIELDS`].
    pub condition: Option<&'a Resolved>,
    /// Those that the reader sees today; all where none are named.
    pub visible: Option<&'a HashSet<Id>>,
    /// Those that he sees and that must not count for him.
    pub except: Option<&'a HashSet<Id>>,
}

/// What became of a deal, as far as a pipeline is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Won,
    Lost,
    /// It lay in the recycle bin.
    Voided,
    /// It did not count for another reason, as before its approval.
    Aside,
}

pub(super) const AMOUNT: &str = "amount";
pub(super) const WEIGHTED: &str = "forecast_amount";

impl<'a> Then<'a> {
    /// The pipeline by a field: each value that occurs with what its deals come to.
    pub fn pipeline(&self, by: &str, asked: &Asked<'_>) -> Vec<(Value, Standing)> {
        let Some(field) = place_of(by) else { return Vec::new() };
        let mut found: HashMap<Value, Standing> = HashMap::new();
        self.each(asked, |at| {
            let created = self.deals.whole(at, "created_at").map_or(self.at, Instant);
            let age = between(created, self.at);
            found.entry(self.deals.value(at, field)).or_default().add(Some(self.main(at, AMOUNT)), Some(self.main(at, WEIGHTED)), age);
        });
        found.into_iter().collect()
    }

    /// The deals of one value, or all of the pipeline: each with its amount and its weighted amount.
    pub fn behind(&self, group: Option<(&str, &Value)>, asked: &Asked<'_>) -> Vec<(Id, i64, i64)> {
        let group = group.map(|(by, value)| (place_of(by), value));
        let mut found = Vec::new();
        self.each(asked, |at| {
            if group.is_none_or(|(field, value)| field.is_some_and(|field| self.deals.value(at, field) == *value)) {
                found.push((self.deals.ids()[at], self.main(at, AMOUNT), self.main(at, WEIGHTED)));
            }
        });
        found
    }

    /// Visits the deals of the pipeline that are asked for.
    pub fn each(&self, asked: &Asked<'_>, mut visit: impl FnMut(usize)) {
        let question = Question::of(self, asked);
        for at in 0..self.deals.len() {
            if question.standing(at) == State::Open && question.sees(at) && question.passes(at) {
                visit(at);
            }
        }
    }

    /// An amount in the main currency: at the rate in force, or at the one that a closed deal keeps.
    pub fn main(&self, at: usize, field: &str) -> i64 {
        let money = |field: &str| place_of(field).and_then(|field| self.deals.money(at, field));
        let Some(amount) = money(field) else { return 0 };
        let kept = self.deals.whole(at, "closed_at").and_then(|_| self.deals.whole(at, "main_rate"));
        let kept = kept.filter(|_| money(AMOUNT).is_some_and(|own| own.currency == amount.currency)).map(Number);
        let rate = kept.or_else(|| self.rates.on(amount.currency, self.day));
        rate.and_then(|rate| self.rates.at_rate(amount.amount, rate)).map_or(0, |main| main.0)
    }

    /// A deal as a record of what is known of it then, or of some fields.
    pub fn record(&self, at: usize, only: Option<&BTreeSet<String>>) -> Record {
        let mut record = Record::new(opportunity::KEY, self.deals.ids()[at]);
        for (place, field) in FIELDS.iter().enumerate().filter(|(_, field)| only.is_none_or(|only| only.contains(**field))) {
            let value = self.deals.value(at, place);
            if value.as_money().is_some() {
                record.mains.insert((*field).to_owned(), Amount(self.main(at, field)));
            }
            record.set(field, value);
        }
        record
    }
}

/// A question about deals as they stood, its constants looked up once.
pub(super) struct Question<'a, 'b> {
    then: &'b Then<'a>,
    asked: &'b Asked<'b>,
    fields: BTreeSet<String>,
    /// The number of the process asked for; none where nothing stood in it.
    process: Option<Option<u32>>,
    types: HashMap<u32, State>,
    lifecycles: HashMap<u32, State>,
}

impl<'a, 'b> Question<'a, 'b> {
    pub fn of(then: &'b Then<'a>, asked: &'b Asked<'b>) -> Question<'a, 'b> {
        let mut fields = BTreeSet::new();
        if let Some(condition) = asked.condition {
            looks_at(condition, &mut fields);
        }
        let looked_up = |field: &str, of: &dyn Fn(&str) -> State| -> HashMap<u32, State> {
            let numbers = place_of(field).map(|field| then.deals.distinct(field)).unwrap_or_default();
            numbers.into_iter().map(|number| (number, of(then.deals.word(number).as_text().unwrap_or("")))).collect()
        };
        let types = looked_up("stage_type", &|kind| match kind {
            "won" => State::Won,
            "in_progress" => State::Open,
            _ => State::Lost,
        });
        let lifecycles = looked_up("lifecycle_status", &|status| match status {
            lifecycle::VOIDED => State::Voided,
            status if lifecycle::counts(status) => State::Open,
            _ => State::Aside,
        });
        let process = asked.process.map(|process| then.deals.number_of(&Value::Text(process.to_string())));
        Question { then, asked, fields, process, types, lifecycles }
    }

    pub fn standing(&self, at: usize) -> State {
        let of = |field: &str, known: &HashMap<u32, State>| {
            let number = place_of(field).map_or(0, |field| self.then.deals.named(at, field));
            known.get(&number).copied().unwrap_or(State::Aside)
        };
        match of("lifecycle_status", &self.lifecycles) {
            State::Open => of("stage_type", &self.types),
            aside => aside,
        }
    }

    pub fn sees(&self, at: usize) -> bool {
        let id = &self.then.deals.ids()[at];
        self.asked.visible.is_none_or(|visible| visible.contains(id)) && self.asked.except.is_none_or(|except| !except.contains(id))
    }

    pub fn passes(&self, at: usize) -> bool {
        let process = || place_of("sales_process").map(|field| self.then.deals.named(at, field));
        if self.process.is_some_and(|wanted| wanted.is_none() || wanted != process()) {
            return false;
        }
        self.asked.condition.is_none_or(|condition| condition.holds(&self.then.record(at, Some(&self.fields)), &World::default()))
    }
}

/// The fields that a condition looks at on the record itself.
fn looks_at(condition: &Resolved, fields: &mut BTreeSet<String>) {
    match condition {
        Resolved::All(list) | Resolved::Any(list) => list.iter().for_each(|part| looks_at(part, fields)),
        Resolved::Not(inner) => looks_at(inner, fields),
        Resolved::Test(test) => drop(fields.insert(test.field.clone())),
        Resolved::Always(_) | Resolved::Exists(_) | Resolved::Changed(_) => {}
    }
}
