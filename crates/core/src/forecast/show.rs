//! The forecast as its screen shows it.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::analysis::{By, Category, Forecast, Span, Standing, Standings};
use model::number::div_half_up;
use model::objects::opportunity;
use model::period::Period;
use model::{Id, Number};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::chart::Eyes;
use super::entries::{Covers, Standing as Said, Stands, Word, of_months};
use super::figures::{About, Among, Orders, ordered};
use super::plan::{Counts, Of, Plan, RowPlan, Words};
use super::targets::{Kind, Targets, load, year_of};
use super::{Metric, is_over, period, span};
use crate::analysis::behind::{Address, coin};
use crate::analysis::{ConversionRequest, Memory};
use crate::{Ctx, Error, Result, access, veil};

/// Periods side by side.
const MOST: u32 = 12;

/// The query of `GET /analysis/forecast`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastRequest {
    /// A month, a quarter or a fiscal year; this month when absent.
    pub period: Option<String>,
    /// How many that follow each other, at most 12; one when absent.
    pub periods: Option<u32>,
    pub person: Option<String>,
    pub department: Option<String>,
    /// What targets are set for; won amounts when absent.
    pub metric: Option<Metric>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// `csv` or `xlsx`: a file.
    pub format: Option<String>,
}

impl ForecastRequest {
    fn about(&self) -> ConversionRequest {
        ConversionRequest {
            process: self.process.clone(),
            view: self.view.clone(),
            filter: self.filter.clone(),
            q: self.q.clone(),
            entered: self.entered.clone(),
            format: None,
        }
    }
}

/// `GET /analysis/forecast`.
pub fn forecast(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &ForecastRequest) -> Result<Json> {
    let first = period(cx, request.period.as_deref())?;
    let many = request.periods.unwrap_or(1);
    if !(1..=MOST).contains(&many) {
        return Err(Error::Malformed(format!("periods: a whole number from 1 to {MOST}")));
    }
    let periods: Vec<Period> = (0..many).map(|n| first.plus(i32::try_from(n).unwrap_or(0))).collect();
    let spans: Vec<Span> = periods.iter().map(|period| span(cx, *period)).collect();
    let eyes = Eyes::of(cx, tx)?;
    let of = Of::asked(cx, tx, &eyes, request.person.as_deref(), request.department.as_deref())?;
    let plan = Plan::new(cx, tx, &eyes, of)?;
    let owners: Option<BTreeSet<Id>> = (of != Of::Organisation).then(|| plan.total.people.iter().copied().collect());
    let metric = request.metric.unwrap_or_default();
    let mut ledger = |among, by| Ledger::of(cx, tx, memory, request, &spans, among, by);
    let (by_owner, by_department) = match (of, &plan.total.counts) {
        (Of::Department(id), Counts::Departments(tree)) => (
            // Rows of people are of the department itself.
            ledger(Among::Departments(&BTreeSet::from([id])), By::Owner)?,
            ledger(Among::Departments(&tree.iter().copied().collect()), By::OwnerDepartment)?,
        ),
        _ => (ledger(owners.as_ref().map_or(Among::Everybody, Among::Owners), By::Owner)?, Ledger::default()),
    };
    let subjects: Option<Vec<Id>> = owners.as_ref().map(|owners| {
        let departments = plan.rows.iter().chain([&plan.total]).filter_map(|row| row.department);
        owners.iter().copied().chain(departments).collect()
    });
    let mut targets: BTreeMap<i64, Targets> = BTreeMap::new();
    for year in periods.iter().map(|period| year_of(cx, *period)) {
        if let std::collections::btree_map::Entry::Vacant(slot) = targets.entry(year) {
            slot.insert(load(tx, year, metric, subjects.as_deref())?);
        }
    }
    let months: Vec<Period> = periods.iter().flat_map(|period| period.months(&cx.meta.calendar)).collect();
    let said = of_months(tx, &months, subjects.as_deref())?;
    let known = |field: &str| !veil::hides(cx, opportunity::KEY, field);
    let book = Book {
        cx,
        plan: &plan,
        metric,
        by_owner,
        by_department,
        targets,
        said,
        deals: address(request),
        amount: known("amount"),
        weighted: known("forecast_amount"),
        somebody: plan.chart.people.keys().copied().collect(),
        below: access::subordinates(cx, tx)?.into_iter().collect(),
    };
    let rows: Vec<Json> = plan.rows.iter().filter(|row| book.is_told(row)).map(|row| book.row(row, &periods)).collect();
    let named = |kind: &str, id: Option<Id>, name: &Option<String>| json!({"kind": kind, "id": id.map(|id| id.to_string()), "name": name});
    let shown = match of {
        Of::Person(id) => named("person", Some(id), &plan.name),
        Of::Department(id) => named("department", Some(id), &plan.name),
        Of::Organisation => named("organisation", None, &None),
    };
    Ok(json!({
        "of": shown,
        "up": plan.up.as_ref().map(|(kind, id, name)| named(kind, *id, name)),
        "metric": metric,
        "periods": periods.iter().map(|period| {
            let days = period.days(&cx.meta.calendar);
            json!({"period": period.to_string(), "from": days.first, "to": days.last, "over": is_over(cx, *period)})
        }).collect::<Vec<_>>(),
        "rows": rows,
        "total": book.row(&plan.total, &periods),
        "main_currency": cx.meta.rates.main().code(),
        "at": cx.at,
        "can": {"submit": of == Of::Person(cx.who.id) && super::acts::sells(cx), "targets": super::grid::may_set_any(cx, !book.below.is_empty())},
    }))
}

