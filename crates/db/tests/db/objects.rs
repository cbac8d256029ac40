//! Objects and records for the tests of this crate.

use model::field::{Choice, FieldType};
use model::{Amount, Base, Currency, Field, Label, Money, Object};

pub fn field(key: &str, kind: FieldType) -> Field {
    Field::new(key, Label::new(key, key), kind)
}

pub fn text(key: &str) -> Field {
    field(key, FieldType::Text { max_length: 255, pattern: None })
}

pub fn number(key: &str) -> Field {
    field(key, FieldType::Number { scale: 6, min: None, max: None })
}

pub fn reference(key: &str, object: &str) -> Field {
    field(key, FieldType::Reference { object: object.to_owned() })
}

pub fn options(keys: &[&str]) -> Vec<Choice> {
    keys.iter().map(|key| Choice::new(key, Label::new(key, key))).collect()
}

pub fn select(key: &str, keys: &[&str]) -> Field {
    field(key, FieldType::Select { options: options(keys) })
}

pub fn object(key: &str, base: Base, fields: Vec<Field>) -> Object {
    let owned = fields.iter().any(|field| field.key == "owner");
    Object {
        key: key.to_owned(),
        label: Label::new(key, key),
        plural: Label::new(key, key),
        preset: false,
        owned,
        base,
        rank: 10,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}

pub fn owner() -> Field {
    let mut owner = field("owner", FieldType::Employee);
    owner.system = true;
    owner
}

pub fn status() -> Field {
    select("lifecycle_status", &["normal", "voided"])
}

/// A deal as the tests know it: every kind of field.
pub fn deal() -> Object {
    object(
        "deal",
        Base::Private,
        vec![
            text("name"),
            text("code").unique(),
            field("notes", FieldType::LongText),
            number("score").fast(),
            field("amount", FieldType::Currency),
            field("hot", FieldType::Boolean),
            field("close_date", FieldType::Date),
            field("seen_at", FieldType::Datetime),
            select("stage", &["open", "won", "lost"]),
            field("tags", FieldType::MultiSelect { options: options(&["red", "green", "blue"]) }),
            reference("parent", "deal"),
            field("about", FieldType::Regarding),
            owner(),
            status(),
        ],
    )
}

pub fn money(text: &str, currency: &str) -> Money {
    let currency: Currency = currency.parse().unwrap();
    Money { amount: Amount::parse(text).unwrap(), currency }
}
