//! Groups of a chart: what belongs together, in which order, and what each is called.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use db::Read;
use db::records::Figure;
use jiff::ToSpan;
use model::field::{FieldType, Kind};
use model::period::{Length, Period};
use model::time::{Calendar, Days};
use model::{Date, Id, Label, Object, Value, Violation};
use serde_json::{Value as Json, json};

use super::value::{Measured, Tally};
use super::{field_of, stretch};
use crate::charts::{By, Chart, MOST_GROUPS, Order, Stretch};
use crate::records::names_of;
use crate::{Ctx, Result};

/// Stretches of time that are drawn beside each other.
const MOST_STRETCHES: usize = 400;
/// Series that are told apart; what remains is one behind them.
const MOST_SERIES: usize = 12;

/// Which records are meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Those with this value; of time the first day of the stretch.
    Of(String),
    /// Those without one.
    Blank,
    /// Those of all groups that are not shown.
    Rest,
}

impl Place {
    /// The place of a value; `folded`: of a text, which is one whatever its case and width.
    pub fn of(cx: &Ctx, value: &Value, by: Option<Stretch>, folded: bool) -> Place {
        match (value, by) {
            (Value::Null, _) => Place::Blank,
            (Value::Text(text), _) if folded => Place::Of(model::text::fold(text)),
            (Value::Date(day), Some(stretch)) => Place::Of(days_of(&cx.meta.calendar, *day, stretch).first.to_string()),
            (Value::Text(text), _) => Place::Of(text.clone()),
            (Value::Number(number), _) => Place::Of(number.to_string()),
            (Value::Bool(truth), _) => Place::Of(truth.to_string()),
            (Value::Ref(id), _) => Place::Of(id.to_string()),
            (other, _) => Place::Of(model::field::show(other).to_string()),
        }
    }

    pub fn key(&self) -> Option<&str> {
        match self {
            Place::Of(key) => Some(key),
            Place::Blank | Place::Rest => None,
        }
    }

    /// As parameters of the address of its records.
    pub fn query(&self, name: &str) -> Vec<(String, String)> {
        match self {
            Place::Of(key) => vec![(name.to_owned(), key.clone())],
            Place::Blank => vec![(name.to_owned(), String::new())],
            Place::Rest => vec![(format!("{name}_rest"), "true".to_owned())],
        }
    }
}

/// The stretch of time that a day is in.
pub(super) fn days_of(calendar: &Calendar, day: Date, stretch: Stretch) -> Days {
    let period = |length: Length| Period::of(length, day, calendar).days(calendar);
    match stretch {
        Stretch::Day => Days { first: day, last: day },
        Stretch::Week => calendar.days("this_week", 0, day).unwrap_or(Days { first: day, last: day }),
        Stretch::Month => period(Length::Month),
        Stretch::Quarter => period(Length::Quarter),
        Stretch::Year => period(Length::Year),
    }
}

/// One group or series.
pub(super) struct Group {
    pub place: Place,
    label: Option<String>,
    colour: Option<String>,
    days: Option<Days>,
}

impl Group {
    pub fn show(&self) -> Json {
        let mut shown = json!({"key": self.place.key(), "label": self.label, "colour": self.colour, "rest": self.place == Place::Rest});
        if let Some(days) = self.days {
            (shown["from"], shown["to"]) = (days.first.to_string().into(), days.last.to_string().into());
        }
        shown
    }
}

/// What a chart shows.
pub(super) struct Groups {
    pub groups: Vec<Group>,
    pub series: Vec<Group>,
    tallies: HashMap<(Place, Place), Tally>,
}

impl Groups {
    /// The figure of a group, or of one series of it.
    pub fn tally(&self, group: &Group, series: Option<&Group>) -> Tally {
        match series {
            Some(series) => self.tallies.get(&(group.place.clone(), series.place.clone())).copied().unwrap_or_default(),
            None => self.sum(|(of, _)| *of == group.place),
        }
    }

    /// Of all records.
    pub fn total(&self) -> Tally {
        self.sum(|_| true)
    }

    fn sum(&self, which: impl Fn(&(Place, Place)) -> bool) -> Tally {
        self.tallies.iter().filter(|(place, _)| which(place)).fold(Tally::default(), |sum, (_, tally)| sum.and(*tally))
    }
}

