//! Why a formula came to nothing although all it needed was there.

use crate::Violation;

/// What ends a reckoning: the field is blank then, and says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    DivisionByZero,
    /// A number, an amount or a day beyond what can be kept.
    Overflow,
    /// A text longer than a field holds.
    TooLong,
    /// More work than one field may ask for.
    TooSlow,
    /// Amounts of different currencies, one of them without a rate.
    NoRate,
    /// `date(2026, 2, 30)`.
    NoSuchDay,
}

impl Fault {
    /// The note that stands beside the blank value.
    pub fn note(self) -> Violation {
        match self {
            Fault::DivisionByZero => Violation::new("formula.division_by_zero", "formula"),
            Fault::Overflow => Violation::new("formula.overflow", "formula"),
            Fault::TooLong => Violation::new("formula.text_too_long", "formula"),
            Fault::TooSlow => Violation::new("formula.too_slow", "formula"),
            Fault::NoRate => Violation::new("formula.no_rate", "formula"),
            Fault::NoSuchDay => Violation::new("formula.no_such_day", "formula"),
        }
    }
}
