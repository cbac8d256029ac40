//! Methods over records, and keys that find what the methods find.

use proptest::prelude::*;

use super::*;
use crate::field::FieldType;
use crate::{Amount, Currency, Id, Label, Money};

const GERMANY: Surroundings<'static> = Surroundings { country: "DE" };

/// An object with a field of each type that is compared.
fn object() -> Object {
    let text = || FieldType::Text { max_length: 255, pattern: None };
    let types = [
        ("name", text()),
        ("city", text()),
        ("notes", FieldType::LongText),
        ("email", FieldType::Email),
        ("phone", FieldType::Phone),
        ("mobile", FieldType::Phone),
        ("website", FieldType::Url),
        ("amount", FieldType::Currency),
        ("day", FieldType::Date),
        ("at", FieldType::Datetime),
        ("size", FieldType::Number { scale: 2, min: None, max: None }),
        ("status", FieldType::Select { options: Vec::new() }),
        ("parent", FieldType::Reference { object: "account".to_owned() }),
    ];
    let fields = types.into_iter().map(|(key, kind)| Field::new(key, Label::en(key), kind)).collect();
    Object { key: "account".to_owned(), fields, ..Object::default() }
}

fn record(field: &str, value: impl Into<Value>) -> Record {
    let mut record = Record::new("account", Id::from_parts(1, [1; 10]));
    record.set(field, value);
    record
}

fn row(field: &str, other: &str, method: Method) -> Row {
    Row { field: field.to_owned(), other: other.to_owned(), method, blank: Blank::Never }
}

/// How alike they are, which must not depend on the side from which one looks.
fn scored(row: &Row, a: &Record, b: &Record) -> Option<u8> {
    let object = object();
    let side = |record, key: &str| -> Side<'_> { Side { object: &object, field: object.field(key).unwrap(), record } };
    let there = compare(row, side(a, &row.field), side(b, &row.other), GERMANY);
    assert_eq!(there, compare(row, side(b, &row.other), side(a, &row.field), GERMANY), "{a:?} {b:?}");
    there
}

/// True where what is asked of the index for the one leads to the other.
fn drawn(row: &Row, a: &Record, b: &Record) -> bool {
    let object = object();
    let side = |record, key: &str| -> Side<'_> { Side { object: &object, field: object.field(key).unwrap(), record } };
    let Some(asked) = asked(row.method, side(a, &row.field), GERMANY) else { return false };
    assert!(asked.least >= 1 && asked.least <= asked.keys.len() && asked.keys.is_sorted());
    assert_eq!(kind_of(row.method, object.field(&row.other).unwrap()), Some(asked.kind));
    let entered = keys(asked.kind, side(b, &row.other), GERMANY);
    asked.keys.iter().filter(|key| entered.binary_search(key).is_ok()).count() >= asked.least
}

fn texts(field: &str, other: &str, method: Method, a: &str, b: &str) -> Option<u8> {
    let (row, a, b) = (row(field, other, method), record(field, a), record(other, b));
    let score = scored(&row, &a, &b);
    if score.is_some() {
        assert!(drawn(&row, &a, &b), "{a:?} does not lead to {b:?}");
    }
    score
}

#[test]
fn texts_are_the_same_in_their_normal_form() {
    assert_eq!(texts("city", "city", Method::Exact, "Köln ", "ＫÖLN"), Some(100));
    assert_eq!(texts("notes", "notes", Method::Exact, "A, b", "a b"), Some(100));
    assert_eq!(texts("email", "email", Method::Exact, "Anna+Fair@Acme.example", "anna@acme.example"), Some(100));
    assert_eq!(texts("website", "website", Method::Exact, "https://www.acme.example/", "http://acme.example"), Some(100));
    assert_eq!(texts("phone", "mobile", Method::Exact, "030 1234567", "+49 30 1234567"), Some(100));
    assert_eq!(texts("phone", "mobile", Method::Exact, "030 1234567 x1", "+49 30 1234567"), None);
    assert_eq!(texts("phone", "mobile", Method::SameDigits, "030 1234567 x1", "+49 30 1234567"), Some(100));
    assert_eq!(texts("email", "website", Method::SameDomain, "a@mail.acme.example", "https://www.acme.example/en"), Some(100));
    assert_eq!(texts("email", "email", Method::SameDomain, "a@gmail.com", "b@gmail.com"), None);
    assert_eq!(texts("city", "city", Method::Contains, "Frankfurt am Main", "frankfurt"), Some(52));
    assert_eq!(texts("email", "phone", Method::Exact, "a@b.example", "12345"), None);
}