/// Puts together what belongs together.
pub(super) fn together(cx: &Ctx, tx: &mut Read, object: &Object, chart: &Chart, measured: &Measured, rows: &[Figure]) -> Result<Groups> {
    let by = |by: &Option<By>| by.as_ref().and_then(|by| stretch(object, by));
    let (by_group, by_series) = (by(&chart.group), by(&chart.series));
    let is_text = |by: &Option<By>| by.as_ref().and_then(|by| field_of(object, by)).is_some_and(|field| field.kind.kind() == Kind::Text);
    let (folded, folded_series) = (is_text(&chart.group), is_text(&chart.series));
    let mut tallies: HashMap<(Place, Place), Tally> = HashMap::new();
    // As the first of its records has it, by the order of texts.
    let mut words: (Words, Words) = Default::default();
    for row in rows {
        let place = (Place::of(cx, &row.group, by_group, folded), Place::of(cx, &row.series, by_series, folded_series));
        for (folded, value, place, words) in
            [(folded, &row.group, &place.0, &mut words.0), (folded_series, &row.series, &place.1, &mut words.1)]
        {
            if let (true, Value::Text(text)) = (folded, value) {
                let known = words.entry(place.clone()).or_insert_with(|| text.clone());
                if *text < *known {
                    known.clone_from(text);
                }
            }
        }
        let tally = tallies.entry(place).or_default();
        *tally = tally.and(Tally::of(row));
    }
    let of_groups = side(cx, tx, object, chart.group.as_ref(), measured, sums(&tallies, |place| &place.0), &words.0)?;
    let of_series = side(cx, tx, object, chart.series.as_ref(), measured, sums(&tallies, |place| &place.1), &words.1)?;
    let groups = chosen(cx, chart, chart.group.as_ref(), by_group, of_groups, chart.most.unwrap_or(MOST_GROUPS) as usize)?;
    let series =
        chosen(cx, &Chart { sort: None, most: Some(1), ..chart.clone() }, chart.series.as_ref(), by_series, of_series, MOST_SERIES)?;
    let mut told: HashMap<(Place, Place), Tally> = HashMap::new();
    let shown = |list: &[Group], place: Place| if list.iter().any(|group| group.place == place) { place } else { Place::Rest };
    let known: (Vec<Group>, Vec<Group>) = (groups, series);
    for ((group, of), tally) in tallies {
        let group = if chart.group.is_some() { shown(&known.0, group) } else { group };
        let of = if chart.series.is_some() { shown(&known.1, of) } else { of };
        let sum = told.entry((group, of)).or_default();
        *sum = sum.and(tally);
    }
    Ok(Groups { groups: known.0, series: known.1, tallies: told })
}

/// Texts as they are shown.
type Words = HashMap<Place, String>;

/// A group with what it is put in order by.
struct Ranked {
    group: Group,
    rank: Option<i128>,
    /// Where its option stands.
    order: usize,
}

/// What each group of one side of the chart comes to.
fn sums(tallies: &HashMap<(Place, Place), Tally>, of: impl Fn(&(Place, Place)) -> &Place) -> BTreeMap<&Place, Tally> {
    let mut sums: BTreeMap<&Place, Tally> = BTreeMap::new();
    for (place, tally) in tallies {
        let sum = sums.entry(of(place)).or_default();
        *sum = sum.and(*tally);
    }
    sums
}

/// The groups of one side of the chart, in no order yet.
fn side(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    by: Option<&By>,
    measured: &Measured,
    sums: BTreeMap<&Place, Tally>,
    words: &Words,
) -> Result<Vec<Ranked>> {
    let Some((by, field)) = by.and_then(|by| Some((by, field_of(object, by)?))) else { return Ok(Vec::new()) };
    let mut names: HashMap<Id, String> = HashMap::new();
    if let Some(target) = field.kind.target().and_then(|target| cx.object(target).ok()) {
        let ids: Vec<Id> = sums.keys().filter_map(|place| place.key()?.parse().ok()).collect();
        names.extend(names_of(cx, tx, target, &ids)?);
    }
    let stretch = stretch(object, by);
    let ranked = |(place, tally): (&Place, Tally)| {
        let option = place.key().and_then(|key| {
            let options = field.kind.options()?;
            options.iter().enumerate().find(|(_, option)| option.key == key)
        });
        let days = stretch.and_then(|stretch| Some(days_of(&cx.meta.calendar, place.key()?.parse().ok()?, stretch)));
        let label = place.key().map(|key| match (&option, days, &field.kind) {
            (Some((_, option)), ..) => Some(option.label.in_language(&cx.who.language).to_owned()),
            (_, Some(days), _) => Some(called(cx, days, stretch.unwrap_or_default())),
            (.., FieldType::Process) => Some(cx.meta.process(key).map_or_else(|| key.to_owned(), |process| process.name.clone())),
            (.., kind) if kind.kind() == Kind::Bool => Some(truth(key == "true").in_language(&cx.who.language).to_owned()),
            (.., kind) if kind.kind() == Kind::Ref => key.parse().ok().and_then(|id: Id| names.get(&id).cloned()),
            _ => Some(words.get(place).map_or(key, String::as_str).to_owned()),
        });
        Ranked {
            rank: measured.rank(&tally),
            order: option.as_ref().map_or(usize::MAX, |(at, _)| *at),
            group: Group {
                place: place.clone(),
                label: label.flatten(),
                colour: option.and_then(|(_, option)| option.colour.clone()),
                days,
            },
        }
    };
    Ok(sums.into_iter().map(ranked).collect())
}

