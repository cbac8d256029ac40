//! How likely deals are won as weeks go by, from what became of deals before.

use super::WEEK;

/// Weeks that are looked ahead.
pub(super) const WEEKS: usize = 104;
/// A group of deals is believed as much as what is known of all, where so many stood; few deals change little (fixed, so that it can be said).
const STRENGTH: f64 = 40.0;

/// What became of deals in the weeks after they were looked at.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    won: Vec<f64>,
    lost: Vec<f64>,
    /// After so many weeks nothing more is known.
    open: Vec<f64>,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally { won: vec![0.0; WEEKS + 1], lost: vec![0.0; WEEKS + 1], open: vec![0.0; WEEKS + 1] }
    }
}

impl Tally {
    /// Takes in a deal that closed after a span, won or not.
    pub fn closed(&mut self, span: i64, won: bool) {
        // Closing exactly with a week belongs to that week.
        let week = (usize::try_from((span - 1).max(0) / WEEK).unwrap_or(0)).min(WEEKS);
        if won { self.won[week] += 1.0 } else { self.lost[week] += 1.0 }
    }

    /// Takes in a deal of which nothing more is known after a span.
    pub fn open(&mut self, span: i64) {
        self.open[(usize::try_from(span.max(0) / WEEK).unwrap_or(0)).min(WEEKS)] += 1.0;
    }

    pub fn looked_at(&self) -> f64 {
        self.won.iter().chain(&self.lost).chain(&self.open).sum()
    }

    /// Of those still open at the beginning of each week, the share that was won in it and that was lost in it, drawn towards `parent`.
    pub fn shares(&self, parent: Option<&Shares>) -> Shares {
        let mut at_risk = self.looked_at();
        let mut shares = Shares { won: Vec::with_capacity(WEEKS), lost: Vec::with_capacity(WEEKS) };
        for week in 0..WEEKS {
            at_risk -= self.open[week];
            let drawn = |events: f64, parent: Option<f64>| match parent {
                Some(parent) => (events + STRENGTH * parent) / (at_risk + STRENGTH),
                None if at_risk > 0.0 => events / at_risk,
                None => 0.0,
            };
            shares.won.push(drawn(self.won[week], parent.map(|parent| parent.won[week])));
            shares.lost.push(drawn(self.lost[week], parent.map(|parent| parent.lost[week])));
            at_risk -= self.won[week] + self.lost[week];
        }
        shares
    }
}

/// Week by week, of those that are still open: which share is won and which is lost.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    pub won: Vec<f64>,
    pub lost: Vec<f64>,
}

/// How likely a deal is won by then.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// At the end of each week, beginning with now.
    won: Vec<f64>,
    lost: f64,
}

impl Curve {
    pub(super) fn of(shares: &Shares) -> Curve {
        let (mut open, mut lost, mut won) = (1.0, 0.0, vec![0.0]);
        for week in 0..WEEKS {
            let so_far = won[week];
            won.push(so_far + open * shares.won[week]);
            lost += open * shares.lost[week];
            open *= (1.0 - shares.won[week] - shares.lost[week]).max(0.0);
        }
        Curve { won, lost }
    }

    /// The chance that it is won within a span.
    pub fn within(&self, span: i64) -> f64 {
        let weeks = span.max(0) as f64 / WEEK as f64;
        let at = weeks.floor() as usize;
        match (self.won.get(at), self.won.get(at + 1)) {
            (Some(from), Some(to)) => from + (to - from) * weeks.fract(),
            _ => self.won.last().copied().unwrap_or(0.0),
        }
    }

    /// The chance that it is won at all. What stays open longer than anybody has seen ends as what has ended.
    pub fn ever(&self) -> f64 {
        let won = self.won.last().copied().unwrap_or(0.0);
        if won + self.lost > 0.0 { won + (1.0 - won - self.lost).max(0.0) * won / (won + self.lost) } else { 0.0 }
    }

    /// After how long half of those that are won are won.
    pub fn half(&self) -> Option<i64> {
        let half = self.won.last().copied().filter(|won| *won > 0.0)? / 2.0;
        let week = self.won.windows(2).position(|pair| pair[1] >= half)?;
        let (from, to) = (self.won[week], self.won[week + 1]);
        let part = if to > from { (half - from) / (to - from) } else { 0.0 };
        Some(((week as f64 + part) * WEEK as f64) as i64)
    }
}
