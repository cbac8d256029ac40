//! The organisation's settings.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::Currency;
use crate::time::Calendar;

/// Settings of the one organisation in a database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub name: String,
    /// Totals are converted into it.
    pub main_currency: Currency,
    /// IANA name, as `Europe/Berlin`.
    pub time_zone: String,
    /// `monday` … `sunday`.
    pub week_start: String,
    /// 1–12.
    pub fiscal_year_start_month: i8,
    /// Language tag for people who chose none: `en` or `zh-CN`.
    pub language: String,
}

/// The languages the product speaks.
pub const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

impl Default for Organisation {
    fn default() -> Organisation {
        Organisation {
            name: "Stagecraft".to_owned(),
            main_currency: Currency::USD,
            time_zone: "UTC".to_owned(),
            week_start: "monday".to_owned(),
            fiscal_year_start_month: 1,
            language: "en".to_owned(),
        }
    }
}

impl Organisation {
    /// How this organisation counts days; an unknown zone or day falls back to UTC and Monday.
    pub fn calendar(&self) -> Calendar {
        Calendar {
            zone: TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC),
            week_start: weekday(&self.week_start).unwrap_or(Weekday::Monday),
            fiscal_year_start_month: self.fiscal_year_start_month,
        }
    }
}

/// The weekday of an English name.
pub fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}