fn address(request: &ForecastRequest) -> Address {
    Address::new("/analysis/forecast/deals")
        .with("process", request.process.as_deref())
        .with("view", request.view.as_deref())
        .with("filter", request.filter.as_deref())
        .with("q", request.q.as_deref())
        .with("entered", request.entered.as_deref())
}

/// What deals, and orders where they are asked for, come to in each period, by whose they are.
#[derive(Default)]
struct Ledger {
    deals: Forecast,
    orders: Orders,
}

impl Ledger {
    fn of(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &ForecastRequest, spans: &[Span], among: Among<'_>, by: By) -> Result<Ledger> {
        let deals = About::new(cx, tx, &request.about(), among)?.by(cx, tx, memory, spans, by)?;
        let of_orders = request.metric == Some(Metric::OrderedAmount);
        Ok(Ledger { deals, orders: if of_orders { ordered(cx, tx, spans, among, by)? } else { Orders::new() } })
    }
}

/// All that rows are drawn from.
struct Book<'a> {
    cx: &'a Ctx,
    plan: &'a Plan,
    metric: Metric,
    by_owner: Ledger,
    /// Where departments count the deals in which they stand.
    by_department: Ledger,
    targets: BTreeMap<i64, Targets>,
    said: Said,
    deals: Address,
    /// What the caller may know.
    amount: bool,
    weighted: bool,
    somebody: BTreeSet<Id>,
    /// Those whom he is above.
    below: BTreeSet<Id>,
}

