//! Which fields a condition names, whether or not it can be resolved: for rights to know of them, and before a field goes away.

use std::collections::BTreeSet;

use super::ast::{Condition, Exists};
use super::resolve::refers_first;
use crate::Schema;

/// Fields by object: (object, field).
pub type Mentioned = BTreeSet<(String, String)>;

impl Condition {
    /// Every field that a condition on records of `object` touches: the last of each path, the references that lead there, and those
    /// within `exists`, its referring field included. A field that `schema` does not have is named all the same, so a condition on
    /// something that is gone, or out of the reader's knowledge, shows itself. `id` is no field and is not named.
    pub fn mentions(&self, object: &str, schema: &Schema) -> Mentioned {
        let mut found = Mentioned::new();
        walk(self, object, schema, &mut found);
        found
    }
}

/// Every field that a path such as `account.owner.name` touches, seen from `object`.
pub fn of_path(path: &str, object: &str, schema: &Schema) -> Mentioned {
    let mut found = Mentioned::new();
    follow(path, object, schema, &mut found);
    found
}

fn walk(condition: &Condition, object: &str, schema: &Schema, found: &mut Mentioned) {
    match condition {
        Condition::All(list) | Condition::Any(list) => list.iter().for_each(|inner| walk(inner, object, schema, found)),
        Condition::Not(inner) => walk(inner, object, schema, found),
        Condition::Row(row) => follow(&row.field, object, schema, found),
        Condition::Exists(exists) => {
            found.insert((exists.object.clone(), via(exists, object, schema)));
            if let Some(inner) = &exists.filter {
                walk(inner, &exists.object, schema, found);
            }
        }
    }
}

fn follow(path: &str, object: &str, schema: &Schema, found: &mut Mentioned) {
    let mut at = object.to_owned();
    for part in path.split('.').filter(|part| *part != "id") {
        found.insert((at.clone(), part.to_owned()));
        match schema.object(&at).and_then(|here| here.field(part)).and_then(|field| field.kind.target()) {
            Some(target) => at = target.to_owned(),
            None => return,
        }
    }
}

/// The field by which the other records refer: the one named, else the first as resolving takes it; empty when there is none.
fn via(exists: &Exists, object: &str, schema: &Schema) -> String {
    let first = || Some(refers_first(schema.object(&exists.object)?, object)?.key.clone());
    exists.via.clone().or_else(first).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::objects;

    fn mentioned(json: serde_json::Value) -> Vec<String> {
        let condition = Condition::from_json(&json).unwrap();
        let schema = Schema::new(objects::preset());
        condition.mentions("opportunity", &schema).into_iter().map(|(object, field)| format!("{object}.{field}")).collect()
    }

    #[test]
    fn paths_name_what_they_cross() {
        assert_eq!(
            mentioned(json!({"all": [
                {"field": "amount", "op": "gt", "value": "1"},
                {"not": {"any": [{"field": "account.parent.sector", "op": "is_empty"}, {"field": "owner.id", "op": "is_me"}]}},
            ]})),
            ["account.parent", "account.sector", "opportunity.account", "opportunity.amount", "opportunity.owner"]
        );
    }

    #[test]
    fn exists_names_its_own_and_how_it_refers() {
        let role = json!({"field": "contact.account.name", "op": "is_not_empty"});
        let expected = ["account.name", "contact.account", "contact_role.contact", "contact_role.opportunity"];
        assert_eq!(mentioned(json!({"exists": {"object": "contact_role", "where": role}})), expected);
        assert_eq!(mentioned(json!({"exists": {"object": "contact_role", "via": "opportunity", "where": role}})), expected);
    }

    #[test]
    fn what_is_not_there_is_named_too() {
        assert_eq!(mentioned(json!({"field": "x_gone.name", "op": "is_empty"})), ["opportunity.x_gone"]);
        assert_eq!(mentioned(json!({"exists": {"object": "x_gone"}})), ["x_gone."]);
        assert_eq!(mentioned(json!({"all": []})), Vec::<String>::new());
    }

    #[test]
    fn every_field_of_a_resolved_condition_is_mentioned() {
        let schema = Schema::new(objects::preset());
        // Taking away any one of the fields named must make the condition unknown: nothing is named for nothing.
        let condition = Condition::from_json(&json!({"any": [
            {"field": "account.sector", "op": "eq", "value": "x"},
            {"exists": {"object": "opportunity_line", "where": {"field": "product.name", "op": "is_not_empty"}}},
        ]}))
        .unwrap();
        let rates = crate::money::Rates::new(crate::Currency::USD);
        let calendar = crate::organisation::Organisation::default().calendar();
        let departments = std::collections::BTreeMap::new();
        let reads = |schema: &Schema| {
            let reading = super::super::Reading {
                schema,
                me: None,
                my_department: None,
                subordinates: &[],
                departments: &departments,
                now: crate::Instant(0),
                calendar: &calendar,
                rates: &rates,
            };
            condition.resolve("opportunity", &reading).is_ok()
        };
        assert!(reads(&schema));
        let named = condition.mentions("opportunity", &schema);
        assert_eq!(named.len(), 5);
        for (object, field) in named {
            assert!(!reads(&schema.seen_through(|o, f| o.key != object || f.key != field)), "{object}.{field}");
        }
    }
}
