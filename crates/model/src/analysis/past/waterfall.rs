//! What became of a pipeline between two days: parts that always add up to the difference.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::figures::{AMOUNT, Question, State, WEIGHTED};
use super::{Asked, Then, place_of};
use crate::{Date, Id, Money, Value};

/// A part of the difference, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What stood there at the beginning.
    Opening,
    /// It came into being.
    New,
    /// It had been closed.
    Reopened,
    /// It had lain in the recycle bin.
    Restored,
    /// Its expected close came into the period.
    MovedIn,
    /// It came to be what is asked for, as by another owner.
    HandedIn,
    Grown,
    Shrunk,
    /// Only the rate of its currency is another.
    Revalued,
    /// Its expected close left the period.
    MovedOut,
    /// It is no longer what is asked for.
    HandedOut,
    Won,
    Lost,
    /// It was deleted, or counts no longer.
    Removed,
    /// What stood there at the end.
    Closing,
}

impl Part {
    /// Those between the opening and the closing.
    pub const BETWEEN: [Part; 13] = [
        Part::New,
        Part::Reopened,
        Part::Restored,
        Part::MovedIn,
        Part::HandedIn,
        Part::Grown,
        Part::Shrunk,
        Part::Revalued,
        Part::MovedOut,
        Part::HandedOut,
        Part::Won,
        Part::Lost,
        Part::Removed,
    ];
}

/// What a deal adds to a part; less than nothing where it takes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    pub count: i64,
    pub amount: i64,
    pub weighted: i64,
}

impl Delta {
    fn negative(self) -> Delta {
        Delta { count: -self.count, amount: -self.amount, weighted: -self.weighted }
    }
}

/// The two days, and the days of expected closing that are asked for.
#[derive(Clone, Debug)]
pub struct Ends<'a> {
    pub from: Then<'a>,
    pub to: Then<'a>,
    pub period: Option<RangeInclusive<Date>>,
}

/// How a deal stood at one end.
#[derive(Clone, Debug)]
struct Stood {
    standing: State,
    /// It meets what is asked for.
    passes: bool,
    in_period: bool,
    closed_at: Option<i64>,
    worth: Delta,
    own: [Option<Money>; 2],
}

impl Stood {
    fn is_in(&self) -> bool {
        self.standing == State::Open && self.passes && self.in_period
    }
}

/// What each deal adds to each part. Of one deal the parts between add up to what it is worth at the end less what it was at the beginning.
pub fn waterfall(ends: &Ends<'_>, asked: &Asked<'_>) -> Vec<(Part, Id, Delta)> {
    let (before, after) = (Question::of(&ends.from, asked), Question::of(&ends.to, asked));
    let mut places: HashMap<Id, usize> = HashMap::with_capacity(ends.from.deals.len());
    places.extend(ends.from.deals.ids().iter().enumerate().map(|(at, id)| (*id, at)));
    let mut found = Vec::new();
    for (at, id) in ends.to.deals.ids().iter().enumerate() {
        let was = places.remove(id);
        if after.sees(at) {
            let was = was.map(|at| stood(&ends.from, &before, at, ends));
            parts(ends, *id, was, Some(stood(&ends.to, &after, at, ends)), &mut found);
        }
    }
    // Those that are gone for good.
    for (id, at) in places {
        if before.sees(at) {
            parts(ends, id, Some(stood(&ends.from, &before, at, ends)), None, &mut found);
        }
    }
    found
}

fn stood(then: &Then<'_>, question: &Question<'_, '_>, at: usize, ends: &Ends<'_>) -> Stood {
    let expected = || {
        place_of("expected_close_date").and_then(|field| match then.deals.value(at, field) {
            Value::Date(day) => Some(day),
            _ => None,
        })
    };
    let money = |field: &str| place_of(field).and_then(|field| then.deals.money(at, field));
    Stood {
        standing: question.standing(at),
        passes: question.passes(at),
        in_period: ends.period.as_ref().is_none_or(|period| expected().is_some_and(|day| period.contains(&day))),
        closed_at: then.deals.whole(at, "closed_at"),
        worth: Delta { count: 1, amount: then.main(at, AMOUNT), weighted: then.main(at, WEIGHTED) },
        own: [money(AMOUNT), money(WEIGHTED)],
    }
}

