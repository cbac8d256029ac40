//! The preset objects, as data: one file each.
//!
//! They are described with the same values as an administrator's own objects, and nothing else in the product knows them
//! by name except the sales process, which belongs to the opportunity.

pub mod account;
pub mod activity;
pub mod competitor;
pub mod contact;
pub mod contact_role;
pub mod department;
pub mod employee;
pub mod lead;
pub mod lines;
pub mod opportunity;
pub mod opportunity_competitor;
pub mod opportunity_line;
pub mod price_book;
pub mod price_book_entry;
pub mod product;
pub mod quote;
pub mod quote_line;
pub mod sales_order;
pub mod sales_order_line;
mod standard;
pub mod task;
pub mod user_group;
pub mod win_loss_review;

pub use standard::{lifecycle, standard_fields};

use crate::field::{Choice, FieldType};
use crate::{Field, Label, Object};

/// All preset objects in the order of navigation.
pub fn preset() -> Vec<Object> {
    vec![
        opportunity::object(),
        lead::object(),
        account::object(),
        contact::object(),
        task::object(),
        activity::object(),
        quote::object(),
        sales_order::object(),
        product::object(),
        price_book::object(),
        competitor::object(),
        opportunity_line::object(),
        quote_line::object(),
        sales_order_line::object(),
        price_book_entry::object(),
        opportunity_competitor::object(),
        win_loss_review::object(),
        contact_role::object(),
        employee::object(),
        department::object(),
        user_group::object(),
    ]
}

/// Preset fields whose place another has taken: object, the old one, the new one, which takes over its value.
pub const TAKEN_OVER: [(&str, &str, &str); 1] = [("department", "assistant", "assistants")];

fn field(key: &str, en: &str, zh: &str, kind: FieldType) -> Field {
    Field::new(key, Label::new(en, zh), kind)
}

fn text(key: &str, en: &str, zh: &str) -> Field {
    field(key, en, zh, FieldType::Text { max_length: 255, pattern: None })
}

fn number(key: &str, en: &str, zh: &str, scale: u32) -> Field {
    field(key, en, zh, FieldType::Number { scale, min: None, max: None })
}

fn select(key: &str, en: &str, zh: &str, options: &[(&str, &str, &str)]) -> Field {
    field(key, en, zh, FieldType::Select { options: choices(options) })
}

fn reference(key: &str, en: &str, zh: &str, object: &str) -> Field {
    field(key, en, zh, FieldType::Reference { object: object.to_owned() })
}

fn references(key: &str, en: &str, zh: &str, object: &str) -> Field {
    field(key, en, zh, FieldType::References { object: object.to_owned() })
}

fn index(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|key| (*key).to_owned()).collect()
}

