//! Targets of a fiscal year as a grid: departments as a tree with their people, and the year with its quarters and months.

use std::collections::{BTreeMap, BTreeSet};

use db::people::Person;
use db::{Read, Write};
use model::period::{Length, Period};
use model::{Id, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::Metric;
use super::chart::{Chart, Departments, Eyes};
use super::show::shown;
use super::targets::{Kept, Kind, Targets, load, put};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, access, veil};

/// Rows of one save.
const MOST: usize = 5_000;

/// The query of `GET /targets`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridRequest {
    /// The fiscal year, by the calendar year in which it begins; this one when absent.
    pub year: Option<i16>,
    pub metric: Option<Metric>,
    /// One department with all below it.
    pub department: Option<String>,
}

/// The body of `PUT /targets`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub year: i16,
    #[serde(default)]
    pub metric: Metric,
    pub rows: Vec<WantedRow>,
}

/// What changes of one subject.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedRow {
    pub kind: Kind,
    pub id: String,
    /// The one that `GET` gave; 0 where nothing was set.
    pub version: i64,
    /// By period; null takes away.
    pub values: BTreeMap<String, Json>,
}

/// True for one who may set the targets of somebody.
pub(super) fn may_set_any(cx: &Ctx, leads: bool) -> bool {
    cx.is_administrator() || leads
}

/// A place in the grid.
struct Row {
    kind: Kind,
    id: Id,
    name: String,
    parent: Option<Id>,
    active: bool,
    can_set: bool,
}

/// All that the caller sees of a grid.
struct Grid {
    rows: Vec<Row>,
    /// The people of each department with those below it.
    people: BTreeMap<Id, Vec<Id>>,
}

impl Grid {
    fn of(cx: &Ctx, tx: &mut Read, under: Option<Id>) -> Result<Grid> {
        // For those alone who may know of people and of deals, which a limited token may not.
        cx.object("employee")?;
        cx.object("opportunity")?;
        let (eyes, departments, chart) = (Eyes::of(cx, tx)?, Departments::load(tx)?, Chart::whole(tx)?);
        let below: BTreeSet<Id> = access::subordinates(cx, tx)?.into_iter().collect();
        let admin = cx.is_administrator();
        if under.is_some_and(|under| !departments.open_to(cx, &eyes, under)) {
            return Err(Error::NotFound);
        }
        let person = |person: &Person| Row {
            kind: Kind::Person,
            id: person.id,
            name: person.name.clone(),
            parent: person.department,
            active: person.active,
            can_set: admin || below.contains(&person.id),
        };
        let mut grid = Grid { rows: Vec::new(), people: BTreeMap::new() };
        let (mut placed, mut stack) = (BTreeSet::new(), Vec::new());
        let begin: Vec<Id> = match under {
            Some(under) => vec![under],
            None => departments.children(None).iter().map(|department| department.id).collect(),
        };
        stack.extend(begin.into_iter().rev());
        while let Some(id) = stack.pop() {
            let Some(department) = departments.get(id) else { continue };
            if departments.open_to(cx, &eyes, id) {
                let tree: BTreeSet<Id> = departments.tree(id).into_iter().collect();
                let inside = |person: &&Person| person.department.is_some_and(|department| tree.contains(&department));
                grid.people.insert(id, chart.people.values().filter(inside).map(|person| person.id).collect());
                grid.rows.push(Row {
                    kind: Kind::Department,
                    id,
                    name: department.name.clone(),
                    parent: department.parent,
                    active: true,
                    can_set: admin || departments.led_from_above(cx, id),
                });
            }
            let mut here: Vec<&Person> =
                chart.people.values().filter(|person| person.department == Some(id) && eyes.see(person.id)).collect();
            here.sort_by_cached_key(|person| (model::text::fold(&person.name), person.id));
            placed.extend(here.iter().map(|person| person.id));
            grid.rows.extend(here.into_iter().map(person));
            stack.extend(departments.children(Some(id)).iter().rev().map(|department| department.id));
        }
        if under.is_none() {
            // Those who are in no department that is there.
            grid.rows.extend(chart.people.values().filter(|one| eyes.see(one.id) && !placed.contains(&one.id)).map(person));
        }
        Ok(grid)
    }
}