fn parts(ends: &Ends<'_>, id: Id, before: Option<Stood>, after: Option<Stood>, found: &mut Vec<(Part, Id, Delta)>) {
    let was_in = before.as_ref().filter(|stood| stood.is_in());
    let is_in = after.as_ref().filter(|stood| stood.is_in());
    if let Some(was) = was_in {
        found.push((Part::Opening, id, was.worth));
    }
    if let Some(is) = is_in {
        found.push((Part::Closing, id, is.worth));
    }
    match (was_in, is_in) {
        (Some(was), Some(is)) => found.extend(changed(was, is, true).map(|(part, delta)| (part, id, delta))),
        (Some(was), None) => leaves(id, was, after.as_ref(), found),
        (None, Some(is)) => found.push((comes_as(before.as_ref()), id, is.worth)),
        (None, None) => {
            // It came and went between the two days.
            let Some(is) = after.filter(|is| is.passes && is.in_period && is.closed_at.is_some_and(|at| at > ends.from.at.0)) else {
                return;
            };
            let Some(part) = closed_as(&is) else { return };
            let passed = Delta { weighted: 0, ..is.worth };
            found.extend([(comes_as(before.as_ref()), id, passed), (part, id, passed.negative())]);
        }
    }
}

/// Why a deal is there that was not.
fn comes_as(before: Option<&Stood>) -> Part {
    match before {
        None => Part::New,
        Some(was) => match was.standing {
            State::Voided => Part::Restored,
            State::Aside => Part::New,
            State::Won | State::Lost => Part::Reopened,
            State::Open if !was.passes => Part::HandedIn,
            State::Open => Part::MovedIn,
        },
    }
}

fn closed_as(is: &Stood) -> Option<Part> {
    match is.standing {
        State::Won => Some(Part::Won),
        State::Lost => Some(Part::Lost),
        _ => None,
    }
}

/// Why a deal is not there any more. What is won is told with the amount at which it was won: how that differs is growth before.
fn leaves(id: Id, was: &Stood, after: Option<&Stood>, found: &mut Vec<(Part, Id, Delta)>) {
    let stays = |is: &&Stood| matches!(is.standing, State::Open | State::Won | State::Lost);
    let Some(is) = after.filter(stays) else {
        return found.push((Part::Removed, id, was.worth.negative()));
    };
    if !is.passes {
        return found.push((Part::HandedOut, id, was.worth.negative()));
    }
    match closed_as(is) {
        // A closed deal is not weighted any more, so what it weighed goes with it.
        Some(part) => {
            found.extend(changed(was, is, false).map(|(part, delta)| (part, id, delta)));
            found.push((part, id, Delta { count: -1, amount: -is.worth.amount, weighted: -was.worth.weighted }));
        }
        None => {
            found.extend(changed(was, is, true).map(|(part, delta)| (part, id, delta)));
            found.push((Part::MovedOut, id, is.worth.negative()));
        }
    }
}

/// How a deal is worth something else.
fn changed(was: &Stood, is: &Stood, weighted: bool) -> Option<(Part, Delta)> {
    let amount = is.worth.amount - was.worth.amount;
    let weighted = if weighted { is.worth.weighted - was.worth.weighted } else { 0 };
    if amount == 0 && weighted == 0 {
        return None;
    }
    let same = if is.standing == State::Open { was.own == is.own } else { was.own[0] == is.own[0] };
    let part = match if amount == 0 { weighted } else { amount } {
        _ if same => Part::Revalued,
        more if more > 0 => Part::Grown,
        _ => Part::Shrunk,
    };
    Some((part, Delta { count: 0, amount, weighted }))
}