fn truth(yes: bool) -> Label {
    if yes { Label::new("Yes", "是") } else { Label::new("No", "否") }
}

/// A stretch of time as people write it: `2026-11-26`, the first day of a week, `2026-11`, `2026-Q4`, `2026`.
fn called(cx: &Ctx, days: Days, stretch: Stretch) -> String {
    let period = |length: Length| Period::of(length, days.first, &cx.meta.calendar).to_string();
    match stretch {
        Stretch::Day | Stretch::Week => days.first.to_string(),
        Stretch::Month => period(Length::Month),
        Stretch::Quarter => period(Length::Quarter),
        Stretch::Year => period(Length::Year),
    }
}

/// The groups that are shown, in their order; what is not among them is the rest.
fn chosen(cx: &Ctx, chart: &Chart, by: Option<&By>, stretch: Option<Stretch>, mut all: Vec<Ranked>, most: usize) -> Result<Vec<Group>> {
    let Some(_) = by else { return Ok(Vec::new()) };
    let in_order = stretch.is_some() || all.iter().any(|one| one.order != usize::MAX);
    let order = chart.sort.unwrap_or(if in_order { Order::Order } else { Order::Value });
    if stretch.is_some() && chart.most.is_none() {
        fill(cx, stretch.unwrap_or_default(), &mut all)?;
    } else if all.len() > most {
        all.sort_by_key(|one| (one.group.place == Place::Blank, Reverse(one.rank), one.group.place.clone()));
        all.truncate(most);
        let rest = Group { place: Place::Rest, label: None, colour: None, days: None };
        let mut shown = sorted(all, order, stretch);
        shown.push(rest);
        return Ok(shown);
    }
    Ok(sorted(all, order, stretch))
}

fn sorted(mut all: Vec<Ranked>, order: Order, stretch: Option<Stretch>) -> Vec<Group> {
    // What is blank comes last, whatever the order.
    all.sort_by_cached_key(|one| {
        let label = one.group.label.as_deref().map(model::text::fold);
        let number = one.group.place.key().and_then(model::Number::parse).filter(|_| stretch.is_none()).map(|number| number.0);
        let place = one.group.place.clone();
        let blank = place == Place::Blank;
        match order {
            Order::Value => (blank, Some(Reverse(one.rank)), 0, None, None, place),
            Order::Label => (blank, None, 0, None, label, place),
            Order::Order if stretch.is_some() => (blank, None, 0, None, None, place),
            Order::Order => (blank, None, one.order, number, label, place),
        }
    });
    all.into_iter().map(|one| one.group).collect()
}

/// Time goes on where nothing happens.
fn fill(cx: &Ctx, stretch: Stretch, all: &mut Vec<Ranked>) -> Result<()> {
    let days: Vec<Days> = all.iter().filter_map(|one| one.group.days).collect();
    let (Some(first), Some(last)) = (days.iter().map(|days| days.first).min(), days.iter().map(|days| days.first).max()) else {
        return Ok(());
    };
    let mut at = first;
    let mut many = 0;
    while at <= last {
        many += 1;
        if many > MOST_STRETCHES {
            return Err(Violation::new("chart.too_many_groups", "group/by").with("max", MOST_STRETCHES).into());
        }
        let here = days_of(&cx.meta.calendar, at, stretch);
        if !days.contains(&here) {
            let place = Place::Of(here.first.to_string());
            let group = Group { place, label: Some(called(cx, here, stretch)), colour: None, days: Some(here) };
            all.push(Ranked { group, rank: None, order: usize::MAX });
        }
        let next = here.last.saturating_add(1.day());
        if next <= at {
            break;
        }
        at = next;
    }
    Ok(())
}
