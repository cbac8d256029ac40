//! Which field of a lead goes into which field of what it becomes.

use serde::{Deserialize, Serialize};

use crate::field::{Choice, FieldType};
use crate::{Currency, Field, Label, Object, Record, Value};

/// The objects that a lead becomes, in the order in which they are made.
pub const PARTS: [&str; 3] = ["account", "contact", "opportunity"];

/// A lead's field and the one that takes its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub from: String,
    pub to: String,
}

/// The mapping, by what a lead becomes. Of several pairs for one field the first whose value is there counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    #[serde(default)]
    pub account: Vec<Pair>,
    #[serde(default)]
    pub contact: Vec<Pair>,
    #[serde(default)]
    pub opportunity: Vec<Pair>,
}

impl Mapping {
    /// As the product ships it.
    pub fn shipped() -> Mapping {
        let pairs = |list: &[(&str, &str)]| {
            list.iter().map(|(from, to)| Pair { from: (*from).to_owned(), to: (*to).to_owned() }).collect::<Vec<_>>()
        };
        Mapping {
            account: pairs(&[
                ("company", "name"),
                ("name", "name"),
                ("website", "website"),
                ("phone", "phone"),
                ("sector", "sector"),
                ("country", "country"),
                ("city", "city"),
            ]),
            contact: pairs(&[("name", "name"), ("title", "title"), ("email", "email"), ("phone", "phone"), ("mobile", "mobile")]),
            opportunity: pairs(&[
                ("company", "name"),
                ("name", "name"),
                ("amount", "amount"),
                ("lead_source", "lead_source"),
                ("description", "description"),
            ]),
        }
    }

    /// The pairs of one of [`PARTS`].
    pub fn of(&self, part: &str) -> &[Pair] {
        match part {
            "account" => &self.account,
            "contact" => &self.contact,
            "opportunity" => &self.opportunity,
            _ => &[],
        }
    }

    /// What goes over from a lead into a new record of `to`: values that the field there can hold. `known` says of which of the lead's
    /// fields; the language is that in which options become texts.
    pub fn carried<'a>(
        &self,
        lead: (&Object, &Record),
        to: &'a Object,
        known: impl Fn(&Field, &Field) -> bool,
        language: &str,
        main: Currency,
    ) -> Vec<(&'a Field, Value)> {
        let (object, record) = lead;
        let mut found: Vec<(&Field, Value)> = Vec::new();
        for pair in self.of(&to.key) {
            let (Some(from), Some(field)) = (object.field(&pair.from), to.field(&pair.to)) else { continue };
            if found.iter().any(|(taken, _)| taken.key == field.key) || !known(from, field) || !fits(from, field) {
                continue;
            }
            if let Some(value) = carry(from, field, record.get(&from.key), language, main) {
                found.push((field, value));
            }
        }
        found
    }
}

/// True for fields of a lead that may go over.
pub fn may_give(field: &Field) -> bool {
    !field.system && !matches!(field.kind, FieldType::Attachment | FieldType::Process | FieldType::Master { .. })
}

/// True for fields that may take a value over.
pub fn may_take(field: &Field) -> bool {
    !field.is_kept_by_product()
        && !matches!(field.kind, FieldType::Attachment | FieldType::Process | FieldType::Master { .. })
        && !field.kind.options().is_some_and(|options| options.iter().any(|option| option.stage_type.is_some()))
}

/// True where every value of `from` can be one of `to`, apart from its length.
pub fn fits(from: &Field, to: &Field) -> bool {
    may_give(from) && suits(from, to)
}

/// Likewise of what the product itself keeps, too: the owner of a deal may be who does a task.
pub fn suits(from: &Field, to: &Field) -> bool {
    use FieldType::{Email, LongText, MultiSelect, Number, Percent, Phone, Select, Text, Url};
    if !may_take(to) {
        return false;
    }
    match (kind(from), kind(to)) {
        (Text { .. } | Email | Phone | Url | Select { .. }, Text { .. }) => true,
        (Text { .. } | Email | Phone | Url | Select { .. } | LongText, LongText) => true,
        (Email, Email) | (Phone, Phone) | (Url, Url) => true,
        (Number { scale: a, .. }, Number { scale: b, .. }) | (Percent { scale: a }, Percent { scale: b }) => a <= b,
        (Select { options: a }, Select { options: b }) | (MultiSelect { options: a }, MultiSelect { options: b }) => within(&a, &b),
        (Select { .. } | MultiSelect { .. } | Text { .. } | LongText | Number { .. } | Percent { .. }, _) => false,
        (a, b) => a.name() == b.name() && a.leads_to() == b.leads_to(),
    }
}