/// `GET /targets`.
pub fn grid(cx: &Ctx, tx: &mut Read, request: &GridRequest) -> Result<Json> {
    let year = match request.year {
        Some(year) => Period::fiscal_year(year).ok_or_else(|| Error::Malformed("year: a fiscal year, as 2026".into()))?,
        None => Period::of(Length::Year, cx.today(), &cx.meta.calendar),
    };
    let under = request.department.as_deref().filter(|id| !id.is_empty()).map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let metric = request.metric.unwrap_or_default();
    let grid = Grid::of(cx, tx, under)?;
    let targets = load(tx, number(year), metric, None)?;
    Ok(show(cx, &grid, &targets, year, metric))
}

fn number(year: Period) -> i64 {
    year.to_string().parse().unwrap_or_default()
}

/// The year, then each quarter with its months.
fn periods(cx: &Ctx, year: Period) -> Vec<Period> {
    let quarters = year.parts(&cx.meta.calendar).into_iter();
    std::iter::once(year)
        .chain(quarters.flat_map(|quarter| std::iter::once(quarter).chain(quarter.parts(&cx.meta.calendar)).collect::<Vec<_>>()))
        .collect()
}

fn show(cx: &Ctx, grid: &Grid, targets: &Targets, year: Period, metric: Metric) -> Json {
    let (periods, nothing) = (periods(cx, year), Kept::default());
    let named = !veil::hides(cx, "employee", "name");
    let value = |value: i64| shown(cx, metric, i128::from(value));
    let row = |row: &Row| {
        let kept = targets.get(&(row.kind, row.id)).unwrap_or(&nothing);
        let effective: BTreeMap<String, Json> = periods
            .iter()
            .filter_map(|period| kept.effective(cx, *period).map(|(found, set)| (period, found, set)))
            .map(|(period, found, set)| (period.to_string(), json!({"value": value(found), "from": if set { "set" } else { "parts" }})))
            .collect();
        json!({
            "kind": row.kind,
            "id": row.id.to_string(),
            "name": (row.kind == Kind::Department || named).then_some(&row.name),
            "parent": row.parent.map(|id| id.to_string()),
            "active": row.active,
            "can_set": row.can_set,
            "version": kept.version,
            "values": kept.values.iter().map(|(period, set)| (period.clone(), value(*set))).collect::<BTreeMap<_, _>>(),
            "effective": effective,
        })
    };
    let sum = |people: &Vec<Id>, period: Period| {
        let each = people.iter().filter_map(|id| targets.get(&(Kind::Person, *id))).filter_map(|kept| kept.effective(cx, period));
        each.map(|(value, _)| i128::from(value)).reduce(|a, b| a + b)
    };
    let people: BTreeMap<String, Json> = grid
        .people
        .iter()
        .map(|(department, people)| {
            let sums = periods.iter().filter_map(|period| Some((period.to_string(), shown(cx, metric, sum(people, *period)?))));
            (department.to_string(), json!(sums.collect::<BTreeMap<_, _>>()))
        })
        .collect();
    json!({
        "year": number(year),
        "metric": metric,
        "periods": periods.iter().map(|period| {
            let days = period.days(&cx.meta.calendar);
            json!({"period": period.to_string(), "length": period.length(), "from": days.first, "to": days.last})
        }).collect::<Vec<_>>(),
        "rows": grid.rows.iter().map(row).collect::<Vec<_>>(),
        "people": people,
        "main_currency": cx.meta.rates.main().code(),
        "can": {"set": grid.rows.iter().any(|row| row.can_set)},
    })
}