#[test]
fn values_that_are_no_texts_are_compared_as_they_are() {
    let same = |field: &str, a: Value, b: Value| scored(&row(field, field, Method::Exact), &record(field, a), &record(field, b)).is_some();
    let money = |n, currency| Value::Money(Money { amount: Amount(n), currency });
    assert!(same("status", "open".into(), "open".into()) && !same("status", "open".into(), "Open".into()));
    assert!(same("amount", money(5, Currency::USD), money(5, Currency::USD)));
    assert!(!same("amount", money(5, Currency::USD), money(5, "EUR".parse().unwrap())));
    let day = Value::Date("2026-11-26".parse().unwrap());
    assert!(same("day", day.clone(), day));
    assert_eq!(kind_of(Method::Exact, object().field("status").unwrap()), None);
}

#[test]
fn amounts_in_other_currencies_are_near_by_what_they_come_to_in_the_main_one() {
    let row = row("amount", "amount", Method::WithinPercent { percent: 10 });
    let of = |amount, currency: &str, main| {
        let mut record = record("amount", Money { amount: Amount(amount), currency: currency.parse().unwrap() });
        if let Some(main) = main {
            record.mains.insert("amount".to_owned(), Amount(main));
        }
        record
    };
    assert_eq!(scored(&row, &of(100, "USD", None), &of(91, "USD", None)), Some(100));
    assert_eq!(scored(&row, &of(100, "USD", Some(100)), &of(91, "EUR", Some(105))), Some(100));
    assert_eq!(scored(&row, &of(100, "USD", Some(100)), &of(100, "EUR", Some(120))), None);
    assert_eq!(scored(&row, &of(100, "USD", Some(100)), &of(100, "EUR", None)), None);
}

#[test]
fn a_blank_is_like_nothing_unless_the_row_says_so() {
    let blank = Record::new("account", Id::from_parts(1, [1; 10]));
    let mut row = row("city", "city", Method::Exact);
    assert_eq!(scored(&row, &blank, &blank), None);
    row.blank = Blank::Equal;
    assert_eq!((scored(&row, &blank, &blank), scored(&row, &blank, &record("city", "Bonn"))), (Some(100), None));
}

#[test]
fn methods_go_with_fields_of_their_sort() {
    let object = object();
    let fit = |method, a: &str, b: &str| fits(method, (&object, object.field(a).unwrap()), (&object, object.field(b).unwrap()));
    assert!(
        fit(Method::Exact, "name", "city")
            && fit(Method::Fuzzy { threshold: 85 }, "name", "city")
            && fit(Method::Contains, "email", "email")
    );
    assert!(fit(Method::SameDigits, "phone", "city") && fit(Method::SameDomain, "email", "website"));
    assert!(fit(Method::WithinDays { days: 1 }, "day", "at") && fit(Method::WithinPercent { percent: 1 }, "amount", "amount"));
    assert!(!fit(Method::Exact, "email", "phone") && !fit(Method::Fuzzy { threshold: 85 }, "phone", "phone"));
    assert!(!fit(Method::SameDomain, "name", "website") && !fit(Method::WithinPercent { percent: 1 }, "amount", "size"));
    assert!(!fit(Method::Contains, "notes", "notes") && !fit(Method::WithinDays { days: 1 }, "day", "name"));
}

proptest! {
    #[test]
    fn what_a_method_calls_the_same_has_the_same_keys(
        a in "[+0()/ -]{0,3}[0-9 ]{3,12}|[aA]{0,2}[.+]?[bB]@(www\\.)?a\\.(de|co\\.uk)|(https://)?(www\\.)?[aB]\\.de/?|[ aA.,ä华]{1,5}",
        b in "[+0()/ -]{0,3}[0-9 ]{3,12}|[aA]{0,2}[.+]?[bB]@(www\\.)?a\\.(de|co\\.uk)|(https://)?(www\\.)?[aB]\\.de/?|[ aA.,ä华]{1,5}",
    ) {
        for (field, method) in [
            ("name", Method::Exact),
            ("city", Method::Exact),
            ("email", Method::Exact),
            ("phone", Method::Exact),
            ("website", Method::Exact),
            ("phone", Method::SameDigits),
            ("email", Method::SameDomain),
            ("website", Method::SameDomain),
        ] {
            texts(field, field, method, &a, &b);
        }
        texts("name", "city", Method::Exact, &a, &b);
    }

    #[test]
    fn everything_is_wholly_like_itself(text in "\\PC{1,30}") {
        prop_assume!(!text.trim().is_empty());
        for (field, method) in [("name", Method::Exact), ("name", Method::Fuzzy { threshold: 100 }), ("city", Method::Fuzzy { threshold: 100 }), ("email", Method::Exact), ("phone", Method::Exact), ("website", Method::Exact)] {
            prop_assert_eq!(texts(field, field, method, &text, &text), Some(100), "{} {:?}", field, method);
        }
    }

    #[test]
    fn comparing_is_the_same_from_both_sides(a in "\\PC{0,20}", b in "\\PC{0,20}") {
        for method in [Method::Exact, Method::Fuzzy { threshold: 50 }, Method::Contains] {
            scored(&row("name", "name", method), &record("name", a.as_str()), &record("name", b.as_str()));
            scored(&row("city", "city", method), &record("city", a.as_str()), &record("city", b.as_str()));
        }
    }
}
