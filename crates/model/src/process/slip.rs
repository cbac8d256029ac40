//! Slips: what puts off or lessens a deal that is under way.

use crate::{Record, Value};

/// What slipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlipKind {
    /// The expected close date, to a later day or to none.
    CloseDate,
    /// The amount, to a lesser one or to none.
    Amount,
    /// The stage, to an earlier one.
    Stage,
}

/// One slip: from what to what.
#[derive(Clone, Debug, PartialEq)]
pub struct Slip {
    pub kind: SlipKind,
    pub old: Value,
    pub new: Value,
}

impl SlipKind {
    pub const ALL: [SlipKind; 3] = [SlipKind::CloseDate, SlipKind::Amount, SlipKind::Stage];

    /// As the database and the API say it.
    pub fn key(self) -> &'static str {
        match self {
            SlipKind::CloseDate => "close_date",
            SlipKind::Amount => "amount",
            SlipKind::Stage => "stage",
        }
    }

    /// Reads what [`SlipKind::key`] wrote.
    pub fn from_key(key: &str) -> Option<SlipKind> {
        SlipKind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The field of the deal that slipped.
    pub fn field(self) -> &'static str {
        match self {
            SlipKind::CloseDate => "expected_close_date",
            SlipKind::Amount => "amount",
            SlipKind::Stage => "stage",
        }
    }
}

impl Slip {
    /// By how many days a close date was pushed; not known where there is none any more.
    pub fn days(&self) -> Option<i64> {
        let (old, new) = (self.old.as_date()?, self.new.as_date()?);
        old.until(new).ok().map(|span| i64::from(span.get_days()))
    }
}

/// What a change lets slip. Only while the deal is under way before and after it: what a closing says is how it ended, and what follows it
/// is a correction. Amounts in two currencies are compared in the main currency, at the rates that hold.
pub fn slips(before: &Record, after: &Record, stepped_back: bool) -> Vec<Slip> {
    let under_way = |record: &Record| record.text("stage_type") == "in_progress";
    if !under_way(before) || !under_way(after) {
        return Vec::new();
    }
    let slipped = |kind: SlipKind| match kind {
        SlipKind::CloseDate => match (before.get(kind.field()).as_date(), after.get(kind.field()).as_date()) {
            (Some(old), Some(new)) => new > old,
            (old, new) => old.is_some() && new.is_none(),
        },
        SlipKind::Amount => less(before, after),
        SlipKind::Stage => stepped_back,
    };
    let slip = |kind: SlipKind| Slip { kind, old: before.get(kind.field()).clone(), new: after.get(kind.field()).clone() };
    SlipKind::ALL.into_iter().filter(|kind| slipped(*kind)).map(slip).collect()
}

fn less(before: &Record, after: &Record) -> bool {
    let of = |record: &Record| record.get("amount").as_money();
    match (of(before), of(after)) {
        (Some(old), Some(new)) if old.currency == new.currency => new.amount < old.amount,
        (Some(_), Some(_)) => before.mains.get("amount").zip(after.mains.get("amount")).is_some_and(|(old, new)| new < old),
        (old, new) => old.is_some() && new.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, Id, Money};

    fn deal(stage: &str, amount: Option<(&str, &str)>, day: Option<&str>) -> Record {
        let mut record = Record::new("opportunity", Id::SYSTEM);
        record.set("stage", stage);
        record.set("stage_type", if stage == "won" { "won" } else { "in_progress" });
        if let Some((amount, currency)) = amount {
            record.set("amount", Money { amount: Amount::parse(amount).unwrap(), currency: currency.parse().unwrap() });
            // A euro is two dollars here.
            let main = Amount::parse(amount).unwrap();
            record.mains.insert("amount".into(), if currency == "EUR" { Amount(main.0 * 2) } else { main });
        }
        record.set("expected_close_date", Value::from(day.map(|day| Value::Date(day.parse().unwrap()))));
        record
    }

    fn kinds(before: &Record, after: &Record) -> Vec<SlipKind> {
        slips(before, after, false).into_iter().map(|slip| slip.kind).collect()
    }

    #[test]
    fn later_or_less_slips_and_sooner_or_more_does_not() {
        let usd = |amount| deal("proposal", Some((amount, "USD")), Some("2026-12-01"));
        assert_eq!(kinds(&usd("100"), &usd("99.99")), [SlipKind::Amount]);
        assert!(kinds(&usd("100"), &usd("100.01")).is_empty() && kinds(&usd("100"), &usd("100")).is_empty());
        let day = |day| deal("proposal", None, day);
        assert_eq!(kinds(&day(Some("2026-12-01")), &day(Some("2027-01-31"))), [SlipKind::CloseDate]);
        assert_eq!(slips(&day(Some("2026-12-01")), &day(Some("2027-01-31")), false)[0].days(), Some(61));
        assert!(kinds(&day(Some("2026-12-01")), &day(Some("2026-11-30"))).is_empty());
        assert!(kinds(&day(None), &day(Some("2026-11-30"))).is_empty());
        // To nothing at all is a slip of unknown length.
        assert_eq!(slips(&day(Some("2026-12-01")), &day(None), false)[0].days(), None);
        assert_eq!(kinds(&usd("100"), &deal("proposal", None, Some("2026-12-01"))), [SlipKind::Amount]);
    }

    #[test]
    fn another_currency_is_compared_in_the_main_one() {
        let of = |amount, currency| deal("proposal", Some((amount, currency)), None);
        assert!(kinds(&of("100", "USD"), &of("60", "EUR")).is_empty());
        assert_eq!(kinds(&of("100", "USD"), &of("40", "EUR")), [SlipKind::Amount]);
        assert_eq!(kinds(&of("60", "EUR"), &of("100", "USD")), [SlipKind::Amount]);
    }

    #[test]
    fn nothing_slips_in_a_deal_that_is_closed_or_being_closed() {
        let (open, closed) = (deal("proposal", Some(("100", "USD")), Some("2026-12-01")), deal("won", Some(("50", "USD")), None));
        assert!(kinds(&open, &closed).is_empty() && kinds(&closed, &open).is_empty() && kinds(&closed, &closed).is_empty());
        let back = slips(&open, &deal("prospecting", Some(("100", "USD")), Some("2026-12-01")), true);
        assert_eq!(back, [Slip { kind: SlipKind::Stage, old: "proposal".into(), new: "prospecting".into() }]);
    }

    #[test]
    fn kinds_read_what_they_write() {
        assert!(SlipKind::ALL.into_iter().all(|kind| SlipKind::from_key(kind.key()) == Some(kind)));
    }
}