/// `PUT /targets`: all of it or nothing.
pub fn save(cx: &Ctx, tx: &mut Write, wanted: &Wanted) -> Result<Json> {
    cx.at_large()?;
    let year = Period::fiscal_year(wanted.year).ok_or_else(|| Error::Malformed("year: a fiscal year, as 2026".into()))?;
    if wanted.rows.len() > MOST {
        return Err(Error::Malformed(format!("rows: at most {MOST}")));
    }
    // Two who set targets of a year at once come one after the other.
    tx.lock(&[format!("targets {year} {}", wanted.metric.key())])?;
    let grid = Grid::of(cx, tx, None)?;
    let targets = load(tx, number(year), wanted.metric, None)?;
    let known: BTreeMap<String, Period> = periods(cx, year).into_iter().map(|period| (period.to_string(), period)).collect();
    let (mut found, mut changes, mut stale) = (Violations::new(), Vec::new(), false);
    let mut named = BTreeSet::new();
    for (at, row) in wanted.rows.iter().enumerate() {
        let id: Id = row.id.parse().map_err(|_| Error::NotFound)?;
        let place = grid.rows.iter().find(|place| (place.kind, place.id) == (row.kind, id)).ok_or(Error::NotFound)?;
        if !place.can_set {
            return Err(Error::Forbidden { act: "set_target".into(), object: row.kind.key().into() });
        }
        if !named.insert((row.kind, id)) {
            found.push(Violation::new("field.not_unique", format!("rows/{at}/id")).with("value", row.id.as_str()));
        }
        let before = targets.get(&(row.kind, id)).cloned().unwrap_or_default();
        stale |= before.version != row.version;
        let mut values = before.values.clone();
        for (key, value) in &row.values {
            let path = format!("rows/{at}/values/{key}");
            let Some(period) = known.get(key) else {
                found.push(Violation::new("field.invalid", path).with("expected", "a period of the year"));
                continue;
            };
            match read(cx, wanted.metric, value) {
                Ok(None) => drop(values.remove(&period.to_string())),
                Ok(Some(value)) => drop(values.insert(period.to_string(), value)),
                Err(expected) => found.push(Violation::new("field.invalid", path).with("expected", expected)),
            }
        }
        if values != before.values {
            changes.push((place, before.clone(), Kept { version: before.version + 1, values }));
        }
    }
    if stale {
        return Err(Error::Conflict { record: Box::new(show(cx, &grid, &targets, year, wanted.metric)) });
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    for (place, before, after) in &changes {
        put(tx, number(year), wanted.metric, (place.kind, place.id), after)?;
        let object = if place.kind == Kind::Department { "department" } else { "employee" };
        let told = |kept: &Kept| {
            let each = kept.values.iter().map(|(period, value)| (period.clone(), shown(cx, wanted.metric, i128::from(*value))));
            each.collect::<BTreeMap<_, _>>()
        };
        let note = Note::new("edit", "target").record(object, place.id).subject(place.name.as_str());
        audit::note(cx, tx, note.changed(&told(before), &told(after)).also("metric", wanted.metric.key()).also("year", number(year)))?;
    }
    let targets = load(tx, number(year), wanted.metric, None)?;
    Ok(show(cx, &grid, &targets, year, wanted.metric))
}

/// A value of a metric; nothing where it is taken away.
fn read(cx: &Ctx, metric: Metric, value: &Json) -> std::result::Result<Option<i64>, &'static str> {
    let text = match value {
        Json::Null => return Ok(None),
        Json::String(text) if text.trim().is_empty() => return Ok(None),
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    };
    match metric {
        Metric::WonCount => text.parse::<i64>().ok().filter(|count| (0..=1_000_000_000).contains(count)).map(Some).ok_or("a whole number"),
        _ => super::acts::amount(cx, &text).map(Some).ok_or("an amount"),
    }
}
