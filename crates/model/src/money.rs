//! Exact money in several currencies.

use std::collections::BTreeMap;
use std::fmt;

use crate::number::{div_half_up, parse_scaled, show_scaled};
use crate::{Currency, Date, Number};

/// An amount without its currency: ten-thousandths of the unit, whatever the currency, so that amounts of different
/// currencies have one scale (range ±9.2 × 10¹⁴). Both databases keep it as BIGINT.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Amount(pub i64);

/// Digits after the point that an [`Amount`] keeps.
pub const SCALE: u32 = 4;

impl Amount {
    /// Reads `1054.00`; `None` if it is not a plain decimal, does not fit or has more digits than the scale.
    pub fn parse(text: &str) -> Option<Amount> {
        parse_scaled(text, SCALE).map(Amount)
    }

    /// Rounded half up to the smallest coin of `currency`.
    pub fn rounded(self, currency: Currency) -> Amount {
        Amount(round_to_coin(i128::from(self.0), currency).unwrap_or(self.0))
    }

    /// As text with the digits of `currency`: `1054.00`.
    pub fn show(self, currency: Currency) -> String {
        show_scaled(self.0, SCALE, currency.digits().min(SCALE))
    }

    /// A sum of amounts, which may be larger than any single one, in the same way.
    pub fn show_sum(sum: i128, currency: Currency) -> String {
        show_scaled(sum, SCALE, currency.digits().min(SCALE))
    }
}

/// An amount in a currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    pub amount: Amount,
    pub currency: Currency,
}

impl Money {
    /// `self × percent / 100`, rounded half up to the currency's smallest coin (D4); `None` when it does not fit.
    pub fn percent(self, percent: Number) -> Option<Money> {
        let exact = i128::from(self.amount.0) * i128::from(percent.0);
        let scaled = div_half_up(exact, 100_000_000);
        // Rounding twice could carry a half too far, so the coin is reckoned from the exact product.
        let step = coin(self.currency);
        let amount = if step == 1 { scaled } else { div_half_up(exact, 100_000_000 * step) * step };
        i64::try_from(amount).ok().map(|n| Money { amount: Amount(n), currency: self.currency })
    }
}

impl Money {
    /// `self × quantity × percent / 100`, rounded half up to the currency's smallest coin; `None` when it does not fit.
    pub fn times(self, quantity: Number, percent: Number) -> Option<Money> {
        let exact = i128::from(self.amount.0) * i128::from(quantity.0);
        let exact = exact.checked_mul(i128::from(percent.0))?;
        let step = coin(self.currency);
        let amount = div_half_up(exact, 100_000_000_000_000 * step).checked_mul(step)?;
        i64::try_from(amount).ok().map(|n| Money { amount: Amount(n), currency: self.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount.show(self.currency), self.currency)
    }
}

/// Size of the smallest coin in ten-thousandths.
fn coin(currency: Currency) -> i128 {
    10_i128.pow(SCALE - currency.digits().min(SCALE))
}

fn round_to_coin(n: i128, currency: Currency) -> Option<i64> {
    let step = coin(currency);
    i64::try_from(div_half_up(n, step) * step).ok()
}

/// Dated rates into the main currency: one unit of a currency is `rate` of the main one from `day` on.
#[derive(Clone, Debug)]
pub struct Rates {
    main: Currency,
    by_currency: BTreeMap<Currency, BTreeMap<Date, Number>>,
}

impl Rates {
    /// Rates of an organisation whose main currency is `main`.
    pub fn new(main: Currency) -> Rates {
        Rates { main, by_currency: BTreeMap::new() }
    }

    /// The organisation's main currency.
    pub fn main(&self) -> Currency {
        self.main
    }

    /// Sets the rate of `currency` from `day` on.
    pub fn set(&mut self, currency: Currency, day: Date, rate: Number) {
        self.by_currency.entry(currency).or_default().insert(day, rate);
    }

    /// Takes the rate of `currency` from `day` on away; the one before holds on.
    pub fn remove(&mut self, currency: Currency, day: Date) {
        if let Some(rates) = self.by_currency.get_mut(&currency) {
            rates.remove(&day);
        }
    }

    /// The currencies in which an amount can be converted: the main one, and those that have a rate, by their codes.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        let others = self.by_currency.iter().filter(|(currency, rates)| **currency != self.main && !rates.is_empty());
        std::iter::once(self.main).chain(others.map(|(currency, _)| *currency))
    }

    /// The rate in force on `day`: that of the latest day not after it; the earliest one for days before the first.
    /// `None` when the currency has no rate at all. The main currency's rate is 1.
    pub fn on(&self, currency: Currency, day: Date) -> Option<Number> {
        if currency == self.main {
            return Some(Number::whole(1));
        }
        let rates = self.by_currency.get(&currency)?;
        rates.range(..=day).next_back().or_else(|| rates.iter().next()).map(|(_, rate)| *rate)
    }

    /// `money` in the main currency at the rate of `day`, rounded half up to its smallest coin.
    pub fn to_main(&self, money: Money, day: Date) -> Option<Amount> {
        self.on(money.currency, day).and_then(|rate| self.at_rate(money.amount, rate))
    }