fn choices(options: &[(&str, &str, &str)]) -> Vec<Choice> {
    options.iter().map(|(key, en, zh)| Choice::new(key, Label::new(en, zh))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Base;
    use crate::field::Kind;
    use crate::text::is_key;

    fn labels(object: &Object) -> Vec<(String, &Label)> {
        let mut found = vec![(object.key.clone(), &object.label), (format!("{} (plural)", object.key), &object.plural)];
        for field in &object.fields {
            found.push((format!("{}.{}", object.key, field.key), &field.label));
            found.extend(field.help.iter().map(|help| (format!("{}.{} (help)", object.key, field.key), help)));
            for option in field.kind.options().unwrap_or(&[]) {
                found.push((format!("{}.{}={}", object.key, field.key, option.key), &option.label));
            }
        }
        found
    }

    #[test]
    fn every_name_is_there_in_both_languages() {
        for object in preset() {
            for (place, label) in labels(&object) {
                for language in crate::organisation::LANGUAGES {
                    assert!(label.0.get(language).is_some_and(|text| !text.is_empty()), "{place} in {language}");
                }
            }
        }
    }

    #[test]
    fn keys_are_keys_and_come_once() {
        let objects = preset();
        let keys: BTreeSet<&str> = objects.iter().map(|o| o.key.as_str()).collect();
        assert_eq!(keys.len(), objects.len());
        let ranks: BTreeSet<u16> = objects.iter().map(|o| o.rank).collect();
        assert_eq!(ranks.len(), objects.len(), "the order of locks must be total");
        for object in &objects {
            let fields: BTreeSet<&str> = object.fields.iter().map(|f| f.key.as_str()).collect();
            assert_eq!(fields.len(), object.fields.len(), "{}", object.key);
            assert!(fields.iter().all(|key| is_key(key)), "{}", object.key);
            for field in &object.fields {
                let options: Vec<&str> = field.kind.options().unwrap_or(&[]).iter().map(|o| o.key.as_str()).collect();
                let distinct: BTreeSet<&&str> = options.iter().collect();
                assert_eq!(distinct.len(), options.len(), "{}.{}", object.key, field.key);
                // Language tags are the one sort of option key that is not a plain key.
                assert!(field.key == "language" || options.iter().all(|key| is_key(key)), "{}.{}", object.key, field.key);
            }
        }
    }

    #[test]
    fn references_indexes_parents_and_conditions_lead_somewhere() {
        let objects = preset();
        let find = |key: &str| objects.iter().find(|o| o.key == key);
        for object in &objects {
            for field in &object.fields {
                if let Some(target) = field.kind.leads_to() {
                    assert!(find(target).is_some(), "{}.{} leads to {target}", object.key, field.key);
                }
                if let Some(default) = &field.default {
                    assert!(field.parse(default, crate::Currency::USD).is_ok_and(|value| !value.is_null()), "{}.{}", object.key, field.key);
                }
            }
            if let Some((_, master)) = object.master() {
                assert!(find(master).is_some_and(|m| m.rank < object.rank), "{} is locked after its master", object.key);
            }
            if let Base::ByParent(parent) = &object.base {
                let field = object.field(parent).unwrap();
                match field.kind.target().and_then(find) {
                    Some(target) => assert!(target.rank < object.rank, "{}", object.key),
                    None => assert!(field.kind == FieldType::Regarding && object.rank >= Object::HANGING, "{}", object.key),
                }
            }
            for key in object.indexes.iter().flatten() {
                // The id that makes an order whole may be followed by what is only read.
                assert!(
                    key == "id" || object.field(key).is_some_and(|f| !matches!(f.kind.kind(), Kind::LongText | Kind::Keys)),
                    "{}.{key}",
                    object.key
                );
            }
            let fast = object.fields.iter().filter(|f| f.fast).count();
            // One that begins with a reference stands in the place of that reference's own.
            let instead = |keys: &&Vec<String>| {
                keys.first().and_then(|key| object.field(key)).is_some_and(|f| f.key != "owner" && f.kind.target().is_some())
            };
            let instead = object.indexes.iter().filter(instead).count();
            assert!(fast + object.indexes.len() - instead <= 8, "{} has too many indexes", object.key);
        }
    }

    #[test]
    fn conditions_of_fields_resolve() {
        let schema = crate::Schema::new(preset());
        let departments = std::collections::BTreeMap::new();
        let calendar = crate::organisation::Organisation::default().calendar();
        let rates = crate::money::Rates::new(crate::Currency::USD);
        let reading = crate::condition::Reading {
            schema: &schema,
            me: None,
            my_department: None,
            subordinates: &[],
            departments: &departments,
            now: crate::Instant(0),
            calendar: &calendar,
            rates: &rates,
        };
        for object in preset() {
            for condition in object.fields.iter().flat_map(|f| f.required_when.iter().chain(&f.visible_when)) {
                assert_eq!(condition.resolve(&object.key, &reading).map(|_| ()), Ok(()));
            }
        }
    }

    #[test]
    fn a_definition_survives_being_stored() {
        for object in preset() {
            let text = serde_json::to_string(&object).unwrap();
            assert_eq!(serde_json::from_str::<Object>(&text).unwrap(), object);
        }
    }
}
