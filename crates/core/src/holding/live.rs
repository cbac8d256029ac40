//! Definitions and rules as of one version of the metadata.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use db::followed::Counted;
use db::{Read, Row};
use model::condition::{Reading, Resolved};
use model::field::Kind;
use model::holding::{Definition, HoldingRule, Limit, Subject};
use model::{Condition, Id, Object, Schema};
use sea_query::{Order, Query};
use serde::de::DeserializeOwned;

use super::standing::Standing;
use crate::{Error, Result};

/// What limits who may have how much.
#[derive(Default)]
pub struct Holding {
    /// Definitions that somebody has changed; the others are as shipped.
    definitions: BTreeMap<String, Definition>,
    /// Every rule, in force or not, by object and name.
    rules: Vec<HoldingRule>,
    /// Those in force.
    live: BTreeMap<String, Vec<Live>>,
    /// Who stands where, once somebody has asked: people, departments and groups change the metadata's version.
    pub(super) standing: OnceLock<Standing>,
}

/// A rule in force.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub rule: HoldingRule,
    /// Which records count: the definition and what the rule says.
    pub counts: Resolved,
    /// What is counted is kept by every write, since it follows from the records' own stored fields alone.
    pub kept: bool,
    /// The fields that it looks at where it is kept.
    fields: BTreeSet<String>,
    /// Which people a rule for employees means.
    pub people: Resolved,
    /// Whether that follows from what people type of a person, so that it changes only with the metadata.
    pub people_steady: bool,
    /// Whether the variable is such a field.
    pub limit_steady: bool,
}

impl Holding {
    /// Reads everything.
    pub(crate) fn load(tx: &mut Read, reading: &Reading<'_>) -> Result<Holding> {
        let definitions: Vec<Definition> = all(tx, "holding_definition")?;
        let definitions: BTreeMap<String, Definition> = definitions.into_iter().map(|one| (one.object.clone(), one)).collect();
        let mut rules: Vec<HoldingRule> = all(tx, "holding_rule")?;
        rules.sort_by_cached_key(|rule| (rule.object.clone(), model::text::fold(&rule.name), rule.id));
        let mut holding = Holding { definitions, rules, ..Holding::default() };
        let mut live: BTreeMap<String, Vec<Live>> = BTreeMap::new();
        for rule in holding.rules.iter().filter(|rule| rule.active) {
            let found = Live::of(rule, &holding.definition(&rule.object), reading);
            match found {
                Ok(one) => live.entry(rule.object.clone()).or_default().push(one),
                Err(found) => tracing::error!("the holding rule {} cannot be read: {found:?}", rule.id),
            }
        }
        holding.live = live;
        Ok(holding)
    }

    /// When records of an object count at all.
    pub fn definition(&self, object: &str) -> Definition {
        self.definitions.get(object).cloned().unwrap_or_else(|| Definition::shipped(object))
    }

    /// Every rule, of an object or of all.
    pub fn rules<'a>(&'a self, object: Option<&'a str>) -> impl Iterator<Item = &'a HoldingRule> {
        self.rules.iter().filter(move |rule| object.is_none_or(|object| rule.object == object))
    }

    /// True where a rule in force limits who has records of an object.
    pub(crate) fn limits(&self, object: &str) -> bool {
        !self.live(object).is_empty()
    }

    /// The rules in force of an object.
    pub(crate) fn live(&self, object: &str) -> &[Live] {
        self.live.get(object).map_or(&[], Vec::as_slice)
    }

    /// What is counted by every write.
    pub(crate) fn counted(&self) -> Vec<Counted> {
        self.live.values().flatten().filter_map(Live::counted).collect()
    }
}

impl Live {
    /// A rule with its conditions resolved. Errors: what cannot be read.
    pub fn of(rule: &HoldingRule, definition: &Definition, reading: &Reading<'_>) -> std::result::Result<Live, model::Violations> {
        let meaning = rule.meaning(definition);
        let counts = meaning.resolve(&rule.object, reading)?;
        let object = reading.schema.object(&rule.object);
        let fields = object.and_then(|object| own(&meaning, object, reading));
        let employee = reading.schema.object("employee");
        let condition = match &rule.subject {
            Subject::Employees { condition } => condition.clone(),
            _ => None,
        };
        let people = match &condition {
            None => Resolved::Always(true),
            Some(condition) => condition.resolve("employee", reading)?,
        };
        let typed = |field: &str| employee.and_then(|employee| employee.field(field)).is_some_and(|field| !field.is_reckoned());
        let people_steady = match (&condition, employee) {
            (None, _) => true,
            (Some(condition), Some(employee)) => {
                own(condition, employee, reading).is_some_and(|fields| fields.iter().all(|field| typed(field)))
            }
            _ => false,
        };
        let limit_steady = match &rule.limit {
            Limit::Number { .. } => true,
            Limit::Variable { field } => typed(field),
        };
        let kept = fields.is_some();
        let fields = fields.unwrap_or_default();
        Ok(Live { rule: rule.clone(), counts, kept, fields, people, people_steady, limit_steady })
    }

