//! The values that formulas reckon with.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::fault::Fault;
use crate::text::fold;
use crate::{Currency, Date, Id, Instant};

/// A value on its way through a formula.
#[derive(Clone, Debug)]
pub enum Operand<'a> {
    Blank,
    Text(Cow<'a, str>),
    Number(Decimal),
    Money(Sum),
    Bool(bool),
    Date(Date),
    Instant(Instant),
    Ref(Id),
    Keys(&'a [String]),
}

/// Money on its way through a formula: its amount in the main currency goes along, so that two currencies never mix.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    pub amount: Decimal,
    pub currency: Currency,
    /// In the main currency; `None` where no rate is known.
    pub main: Option<Decimal>,
}

impl Operand<'_> {
    /// The truth of a boolean; blank is false.
    pub fn is_true(&self) -> bool {
        matches!(self, Operand::Bool(true))
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Operand::Blank)
    }
}

impl Sum {
    /// A number as an amount in the main currency.
    pub fn of_main(amount: Decimal, main: Currency) -> Sum {
        Sum { amount, currency: main, main: Some(amount) }
    }

    /// Both in one currency: their own where it is the same, else the main one.
    pub fn alike(self, other: Sum, main: Currency) -> Result<(Sum, Sum), Fault> {
        if self.currency == other.currency {
            return Ok((self, other));
        }
        let (a, b) = self.main.zip(other.main).ok_or(Fault::NoRate)?;
        Ok((Sum::of_main(a, main), Sum::of_main(b, main)))
    }

    /// The sum of both. A plain zero takes nothing from the other's currency, so that `(amount ?? 0) + other` stays in it.
    pub fn plus(self, other: Sum, main: Currency) -> Result<Sum, Fault> {
        if self.currency != other.currency && self.amount.is_zero() {
            return Ok(other);
        }
        if self.currency != other.currency && other.amount.is_zero() {
            return Ok(self);
        }
        let (a, b) = self.alike(other, main)?;
        let main = a.main.zip(b.main).map(|(a, b)| a.checked_add(b).ok_or(Fault::Overflow)).transpose()?;
        Ok(Sum { amount: a.amount.checked_add(b.amount).ok_or(Fault::Overflow)?, currency: a.currency, main })
    }

    /// The same done to the amount and to its counterpart in the main currency.
    pub fn each(self, act: impl Fn(Decimal) -> Option<Decimal>) -> Result<Sum, Fault> {
        Ok(Sum {
            amount: act(self.amount).ok_or(Fault::Overflow)?,
            currency: self.currency,
            main: self.main.map(|main| act(main).ok_or(Fault::Overflow)).transpose()?,
        })
    }

    /// Another amount in the same currency, at the same rate: what a rounded amount is worth follows from it, not from rounding twice.
    pub fn becomes(self, amount: Decimal) -> Result<Sum, Fault> {
        let at_rate = |main: Decimal| {
            if self.amount.is_zero() { Some(main) } else { main.checked_mul(amount)?.checked_div(self.amount) }
        };
        Ok(Sum { amount, currency: self.currency, main: self.main.map(|main| at_rate(main).ok_or(Fault::Overflow)).transpose()? })
    }

    /// How both stand to each other.
    pub fn order(self, other: Sum, main: Currency) -> Result<Ordering, Fault> {
        self.alike(other, main).map(|(a, b)| a.amount.cmp(&b.amount))
    }
}

/// The order of two values; `None` when either is blank.
pub fn order(a: &Operand<'_>, b: &Operand<'_>, folded: bool, main: Currency) -> Result<Option<Ordering>, Fault> {
    Ok(Some(match (a, b) {
        (Operand::Text(a), Operand::Text(b)) if folded => fold(a).cmp(&fold(b)),
        (Operand::Text(a), Operand::Text(b)) => a.cmp(b),
        (Operand::Number(a), Operand::Number(b)) => a.cmp(b),
        (Operand::Money(a), Operand::Money(b)) => a.order(*b, main)?,
        (Operand::Bool(a), Operand::Bool(b)) => a.cmp(b),
        (Operand::Date(a), Operand::Date(b)) => a.cmp(b),
        (Operand::Instant(a), Operand::Instant(b)) => a.cmp(b),
        (Operand::Ref(a), Operand::Ref(b)) => a.cmp(b),
        _ => return Ok(None),
    }))
}