    /// `money` in another currency at the rates of `day`, rounded half up to that one's smallest coin; `None` where a rate is missing or it
    /// does not fit. Nothing is rounded on the way.
    pub fn between(&self, money: Money, currency: Currency, day: Date) -> Option<Money> {
        if money.currency == currency {
            return Some(money);
        }
        let (from, to) = (self.on(money.currency, day)?, self.on(currency, day)?);
        let step = coin(currency);
        let exact = i128::from(money.amount.0) * i128::from(from.0);
        let whole = i128::from(to.0).checked_mul(step).filter(|whole| *whole > 0)?;
        i64::try_from(div_half_up(exact, whole) * step).ok().map(|n| Money { amount: Amount(n), currency })
    }

    /// `amount` at `rate`, rounded half up to the main currency's smallest coin; `None` when it does not fit.
    pub fn at_rate(&self, amount: Amount, rate: Number) -> Option<Amount> {
        let exact = i128::from(amount.0) * i128::from(rate.0);
        let step = coin(self.main);
        i64::try_from(div_half_up(exact, 1_000_000 * step) * step).ok().map(Amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn money(text: &str, currency: &str) -> Money {
        Money { amount: Amount::parse(text).unwrap(), currency: currency.parse().unwrap() }
    }

    #[test]
    fn a_percent_rounds_half_up_to_the_coin() {
        assert_eq!(money("1000", "USD").percent(Number::whole(40)).unwrap().to_string(), "400.00 USD");
        assert_eq!(money("0.05", "USD").percent(Number::whole(50)).unwrap().to_string(), "0.03 USD");
        assert_eq!(money("333", "JPY").percent(Number::whole(50)).unwrap().to_string(), "167 JPY");
        assert_eq!(money("-0.05", "USD").percent(Number::whole(50)).unwrap().to_string(), "-0.03 USD");
        assert_eq!(money("0.01", "USD").percent(Number::parse("49.9999").unwrap()).unwrap().to_string(), "0.00 USD");
    }

    #[test]
    fn an_amount_goes_across_two_currencies_rounded_once() {
        let mut rates = Rates::new(Currency::USD);
        let of = |code: &str| code.parse::<Currency>().unwrap();
        let day = date(2026, 1, 1);
        rates.set(of("EUR"), day, Number::parse("1.1").unwrap());
        rates.set(of("JPY"), day, Number::parse("0.0067").unwrap());
        let shown = |amount: &str, from: &str, to: &str| rates.between(money(amount, from), of(to), day).map(|money| money.to_string());
        assert_eq!(shown("10", "EUR", "USD").as_deref(), Some("11.00 USD"));
        assert_eq!(shown("11", "USD", "EUR").as_deref(), Some("10.00 EUR"));
        assert_eq!(shown("0.01", "USD", "EUR").as_deref(), Some("0.01 EUR"));
        assert_eq!(shown("12.34", "EUR", "JPY").as_deref(), Some("2026 JPY"));
        assert_eq!(shown("7.005", "EUR", "EUR").as_deref(), Some("7.005 EUR"));
        assert_eq!(shown("1", "GBP", "USD"), None);
    }

    #[test]
    fn rates_are_dated() {
        let mut rates = Rates::new(Currency::USD);
        let eur: Currency = "EUR".parse().unwrap();
        rates.set(eur, date(2026, 1, 1), Number::parse("1.1").unwrap());
        rates.set(eur, date(2026, 7, 1), Number::parse("1.2").unwrap());
        let ten = money("10", "EUR");
        assert_eq!(rates.to_main(ten, date(2026, 6, 30)), Amount::parse("11"));
        assert_eq!(rates.to_main(ten, date(2026, 7, 1)), Amount::parse("12"));
        assert_eq!(rates.to_main(ten, date(2020, 1, 1)), Amount::parse("11"));
        assert_eq!(rates.to_main(money("1", "GBP"), date(2026, 1, 1)), None);
        assert_eq!(rates.to_main(money("7", "USD"), date(2026, 1, 1)), Amount::parse("7"));
    }

    #[test]
    fn between_two_currencies_nothing_is_rounded_on_the_way() {
        let mut rates = Rates::new(Currency::USD);
        let [eur, jpy]: [Currency; 2] = ["EUR".parse().unwrap(), "JPY".parse().unwrap()];
        rates.set(eur, date(2026, 1, 1), Number::parse("1.1").unwrap());
        rates.set(jpy, date(2026, 1, 1), Number::parse("0.0065").unwrap());
        let on = date(2026, 11, 26);
        let shown = |text: &str, from: &str, to: Currency| rates.between(money(text, from), to, on).map(|money| money.to_string());
        assert_eq!(shown("100", "EUR", Currency::USD).as_deref(), Some("110.00 USD"));
        assert_eq!(shown("110", "USD", eur).as_deref(), Some("100.00 EUR"));
        assert_eq!(shown("1", "USD", eur).as_deref(), Some("0.91 EUR"));
        // Over dollars and cents it would be 1692: 0.01 EUR are 1.6923 yen.
        assert_eq!(shown("10", "EUR", jpy).as_deref(), Some("1692 JPY"));
        assert_eq!(shown("0.01", "EUR", jpy).as_deref(), Some("2 JPY"));
        assert_eq!(shown("7.35", "EUR", eur).as_deref(), Some("7.35 EUR"));
        assert_eq!(shown("1", "GBP", eur), None);
    }
}