impl Book<'_> {
    /// People of other departments have a row where they have something.
    fn is_told(&self, row: &RowPlan) -> bool {
        let Ledger { deals, orders } = self.ledger(row);
        !matches!(row.counts, Counts::Elsewhere(_)) || deals.keys().chain(orders.keys()).any(|whose| self.holds(row, *whose))
    }

    fn row(&self, row: &RowPlan, periods: &[Period]) -> Json {
        let cells: Vec<Json> = periods.iter().enumerate().map(|(at, period)| self.cell(row, at, *period)).collect();
        let person = row.id.filter(|_| row.department.is_none());
        json!({
            "kind": row.kind,
            "id": row.id.map(|id| id.to_string()),
            "name": row.name,
            "active": row.active,
            "has_line": row.has_line,
            "people": row.people.len(),
            "can": {
                "submit": person == Some(self.cx.who.id) && super::acts::sells(self.cx),
                "adjust": person.is_some_and(|id| self.below.contains(&id)) && super::acts::sells(self.cx),
            },
            "cells": cells,
        })
    }

    fn cell(&self, row: &RowPlan, at: usize, period: Period) -> Json {
        let stands = self.standings(row, at);
        let name = period.to_string();
        let of = |what: &'static str, standing: Standing| self.figures(row, &name, what, &standing);
        let mut open = Standing::default();
        for category in [Category::Commit, Category::BestCase, Category::Pipeline] {
            open += stands.of(category);
        }
        let closed = stands.of(Category::Closed);
        let (commit, best_case) = (stands.of(Category::Commit), stands.of(Category::BestCase));
        let outlook = json!({
            "commit": self.coin(self.amount, closed.amount + commit.amount),
            "best_case": self.coin(self.amount, closed.amount + commit.amount + best_case.amount),
            "weighted": self.coin(self.amount && self.weighted, closed.amount + open.weighted),
        });
        let mut cell = json!({
            "period": name,
            "commit": of("commit", commit),
            "best_case": of("best_case", best_case),
            "pipeline": of("pipeline", stands.of(Category::Pipeline)),
            "omitted": of("omitted", stands.of(Category::Omitted)),
            "open": of("open", open),
            "closed": of("closed", closed),
            "outlook": outlook,
        });
        self.add_words(&mut cell, row, period);
        self.add_targets(&mut cell, row, at, period, &closed);
        cell
    }

    fn standings(&self, row: &RowPlan, at: usize) -> Standings {
        let mut sum = Standings::default();
        for (whose, cells) in &self.ledger(row).deals {
            if self.holds(row, *whose) {
                sum += cells[at];
            }
        }
        sum
    }

    fn ledger(&self, row: &RowPlan) -> &Ledger {
        if matches!(row.counts, Counts::Departments(_)) { &self.by_department } else { &self.by_owner }
    }

    /// True for a row in which figures of an owner count, or of a department.
    fn holds(&self, row: &RowPlan, whose: Option<Id>) -> bool {
        match &row.counts {
            Counts::Departments(tree) => whose.is_some_and(|department| tree.binary_search(&department).is_ok()),
            Counts::Elsewhere(here) => whose.is_none_or(|owner| !here.contains(&owner)),
            Counts::People | Counts::Here => match whose.filter(|owner| self.somebody.contains(owner)) {
                Some(owner) => row.people.binary_search(&owner).is_ok(),
                None => row.nobody,
            },
        }
    }

    fn address(&self, row: &RowPlan, period: &str, of: &str, worth: Option<&str>) -> String {
        let mut query: Vec<(&str, &str)> = vec![("period", period)];
        query.extend(row.address.iter().map(|(key, value)| (*key, value.as_str())));
        query.push(("of", of));
        query.extend(worth.map(|worth| ("worth", worth)));
        self.deals.to(&query)
    }

    fn figures(&self, row: &RowPlan, period: &str, of: &str, standing: &Standing) -> Json {
        let (all, weighted) = (self.address(row, period, of, None), self.address(row, period, of, Some("weighted")));
        json!({
            "count": standing.count,
            "amount": self.coin(self.amount, standing.amount),
            "weighted": self.coin(self.weighted, standing.weighted),
            "behind": {"count": all, "amount": all, "weighted": weighted},
        })
    }

    fn coin(&self, told: bool, amount: i128) -> Option<String> {
        told.then(|| coin(self.cx, amount))
    }

    /// What was said: by each, and as those above put it.
    fn add_words(&self, cell: &mut Json, row: &RowPlan, period: Period) {
        let (mut submitted, mut adjusted) = (None, None);
        let mut spoken: BTreeSet<Id> = BTreeSet::new();
        for month in period.months(&self.cx.meta.calendar) {
            let month = month.to_string();
            let told = match &row.words {
                Words::Own(people) => people.iter().map(|id| self.own(&month, *id, &mut spoken)).fold(Told::default(), Told::and),
                Words::Lines(heads) => heads.iter().map(|id| self.line(&month, *id, &mut spoken)).fold(Told::default(), Told::and),
            };
            submitted = and(submitted, told.submitted);
            adjusted = and(adjusted, told.adjusted);
        }
        let shown = |word: Option<Word>| {
            let coin = |of: fn(&Word) -> i128| word.as_ref().map(|word| coin(self.cx, of(word)));
            json!({"commit": coin(|word| word.commit), "best_case": coin(|word| word.best_case)})
        };
        cell["submitted"] = shown(submitted);
        let working = |id: &&Id| self.plan.chart.people.get(id).is_some_and(|person| person.active) || spoken.contains(id);
        cell["submitted"]["of"] = row.people.iter().filter(working).count().into();
        cell["submitted"]["people"] = spoken.iter().filter(|id| row.people.binary_search(id).is_ok()).count().into();
        cell["adjusted"] = shown(adjusted);
        cell["adjusted"]["is_adjusted"] = (adjusted != submitted).into();
    }

    fn stands(&self, month: &str, person: Id, covers: Covers) -> Stands {
        self.said.get(&(month.to_owned(), person, covers)).copied().unwrap_or_default()
    }

    fn own(&self, month: &str, person: Id, spoken: &mut BTreeSet<Id>) -> Told {
        let stands = self.stands(month, person, Covers::Own);
        if stands.submitted.is_some() {
            spoken.insert(person);
        }
        Told { submitted: stands.submitted, adjusted: stands.adjusted.or(stands.submitted) }
    }

    /// A word for a whole line stands instead of those of its people.
    fn line(&self, month: &str, person: Id, spoken: &mut BTreeSet<Id>) -> Told {
        let reports = self.plan.chart.reports(person);
        let mut told = self.own(month, person, spoken);
        for report in reports {
            told = told.and(self.line(month, *report, spoken));
        }
        let stands = if reports.is_empty() { Stands::default() } else { self.stands(month, person, Covers::Line) };
        if stands.submitted.is_some() {
            spoken.insert(person);
            told = Told { submitted: stands.submitted, adjusted: stands.submitted };
        }
        Told { adjusted: stands.adjusted.or(told.adjusted), ..told }
    }

    /// What is to be reached, and how far it is.
    fn add_targets(&self, cell: &mut Json, row: &RowPlan, at: usize, period: Period, closed: &Standing) {
        let targets = &self.targets[&year_of(self.cx, period)];
        let of = |kind: Kind, id: Id| targets.get(&(kind, id)).and_then(|kept| kept.effective(self.cx, period)).map(|(value, _)| value);
        let of_people: Vec<i64> = row.people.iter().filter_map(|id| of(Kind::Person, *id)).collect();
        let people = (!of_people.is_empty()).then(|| of_people.iter().map(|value| i128::from(*value)).sum::<i128>());
        let target = match row.department {
            Some(department) => of(Kind::Department, department).map(i128::from),
            // A person's target is for all that he has, not for his deals of one department.
            None => people.filter(|_| !matches!(row.counts, Counts::Here)),
        };
        let orders = &self.ledger(row).orders;
        let ordered = || orders.iter().filter(|(whose, _)| self.holds(row, **whose)).map(|(_, cells)| cells[at]).sum::<i128>();
        let actual = match self.metric {
            Metric::WonAmount => self.amount.then_some(closed.amount),
            Metric::WonCount => Some(i128::from(closed.count)),
            Metric::OrderedAmount => Some(ordered()),
        };
        let shown = |value: Option<i128>| value.map(|value| shown(self.cx, self.metric, value));
        let both = target.zip(actual);
        let attained = both.filter(|(target, _)| *target > 0).map(|(target, actual)| percent(actual, target));
        cell["target"] = json!(shown(target));
        cell["people_target"] = json!(shown(people.filter(|_| row.department.is_some())));
        cell["difference"] = json!(shown(row.department.and(target.zip(people)).map(|(target, people)| target - people)));
        cell["with_target"] = of_people.len().into();
        cell["actual"] = json!(shown(actual));
        cell["attainment"] = json!(attained);
        cell["gap"] = json!(shown(both.map(|(target, actual)| target - actual)));
        let of = if self.metric == Metric::OrderedAmount { "ordered" } else { "closed" };
        cell["behind"] = json!({"actual": self.address(row, &period.to_string(), of, None)});
    }
}

/// What was said of some deals, and as those above put it.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    submitted: Option<Word>,
    adjusted: Option<Word>,
}

impl Told {
    fn and(self, other: Told) -> Told {
        Told { submitted: and(self.submitted, other.submitted), adjusted: and(self.adjusted, other.adjusted) }
    }
}

fn and(one: Option<Word>, other: Option<Word>) -> Option<Word> {
    match (one, other) {
        (Some(mut word), Some(more)) => {
            word += more;
            Some(word)
        }
        (one, other) => one.or(other),
    }
}

/// A value of a metric: an amount, or a count as it is.
pub(super) fn shown(cx: &Ctx, metric: Metric, value: i128) -> Json {
    match metric {
        Metric::WonCount => json!(i64::try_from(value).unwrap_or(i64::MAX)),
        _ => json!(coin(cx, value)),
    }
}

/// With two digits behind the point.
fn percent(part: i128, whole: i128) -> String {
    let hundredths = div_half_up(part.saturating_mul(10_000), whole);
    Number(i64::try_from(hundredths.saturating_mul(10_000)).unwrap_or(i64::MAX)).to_string()
}
