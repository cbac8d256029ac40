//! The organisation's settings.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::time::Calendar;
use crate::{Currency, Label};

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
    /// ISO 3166 code of two letters, as `DE`: phones written without a country are of this one. Blank: unknown.
    #[serde(default)]
    pub country: String,
    /// Currencies in which amounts may be entered; all when there are none. Amounts that stand in another one stay.
    #[serde(default)]
    pub currencies: Vec<Currency>,
    /// The parts that members of a record's team play.
    #[serde(default = "team_roles")]
    pub team_roles: Vec<TeamRole>,
    /// Where a deal's amount comes from. Organisations from before there was a choice type it.
    #[serde(default = "typed")]
    pub deal_amount: DealAmount,
    /// Whose department forecasts and attainment count a deal for.
    #[serde(default)]
    pub department_of_deals: DepartmentOfDeals,
}

/// Whose department forecasts and attainment of departments count a deal for (spec/11, D111).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepartmentOfDeals {
    /// The primary department of its owner, as it is when somebody asks.
    #[default]
    Owner,
    /// The one that stands in the deal itself: it follows the owner while the deal is open and is kept when it is closed.
    Deal,
}

impl DepartmentOfDeals {
    /// Both, as the API says them.
    pub const KEYS: [&str; 2] = ["owner", "deal"];

    /// Reads one of [`DepartmentOfDeals::KEYS`].
    pub fn of(key: &str) -> Option<DepartmentOfDeals> {
        match key {
            "owner" => Some(DepartmentOfDeals::Owner),
            "deal" => Some(DepartmentOfDeals::Deal),
            _ => None,
        }
    }
}

/// Where a deal's amount comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealAmount {
    /// It is what the deal's lines come to, as soon as one of them comes to anything.
    Lines,
    /// Somebody types it, whatever lines there are.
    Typed,
}

impl DealAmount {
    /// Both, as the API says them.
    pub const KEYS: [&str; 2] = ["lines", "typed"];

    /// Reads one of [`DealAmount::KEYS`].
    pub fn of(key: &str) -> Option<DealAmount> {
        match key {
            "lines" => Some(DealAmount::Lines),
            "typed" => Some(DealAmount::Typed),
            _ => None,
        }
    }
}

fn typed() -> DealAmount {
    DealAmount::Typed
}

/// A part that a member of a team plays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamRole {
    pub key: String,
    pub label: Label,
    /// One that is not stays where it is and cannot be chosen anew.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// The part of whoever is in a team for no reason that has a name of its own.
pub const MEMBER: &str = "member";

/// The team roles that the product ships (spec/01, Access 2).
pub fn team_roles() -> Vec<TeamRole> {
    let role = |key: &str, en: &str, zh: &str| TeamRole { key: key.to_owned(), label: Label::new(en, zh), active: true };
    vec![
        role("joint_follow_up", "Joint follow-up", "联合跟进人"),
        role("pre_sales", "Pre-sales", "售前"),
        role("after_sales", "After-sales", "售后"),
        role(MEMBER, "Member", "普通成员"),
    ]
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
            country: String::new(),
            currencies: Vec::new(),
            team_roles: team_roles(),
            deal_amount: DealAmount::Lines,
            department_of_deals: DepartmentOfDeals::Owner,
        }
    }
}

impl Organisation {
    /// True for a currency in which amounts may be entered.
    pub fn is_active(&self, currency: Currency) -> bool {
        self.currencies.is_empty() || currency == self.main_currency || self.currencies.contains(&currency)
    }

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
