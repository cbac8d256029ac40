//! Which price book says what a product costs.

use std::collections::BTreeMap;

use crate::objects::lifecycle;
use crate::{Currency, Date, Id, Money, Record};

/// A price book, as far as it decides anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    pub id: Id,
    /// Of its prices; none where it names one that there is not.
    pub currency: Option<Currency>,
    /// Its first and its last day; open where there is none.
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// It holds in its currency where no other is named.
    pub standard: bool,
    pub active: bool,
}

impl Book {
    /// What a record of the object `price_book` says.
    pub fn of(record: &Record) -> Book {
        Book {
            id: record.id,
            currency: record.text("currency").parse().ok(),
            from: record.get("valid_from").as_date(),
            until: record.get("valid_until").as_date(),
            standard: record.get("standard").is_true(),
            active: record.get("active").is_true() && record.text("lifecycle_status") != lifecycle::VOIDED,
        }
    }

    /// True where prices may be taken from it on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.active && self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// True where both are standard in one currency on a day.
    pub fn clashes_with(&self, other: &Book) -> bool {
        let begins_in_time = |one: &Book, other: &Book| one.from.zip(other.until).is_none_or(|(from, until)| from <= until);
        let both = self.standard && self.active && other.standard && other.active;
        both && self.id != other.id && self.currency == other.currency && begins_in_time(self, other) && begins_in_time(other, self)
    }
}

/// From where a price comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A price book.
    Book(Id),
    /// The product itself.
    Product,
}

/// Prices of products, with the books that there are.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    pub books: BTreeMap<Id, Book>,
    /// By book and product.
    pub entries: BTreeMap<(Id, Id), Money>,
    /// What products cost by themselves.
    pub products: BTreeMap<Id, Money>,
}

impl Prices {
    /// The book that holds on a day: the one that is named, else the standard one of the currency. Of a named one that holds no more nothing is
    /// taken.
    pub fn book(&self, named: Option<Id>, currency: Currency, day: Date) -> Option<&Book> {
        let holds = |book: &&Book| book.currency == Some(currency) && book.holds_on(day);
        let named = named.and_then(|id| self.books.get(&id)).filter(holds);
        named.or_else(|| self.books.values().filter(|book| book.standard).find(holds))
    }

    /// What a product costs by a book, else by itself where that is in the currency.
    pub fn of(&self, product: Id, book: Option<Id>, currency: Currency) -> Option<(Money, Source)> {
        let of_book = book.and_then(|book| Some((*self.entries.get(&(book, product))?, Source::Book(book))));
        let own = || Some((*self.products.get(&product)?, Source::Product));
        of_book.or_else(own).filter(|(price, _)| price.currency == currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Amount;
    use jiff::civil::date;

    fn id(n: u128) -> Id {
        Id(uuid::Uuid::from_u128(n))
    }

    fn book(n: u128, currency: &str, standard: bool) -> Book {
        Book { id: id(n), currency: currency.parse().ok(), from: None, until: None, standard, active: true }
    }

    fn money(text: &str, currency: &str) -> Money {
        Money { amount: Amount::parse(text).unwrap(), currency: currency.parse().unwrap() }
    }

    #[test]
    fn a_book_holds_from_its_first_day_to_its_last() {
        let autumn = Book { from: Some(date(2026, 9, 1)), until: Some(date(2026, 11, 30)), ..book(1, "USD", false) };
        for (day, holds) in [(date(2026, 8, 31), false), (date(2026, 9, 1), true), (date(2026, 11, 30), true), (date(2026, 12, 1), false)] {
            assert_eq!(autumn.holds_on(day), holds, "{day}");
        }
        assert!(!Book { active: false, ..book(1, "USD", false) }.holds_on(date(2026, 1, 1)));
    }

    #[test]
    fn two_are_standard_at_once_where_their_days_meet() {
        let (a, b) = (book(1, "USD", true), book(2, "USD", true));
        assert!(a.clashes_with(&b) && !a.clashes_with(&a));
        assert!(!a.clashes_with(&book(2, "EUR", true)) && !a.clashes_with(&book(2, "USD", false)));
        let until = Book { until: Some(date(2026, 6, 30)), ..a.clone() };
        let from = |day| Book { from: Some(day), ..b.clone() };
        assert!(!until.clashes_with(&from(date(2026, 7, 1))) && !from(date(2026, 7, 1)).clashes_with(&until));
        assert!(until.clashes_with(&from(date(2026, 6, 30))) && from(date(2026, 6, 30)).clashes_with(&until));
        assert!(!a.clashes_with(&Book { active: false, ..b }));
    }

    #[test]
    fn the_named_book_comes_before_the_standard_one_and_that_before_the_product() {
        let (day, usd): (Date, Currency) = (date(2026, 11, 26), Currency::USD);
        let old = Book { until: Some(date(2026, 1, 1)), ..book(3, "USD", false) };
        let books = [book(1, "USD", true), book(2, "USD", false), old, book(4, "EUR", true)];
        let prices = Prices {
            books: books.into_iter().map(|book| (book.id, book)).collect(),
            entries: BTreeMap::from([((id(1), id(10)), money("9", "USD")), ((id(2), id(10)), money("8", "USD"))]),
            products: BTreeMap::from([(id(10), money("12", "USD")), (id(11), money("5", "USD"))]),
        };
        let chosen = |named: Option<u128>, currency| prices.book(named.map(id), currency, day).map(|book| book.id);
        assert_eq!(chosen(Some(2), usd), Some(id(2)));
        assert_eq!(chosen(None, usd), Some(id(1)));
        assert_eq!(chosen(Some(3), usd), Some(id(1)), "what holds no more gives no prices");
        assert_eq!(chosen(Some(2), "EUR".parse().unwrap()), Some(id(4)), "nor does one of another currency");
        assert_eq!(prices.of(id(10), Some(id(2)), usd), Some((money("8", "USD"), Source::Book(id(2)))));
        assert_eq!(prices.of(id(11), Some(id(2)), usd), Some((money("5", "USD"), Source::Product)));
        assert_eq!(prices.of(id(11), Some(id(4)), "EUR".parse().unwrap()), None, "its own price is in another currency");
        assert_eq!(prices.of(id(12), None, usd), None);
    }
}
