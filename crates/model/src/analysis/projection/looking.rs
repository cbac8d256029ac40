//! What is known at a cut, and what follows from it for a period.

use std::collections::HashMap;
use std::ops::Range;

use super::curve::{Shares, Tally};
use super::{Course, Curve, DAY, WEEK};
use crate::{Id, Instant};

/// Only what happened in so many weeks before the cut tells something of today.
const BACK: i64 = 104;
/// As many new deals come as in the weeks before the cut.
const LATELY: i64 = 13;
/// Days in a stage up to which deals are looked at together.
const BANDS: [i64; 6] = [7, 14, 30, 60, 90, 180];
/// So many deals are looked at week by week, and some more.
const MOST: usize = 100_000;
/// How many deals of a segment count as much as all others, for its share of won deals and for its amounts.
const SEGMENT: f64 = 50.0;
const AMOUNTS: f64 = 10.0;

/// What is known at a cut of how deals go.
pub struct History {
    cut: Instant,
    cells: HashMap<(u32, usize), Curve>,
    stages: HashMap<u32, (Curve, u64)>,
    all: Curve,
    new: Curve,
    segments: HashMap<u32, Segment>,
    overall: Segment,
    /// New deals a week.
    coming: f64,
    /// Of closed deals that have been in a stage, the share that was won.
    stage_rates: HashMap<u32, f64>,
    pub won: u64,
    pub lost: u64,
    /// When the first deal began that is known.
    pub since: Option<Instant>,
    /// When the first one closed.
    pub(super) first_closed: Option<Instant>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Segment {
    won: f64,
    closed: f64,
    /// Of amounts that were won: how many, their sum and that of their squares.
    amounts: f64,
    sum: f64,
    squares: f64,
}

/// What is known of an open deal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    pub id: Id,
    /// To be won at all, and in the period.
    pub chance: f64,
    pub in_period: f64,
    /// When it is won, if it is: half of its like are won by then.
    pub expected_close: Option<Instant>,
    /// What it brings then, in ten-thousandths.
    pub amount: f64,
}

/// What a period brings, as far as it can be known at the cut.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projected {
    /// Won in the period before the cut: how many, and what they brought.
    pub closed: u64,
    pub closed_amount: i128,
    pub open: Vec<Chance>,
    /// What deals bring that are open, and that are not there yet.
    pub expected: f64,
    pub coming: f64,
    /// How much both vary by chance alone.
    pub variance: f64,
}

fn band(stood: i64) -> usize {
    BANDS.iter().position(|days| stood <= days * DAY).unwrap_or(BANDS.len())
}

impl History {
    /// Looks back from a cut.
    pub fn of(courses: &[&Course], cut: Instant) -> History {
        let first = Instant(cut.0 - BACK * WEEK);
        let mut cells: HashMap<(u32, usize), Tally> = HashMap::new();
        let mut stages: HashMap<u32, Tally> = HashMap::new();
        let (mut all, mut new) = (Tally::default(), Tally::default());
        let mut seen: HashMap<u32, u64> = HashMap::new();
        let mut rates: HashMap<u32, (f64, f64)> = HashMap::new();
        let (mut segments, mut overall): (HashMap<u32, Segment>, Segment) = Default::default();
        let (mut won, mut lost, mut lately, mut since, mut first_closed) = (0, 0, 0_u64, None::<Instant>, None::<Instant>);
        // Of very many deals every so manieth is looked at week by week: shares hardly differ.
        let each = (courses.len() / MOST).max(1);
        for (n, course) in courses.iter().enumerate() {
            let Some(began) = course.began().filter(|began| *began <= cut) else { continue };
            since = Some(since.map_or(began, |known| known.min(began)));
            lately += u64::from(began.0 > cut.0 - LATELY * WEEK);
            let take = |tally: &mut Tally, at: Instant| match course.closes(at, cut) {
                Some((closed, won)) => tally.closed(closed.0 - at.0, won),
                None => tally.open(cut.0 - at.0),
            };
            if began >= first && n % each == 0 {
                take(&mut new, began);
            }
            // Weeks are counted back from the cut, so that what is not known any more ends with a whole week.
            let last = course.events.last().map_or(cut, |(at, _)| *at);
            let open_now = course.stood(cut).is_some();
            let from = began.max(first);
            let oldest = (cut.0 - from.0) / WEEK;
            let newest = if open_now { 1 } else { ((cut.0 - last.min(cut).0) / WEEK).max(1) };
            for week in (newest..=oldest.min(BACK)).filter(|_| n % each == 0) {
                let at = Instant(cut.0 - week * WEEK);
                let Some((stage, since)) = course.stood(at) else { continue };
                take(cells.entry((stage, band(at.0 - since.0))).or_default(), at);
                take(stages.entry(stage).or_default(), at);
                take(&mut all, at);
            }
            let mut been: Vec<u32> = course.events.iter().filter(|(at, _)| *at <= cut).filter_map(|(_, event)| stage_of(event)).collect();
            been.sort_unstable();
            been.dedup();
            been.iter().for_each(|stage| *seen.entry(*stage).or_default() += 1);
            let Some((closed, is_won)) = closing(course, cut).filter(|(closed, _)| *closed >= first) else { continue };
            first_closed = Some(first_closed.map_or(closed, |known: Instant| known.min(closed)));
            won += u64::from(is_won);
            lost += u64::from(!is_won);
            for stage in been {
                let rate = rates.entry(stage).or_default();
                *rate = (rate.0 + f64::from(u8::from(is_won)), rate.1 + 1.0);
            }
            for segment in [segments.entry(course.segment).or_default(), &mut overall] {
                segment.closed += 1.0;
                segment.won += f64::from(u8::from(is_won));
                if let Some(worth) = course.worth.filter(|worth| is_won && *worth > 0) {
                    segment.amounts += 1.0;
                    segment.sum += worth as f64;
                    segment.squares += worth as f64 * worth as f64;
                }
            }
        }
        let weeks = since.map_or(1.0, |since| ((cut.0 - since.0) as f64 / WEEK as f64).clamp(1.0, LATELY as f64));
        let everything = all.shares(None);
        let of_stage: HashMap<u32, Shares> = stages.iter().map(|(stage, tally)| (*stage, tally.shares(Some(&everything)))).collect();
        let cell = |((stage, band), tally): (&(u32, usize), &Tally)| {
            ((*stage, *band), Curve::of(&tally.shares(Some(of_stage.get(stage).unwrap_or(&everything)))))
        };
        History {
            cut,
            cells: cells.iter().map(cell).collect(),
            stages: of_stage.iter().map(|(stage, shares)| (*stage, (Curve::of(shares), seen.get(stage).copied().unwrap_or(0)))).collect(),
            new: Curve::of(&new.shares(Some(&everything))),
            all: Curve::of(&everything),
            segments,
            overall,
            coming: lately as f64 / weeks,
            stage_rates: rates.into_iter().map(|(stage, (won, closed))| (stage, won / closed)).collect(),
            won,
            lost,
            since,
            first_closed,
        }
    }

