//! What the chart of stage conversion shows.

use serde::{Deserialize, Serialize};

const MICROS: u64 = 1_000_000;

/// The figures of one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageFigures {
    pub stage: String,
    /// No stage of the version in force any more; shown for its history, without conversion.
    pub former: bool,
    /// Deals that have been there.
    pub total: u64,
    /// What they count in analysis together, in ten-thousandths of the main currency.
    pub amount: i128,
    /// All their time there, in microseconds.
    pub micros: i128,
    /// Those that stand there now.
    pub retained: u64,
    /// Those that went from there, the last time that they left it, to where they were lost or given up, and are there still.
    pub lost: u64,
}

/// A part of those that have been in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Total,
    Transitioned,
    Retained,
    Lost,
}

impl StageFigures {
    /// Those that went on.
    pub fn transitioned(&self) -> u64 {
        self.total - self.retained - self.lost
    }

    /// Seconds in the stage, one deal with another, rounded half up; none where there are no deals.
    pub fn average_seconds(&self) -> Option<i64> {
        average(self.micros, self.total.saturating_mul(MICROS))
    }

    /// Lost among all, in millionths of a percent, rounded half up.
    pub fn loss_rate(&self) -> Option<i64> {
        percent(self.lost, self.total)
    }
}

/// The figures of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// The stages in order, former ones behind.
    pub stages: Vec<StageFigures>,
    /// Deals that count at all, and what they count in analysis together.
    pub deals: u64,
    /// Those that are won now.
    pub won: u64,
    /// From their creation to their being won, all together, in microseconds.
    pub cycle_micros: i128,
    /// Those of them with an amount, and their amounts together.
    pub sized: u64,
    pub size: i128,
}

impl Conversion {
    /// Those that came to this stage among those that came to the first, in millionths of a percent; none for a former stage.
    pub fn overall_conversion(&self, stage: &StageFigures) -> Option<i64> {
        if stage.former {
            return None;
        }
        self.stages.first().filter(|first| !first.former).and_then(|first| percent(stage.total, first.total))
    }

    /// From creation to winning, one deal with another, in seconds.
    pub fn sales_cycle(&self) -> Option<i64> {
        average(self.cycle_micros, self.won.saturating_mul(MICROS))
    }

    /// What a won deal is worth, one with another, in ten-thousandths of the main currency, before it is rounded to a coin.
    pub fn average_deal_size(&self) -> Option<i64> {
        average(self.size, self.sized)
    }
}

pub(super) fn average(sum: i128, count: u64) -> Option<i64> {
    (count > 0).then(|| i64::try_from(crate::number::div_half_up(sum, i128::from(count))).ok()).flatten()
}

fn percent(part: u64, whole: u64) -> Option<i64> {
    average(i128::from(part) * 100_000_000, whole)
}