    /// The same rule, counted by asking the records.
    pub fn asked(self) -> Live {
        Live { kept: false, ..self }
    }

    /// What every write of a record is to count; nothing where that is asked of the records.
    pub fn counted(&self) -> Option<Counted> {
        self.kept.then(|| Counted {
            rule: self.rule.id,
            object: self.rule.object.clone(),
            condition: self.counts.clone(),
            fields: self.fields.clone(),
        })
    }
}

/// The fields that a condition looks at, where these are the record's own stored ones, and it means tomorrow what it means today.
fn own(condition: &Condition, object: &Object, reading: &Reading<'_>) -> Option<BTreeSet<String>> {
    let fields = condition.own_fields()?;
    let stored =
        |key: &String| object.field(key).is_some_and(|field| field.is_stored() && field.kind.kind() != Kind::LongText) || key == "id";
    let steady = !crate::sharing::foreign_amount(&condition.to_json(), reading.rates.main().code());
    (steady && fields.iter().all(stored)).then_some(fields)
}

fn all<T: DeserializeOwned>(tx: &mut Read, table: &'static str) -> Result<Vec<T>> {
    tx.all(&Query::select().column("doc").from(table).order_by("object", Order::Asc).to_owned())?.iter().map(read).collect()
}

fn read<T: DeserializeOwned>(row: &Row) -> Result<T> {
    serde_json::from_str(&row.get::<String>("doc")?).map_err(|e| Error::Internal(format!("a stored holding rule cannot be read: {e}")))
}

/// A place where a definition or a rule names a field.
pub(crate) struct Named {
    /// None: the object's definition.
    pub rule: Option<(Id, String)>,
    pub object: String,
    pub path: &'static str,
}

/// Every definition and rule, in force or not, that names a field.
pub(crate) fn uses(tx: &mut Read, schema: &Schema, object: &str, field: &str) -> Result<Vec<Named>> {
    let meant = (object.to_owned(), field.to_owned());
    let names = |condition: &Condition, of: &str| condition.mentions(of, schema).contains(&meant);
    let mut found = Vec::new();
    let definitions: Vec<Definition> = all(tx, "holding_definition")?;
    let changed: BTreeSet<String> = definitions.iter().map(|one| one.object.clone()).collect();
    let shipped = schema.objects().filter(|one| one.owned && !changed.contains(&one.key)).map(|one| Definition::shipped(&one.key));
    let rules: Vec<HoldingRule> = all(tx, "holding_rule")?;
    for definition in definitions.iter().cloned().chain(shipped) {
        // What limits nothing stands against nothing.
        let limits = rules.iter().any(|rule| rule.object == definition.object);
        if (limits || changed.contains(&definition.object)) && names(&definition.meaning(), &definition.object) {
            found.push(Named { rule: None, object: definition.object, path: "condition" });
        }
    }
    for rule in rules {
        let named = |path| Named { rule: Some((rule.id, rule.name.clone())), object: rule.object.clone(), path };
        if rule.counts.as_ref().is_some_and(|counts| names(counts, &rule.object)) {
            found.push(named("counts"));
        }
        if matches!(&rule.subject, Subject::Employees { condition: Some(condition) } if names(condition, "employee")) {
            found.push(named("subject/condition"));
        }
        if matches!(&rule.limit, Limit::Variable { field: variable } if object == "employee" && variable == field) {
            found.push(named("limit/field"));
        }
    }
    Ok(found)
}

/// The conditions of all definitions and rules, with the objects that they are about.
pub(crate) fn named_in(tx: &mut Read) -> Result<Vec<(String, Condition)>> {
    let definitions: Vec<Definition> = all(tx, "holding_definition")?;
    let rules: Vec<HoldingRule> = all(tx, "holding_rule")?;
    let mut found: Vec<(String, Condition)> = definitions.into_iter().filter_map(|one| Some((one.object, one.condition?))).collect();
    for rule in rules {
        found.push((rule.object.clone(), rule.meaning(&Definition::shipped(&rule.object))));
        if let Subject::Employees { condition: Some(condition) } = rule.subject {
            found.push(("employee".to_owned(), condition));
        }
    }
    Ok(found)
}
