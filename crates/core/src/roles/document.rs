//! A role as it is written, and what may be wrong with it.

use std::collections::BTreeMap;

use model::role::{Act, FieldAccess, ObjectRights, Role};
use model::{Label, Violation, Violations};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value as Json;

use crate::Meta;
use crate::objects::judge;

/// The body of `POST /roles` and `PUT /roles/{key}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Made from the name when absent.
    #[serde(default)]
    pub key: Option<String>,
    pub name: Label,
    #[serde(default)]
    pub description: Option<Label>,
    #[serde(default)]
    pub see_all: bool,
    #[serde(default)]
    pub administrator: bool,
    #[serde(default)]
    pub reads_audit: bool,
    #[serde(default)]
    pub objects: BTreeMap<String, Rights>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "preset")]
    _preset: IgnoredAny,
    #[serde(default, rename = "people")]
    _people: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
}

/// Rights over one object, as they are typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    #[serde(default)]
    pub acts: Vec<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// The role that a document describes, with all that stands against it.
pub(super) fn read(wanted: &Wanted, key: &str, version: i64, meta: &Meta, found: &mut Violations) -> Role {
    judge::label(&wanted.name, "name", true, found);
    let description = wanted.description.clone().filter(|text| text.0.values().any(|text| !text.trim().is_empty()));
    if let Some(description) = &description {
        judge::texts(description, "description", false, judge::LONGEST_TEXT, found);
    }
    let mut objects = BTreeMap::new();
    for (object, rights) in &wanted.objects {
        objects.insert(object.clone(), rights_over(object, rights, meta, found));
    }
    Role {
        key: key.to_owned(),
        name: wanted.name.clone(),
        description,
        see_all: wanted.see_all,
        administrator: wanted.administrator,
        reads_audit: wanted.reads_audit,
        objects,
        version,
    }
}

fn rights_over(object: &str, rights: &Rights, meta: &Meta, found: &mut Violations) -> ObjectRights {
    let path = format!("objects/{object}");
    // One that is put aside may come back, with the rights that there were over it.
    let definition = meta.definitions.iter().find(|one| one.key == object);
    if definition.is_none() && object != "*" {
        found.push(Violation::new("field.unknown", path.as_str()).with("field", object));
    }
    let mut read = ObjectRights::default();
    for act in &rights.acts {
        match named::<Act>(act) {
            Some(act) => {
                read.acts.insert(act);
            }
            None => found.push(Violation::new("field.not_an_option", format!("{path}/acts")).with("value", act.as_str())),
        }
    }
    for (field, access) in &rights.fields {
        // Under `*` it is hidden wherever an object that is not named has it.
        let mut meant = meta.definitions.iter().filter(|one| object == "*" || one.key == object);
        let known = meant.any(|definition| definition.field(field).is_some());
        if !known && (definition.is_some() || object == "*") {
            found.push(Violation::new("field.unknown", format!("{path}/fields/{field}")).with("field", field.as_str()));
        }
        match named::<FieldAccess>(access) {
            // What is not said is written by those who may edit.
            Some(FieldAccess::Write) => {}
            Some(access) => {
                read.fields.insert(field.clone(), access);
            }
            None => found.push(Violation::new("field.not_an_option", format!("{path}/fields/{field}")).with("value", access.as_str())),
        }
    }
    read
}

fn named<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_value(Json::from(key)).ok()
}
