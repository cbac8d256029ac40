//! Hours of a day, as a clock shows them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Minutes since midnight, as `09:30`; `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(pub u16);

/// From an hour on, up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: Clock,
    /// No longer included.
    pub to: Clock,
}

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;

impl Span {
    /// From and to, in minutes since midnight.
    pub const fn of(from: u16, to: u16) -> Span {
        Span { from: Clock(from), to: Clock(to) }
    }

    /// How many minutes of the clock it covers.
    pub fn minutes(&self) -> u16 {
        self.to.0.saturating_sub(self.from.0)
    }
}

impl Clock {
    /// Reads `9:30`, `09:30` or `24:00`.
    pub fn parse(text: &str) -> Option<Clock> {
        let (hours, minutes) = text.trim().split_once(':')?;
        let number = |part: &str, longest: usize| {
            let plain = (1..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| plain)
        };
        let (hours, minutes) = (number(hours, 2)?, number(minutes, 2).filter(|_| minutes.len() == 2)?);
        let at = hours * 60 + minutes;
        (minutes < 60 && at <= DAY).then_some(Clock(at))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Clock, D::Error> {
        let text = String::deserialize(deserializer)?;
        Clock::parse(&text).ok_or_else(|| de::Error::custom("a time of day was expected, as 09:30"))
    }
}