    /// How deals of a stage go, and how many have been there.
    pub fn stage(&self, stage: u32) -> Option<(&Curve, u64)> {
        self.stages.get(&stage).map(|(curve, seen)| (curve, *seen))
    }

    /// The share of closed deals that was won after they had been in a stage: what a naive method counts with.
    pub fn stage_rate(&self, stage: u32) -> f64 {
        let overall = if self.overall.closed > 0.0 { self.overall.won / self.overall.closed } else { 0.0 };
        self.stage_rates.get(&stage).copied().unwrap_or(overall)
    }

    /// What a won deal of a segment brings, and how much that varies, as the mean of squares.
    pub fn brings(&self, segment: u32) -> (f64, f64) {
        if self.overall.amounts == 0.0 {
            return (0.0, 0.0);
        }
        let (mean, square) = (self.overall.sum / self.overall.amounts, self.overall.squares / self.overall.amounts);
        let own = self.segments.get(&segment).copied().unwrap_or_default();
        let drawn = |sum: f64, towards: f64| (sum + AMOUNTS * towards) / (own.amounts + AMOUNTS);
        (drawn(own.sum, mean), drawn(own.squares, square))
    }

    /// By how much a segment wins more often than others.
    fn lift(&self, segment: u32) -> f64 {
        if self.overall.closed == 0.0 || self.overall.won == 0.0 {
            return 1.0;
        }
        let rate = self.overall.won / self.overall.closed;
        let own = self.segments.get(&segment).copied().unwrap_or_default();
        (own.won + SEGMENT * rate) / (own.closed + SEGMENT) / rate
    }

    /// What a period brings: each deal that is open at the cut, with what it is known to be worth then, and those that are coming.
    pub fn project(&self, courses: &[&Course], known: &HashMap<Id, i64>, period: &Range<Instant>) -> Projected {
        let mut found = Projected::default();
        let (to, from) = (period.end.0 - self.cut.0, period.start.0 - self.cut.0);
        for course in courses {
            if let Some(won) = course.won_by(self.cut) {
                if period.contains(&won) {
                    found.closed += 1;
                    found.closed_amount += i128::from(course.worth.unwrap_or(0));
                }
                continue;
            }
            let Some((stage, since)) = course.stood(self.cut) else { continue };
            let curve = self.cells.get(&(stage, band(self.cut.0 - since.0))).or_else(|| self.stages.get(&stage).map(|(curve, _)| curve));
            let curve = curve.unwrap_or(&self.all);
            let lift = self.lift(course.segment);
            let drawn = |chance: f64| (chance * lift).clamp(0.0, 0.98);
            let in_period = (drawn(curve.within(to)) - drawn(curve.within(from))).max(0.0);
            let (mean, square) = match known.get(&course.id).filter(|amount| **amount > 0) {
                Some(amount) => (*amount as f64, *amount as f64 * *amount as f64),
                None => self.brings(course.segment),
            };
            found.expected += in_period * mean;
            found.variance += in_period * square - (in_period * mean).powi(2);
            let expected_close = curve.half().map(|half| Instant(self.cut.0 + half));
            found.open.push(Chance { id: course.id, chance: drawn(curve.ever()), in_period, expected_close, amount: mean });
        }
        // New deals come evenly through each week.
        let (mean, square) = self.brings(u32::MAX);
        for week in 0..(to.max(0) + WEEK - 1) / WEEK {
            let left = (to - week * WEEK).min(WEEK);
            let arrives = week * WEEK + left / 2;
            let won = self.new.within(to - arrives) - self.new.within((from - arrives).max(0));
            let many = self.coming * left as f64 / WEEK as f64 * won.max(0.0);
            found.coming += many * mean;
            found.variance += many * square;
        }
        found
    }
}

fn stage_of(event: &super::Event) -> Option<u32> {
    if let super::Event::Stage(stage) = event { Some(*stage) } else { None }
}

/// How a deal had closed by a cut.
fn closing(course: &Course, cut: Instant) -> Option<(Instant, bool)> {
    match course.events.iter().rev().find(|(at, _)| *at <= cut)? {
        (at, super::Event::Won) => Some((*at, true)),
        (at, super::Event::Lost) => Some((*at, false)),
        _ => None,
    }
}