/// The type of its values: a reckoned field's is that of its result.
fn kind(field: &Field) -> FieldType {
    use crate::field::ResultType;
    match &field.kind {
        FieldType::Calculated { result, .. } | FieldType::Statistical { result, .. } => match result {
            ResultType::Text => FieldType::Text { max_length: 255, pattern: None },
            ResultType::Number { scale } => FieldType::Number { scale: *scale, min: None, max: None },
            ResultType::Percent { scale } => FieldType::Percent { scale: *scale },
            ResultType::Currency => FieldType::Currency,
            ResultType::Boolean => FieldType::Boolean,
            ResultType::Date => FieldType::Date,
            ResultType::Datetime => FieldType::Datetime,
        },
        FieldType::AutoNumber { .. } => FieldType::Text { max_length: 255, pattern: None },
        other => other.clone(),
    }
}

fn within(from: &[Choice], to: &[Choice]) -> bool {
    from.iter().filter(|option| option.active).all(|option| to.iter().any(|other| other.key == option.key && other.active))
}

/// The value as the other field holds it; none where there is none, or where it does not fit there.
pub fn carry(from: &Field, to: &Field, value: &Value, language: &str, main: Currency) -> Option<Value> {
    let label = |key: &str| {
        let option = from.kind.options()?.iter().find(|option| option.key == key)?;
        Some(Label::in_language(&option.label, language).to_owned())
    };
    let value = match (value, to.kind.options()) {
        (Value::Null, _) => return None,
        (Value::Text(key), None) if from.kind.options().is_some() => Value::Text(label(key)?),
        (other, _) => other.clone(),
    };
    to.parse(&crate::field::show(&value), main).ok().filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Id, objects};

    fn object(key: &str) -> Object {
        objects::preset().into_iter().find(|object| object.key == key).unwrap()
    }

    #[test]
    fn what_is_shipped_fits() {
        let lead = object("lead");
        for part in PARTS {
            let to = object(part);
            for pair in Mapping::shipped().of(part) {
                let (from, to) = (lead.field(&pair.from).unwrap(), to.field(&pair.to).unwrap());
                assert!(fits(from, to), "{part}: {} → {}", pair.from, pair.to);
            }
        }
    }

    #[test]
    fn types_that_do_not_go_together_are_told_apart() {
        let field = |object: &str, key: &str| self::object(object).field(key).unwrap().clone();
        for (from, part, to, expected) in [
            ("amount", "account", "annual_revenue", true),
            ("amount", "account", "employees", false),
            ("email", "account", "city", true),
            ("city", "contact", "email", false),
            ("description", "account", "city", false),
            ("city", "account", "description", true),
            ("lead_source", "opportunity", "lead_source", true),
            ("lead_source", "opportunity", "opportunity_type", false),
            ("lead_source", "account", "sector", true),
            ("owner", "account", "owner", false),
            ("name", "opportunity", "stage", false),
            ("lead_status", "account", "sector", true),
        ] {
            assert_eq!(fits(&field("lead", from), &field(part, to)), expected, "{from} → {part}.{to}");
        }
    }

    #[test]
    fn the_first_value_that_is_there_goes_over() {
        let (lead, account) = (object("lead"), object("account"));
        let mut record = Record::new("lead", Id::SYSTEM);
        record.set("name", "Anna");
        record.set("lead_source", "event");
        let carried = |record: &Record, mapping: &Mapping| {
            let found = mapping.carried((&lead, record), &account, |_, _| true, "zh-CN", Currency::USD);
            found.into_iter().map(|(field, value)| (field.key.clone(), value)).collect::<Vec<_>>()
        };
        assert_eq!(carried(&record, &Mapping::shipped()), [("name".to_owned(), Value::from("Anna"))]);
        record.set("company", "Lindental");
        assert_eq!(carried(&record, &Mapping::shipped()), [("name".to_owned(), Value::from("Lindental"))]);
        let pair = Pair { from: "lead_source".into(), to: "sector".into() };
        let mapping = Mapping { account: vec![pair], ..Mapping::default() };
        assert_eq!(carried(&record, &mapping), [("sector".to_owned(), Value::from("市场活动"))], "an option becomes its name");
    }
}
