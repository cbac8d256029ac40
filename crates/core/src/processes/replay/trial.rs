//! What is tried, and all that is needed to judge by it: its gates as of any day, and the fields that they look at.

use std::collections::{BTreeMap, BTreeSet};

use model::field::{Choice, FieldType};
use model::process::{Gates, Process};
use model::{Date, Id, Instant, Object, Record, Value};

use crate::{Ctx, Error, Result, frozen};

/// Figures that follow from entering a stage; whoever moves a deal does not give them.
const FIGURES: [&str; 15] = [
    "stage",
    "stage_type",
    "stage_entered_at",
    "stage_due_at",
    "closing_win_rate",
    "closed_at",
    "main_rate",
    "win_rate_typed",
    "forecast_category_typed",
    "win_rate",
    "forecast_category",
    "forecast_amount",
    "analysis_amount",
    "process_version",
    "sales_process",
];
/// What goes with another field: read wherever that one is.
const BESIDE: [(&str, &str); 2] = [("win_rate", "win_rate_typed"), ("forecast_category", "forecast_category_typed")];

/// A process on trial.
pub(super) struct Trial<'a> {
    pub cx: &'a Ctx,
    pub object: &'a Object,
    pub process: Process,
    pub options: &'a [Choice],
    /// Fields of the deal that its gates look at.
    pub fields: BTreeSet<String>,
    /// Those of them that hold amounts.
    amounts: Vec<String>,
    /// Those that a move does not give but that follow from it.
    follows: BTreeSet<String>,
    /// Conditions speak of days; those of one day have the same gates.
    gates: BTreeMap<Date, Gates>,
}

impl<'a> Trial<'a> {
    pub fn new(cx: &'a Ctx, object: &'a Object, process: Process) -> Trial<'a> {
        let mut fields = looked_at(cx, object, &process);
        for (field, beside) in BESIDE {
            if fields.contains(field) {
                fields.insert(beside.to_owned());
            }
        }
        let is_amount = |field: &&String| object.field(field).is_some_and(|field| field.kind == FieldType::Currency);
        let amounts: Vec<String> = fields.iter().filter(is_amount).cloned().collect();
        if !amounts.is_empty() {
            fields.extend(["amount", "closed_at", "main_rate"].map(str::to_owned));
        }
        let nodes: Vec<_> = FIGURES.iter().map(|field| (object.key.clone(), (*field).to_owned())).collect();
        let reckoned = cx.meta.plan.follow_from(&nodes).into_iter().filter(|(of, _)| *of == object.key).map(|(_, field)| field);
        let follows = FIGURES.iter().map(|field| (*field).to_owned()).chain(reckoned).collect();
        Trial { cx, object, process, options: object.options("stage"), fields, amounts, follows, gates: BTreeMap::new() }
    }

    /// Its gates as they read on the day of an instant.
    pub fn gates(&mut self, at: Instant) -> Result<&Gates> {
        let day = at.date_in(&self.cx.meta.calendar.zone);
        if !self.gates.contains_key(&day) {
            let reading = model::condition::Reading { now: at, ..self.cx.system_reading() };
            let gates = Gates::resolve(&self.process, &reading).map_err(Error::Invalid)?;
            // Whether it takes new deals today does not matter to those of the past.
            self.gates.insert(day, Gates { process: Process { active: true, ..gates.process }, ..gates });
        }
        self.gates.get(&day).ok_or_else(|| Error::Internal("gates of a day".into()))
    }

    /// Whether tasks of it arise only for some deals.
    pub fn has_choosy_tasks(&self) -> bool {
        self.process.stages.iter().flat_map(|stage| &stage.tasks).any(|task| task.condition.is_some())
    }

    /// True where a move gives the field its value, rather than what follows from the move.
    pub fn is_given(&self, field: &str, entered: &Record) -> bool {
        let typed = |mark: &str| entered.get(mark).is_true() && entered.get("closed_at").is_null();
        match BESIDE.iter().find(|(known, _)| *known == field) {
            Some((_, mark)) => typed(mark),
            None => !self.follows.contains(field),
        }
    }

    /// A new deal as it was judged: what follows from its stage was not there yet.
    pub fn unborn(&self, record: &mut Record) {
        let given: Vec<bool> = self.follows.iter().map(|field| self.is_given(field, record)).collect();
        for (field, given) in self.follows.iter().zip(given) {
            if !given && field != "stage" && field != "sales_process" {
                record.set(field, Value::Null);
            }
        }
    }

    /// Puts its amounts in the main currency on a record, at the rate of the day.
    pub fn reckon(&self, record: &mut Record, at: Instant) {
        if self.amounts.is_empty() {
            return;
        }
        let (rates, day) = (&self.cx.meta.rates, at.date_in(&self.cx.meta.calendar.zone));
        let frozen = frozen::rate(record);
        let kept = |currency| frozen.filter(|(of, _)| *of == currency).map(|(_, rate)| rate);
        for field in &self.amounts {
            let money = record.get(field).as_money();
            let rate = money.and_then(|money| kept(money.currency).or_else(|| rates.on(money.currency, day)));
            match money.zip(rate).and_then(|(money, rate)| rates.at_rate(money.amount, rate)) {
                Some(main) => record.mains.insert(field.clone(), main),
                None => record.mains.remove(field),
            };
        }
    }

    /// The process's own id.
    pub fn id(&self) -> Id {
        self.process.id
    }
}

/// Fields of the deal itself that the gates of a process look at.
fn looked_at(cx: &Ctx, object: &Object, process: &Process) -> BTreeSet<String> {
    let mut fields: BTreeSet<String> = ["lifecycle_status"].map(str::to_owned).into();
    if !process.who.is_everybody() {
        fields.extend(["owner", "owner_department"].map(str::to_owned));
    }
    let of_stages = process.stages.iter().flat_map(|stage| {
        let of_tasks = stage.tasks.iter().filter_map(|task| task.condition.as_ref());
        stage.entry_condition.iter().chain(&stage.completion_condition).chain(of_tasks)
    });
    for condition in process.entry_condition.iter().chain(of_stages) {
        let mentioned = condition.mentions(&object.key, &cx.meta.schema);
        fields.extend(mentioned.into_iter().filter(|(of, _)| *of == object.key).map(|(_, field)| field));
    }
    fields.extend(process.stages.iter().flat_map(|stage| stage.required_fields.iter().cloned()));
    fields
}
