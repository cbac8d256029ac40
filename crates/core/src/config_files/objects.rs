//! Objects and their fields: a file an object, with what an administrator may say of it.

use db::Write;
use model::field::{FieldType, State};
use model::objects::lines::CURRENCY;
use model::objects::standard_fields;
use model::{Base, Field, Object, Violation};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

use super::text;
use crate::objects::{self, FieldAct, ObjectAct, UpdateObject};
use crate::{Ctx, Error, Result};

/// An object as it is written: its fields by their keys, and none that is as the product keeps it.
pub(super) fn written(object: &Object) -> Json {
    let shipped = model::objects::preset().into_iter().find(|one| one.key == object.key);
    let standard = standard_fields(object.owned);
    let as_shipped = |key: &str| match &shipped {
        Some(shipped) => shipped.field(key),
        None => standard.iter().find(|field| field.key == key),
    };
    let fields: Map<String, Json> = object
        .fields
        .iter()
        .filter(|field| field.state != State::Hidden)
        .filter_map(|field| Some((field.key.clone(), written_field(object, field, as_shipped(&field.key))?)))
        .collect();
    let mut document = json!({
        "key": object.key, "label": object.label, "plural": object.plural, "icon": object.icon, "base": object.base, "fields": fields,
        "layouts": object.layouts, "validations": object.validations,
    });
    if !object.preset {
        document["owned"] = object.owned.into();
    }
    if object.state == State::Disabled {
        document["state"] = "disabled".into();
    }
    text::without_nothing(&document)
}

fn written_field(object: &Object, field: &Field, shipped: Option<&Field>) -> Option<Json> {
    let mut written = Map::new();
    if !field.is_own() && field.is_kept_by_product() {
        // What it is follows from the product; what it is called may be said anew.
        if shipped.is_some_and(|shipped| shipped.label == field.label && shipped.help == field.help) {
            return None;
        }
        written.insert("label".into(), json!(field.label));
        written.insert("help".into(), json!(field.help));
        return Some(Json::Object(written));
    }
    let told = json!(field).as_object().cloned().unwrap_or_default();
    let of_product = ["key", "system", "settling", "hidden_at", "state"];
    let offered = offered_by_product(object, field);
    written
        .extend(told.into_iter().filter(|(name, value)| {
            !of_product.contains(&name.as_str()) && *value != Json::Bool(false) && !(name == "options" && offered)
        }));
    if matches!(field.kind, FieldType::Statistical { .. }) {
        // What it comes to follows from its function and the field that it reckons over.
        ["result", "scale"].iter().for_each(|name| drop(written.remove(*name)));
    }
    if field.state == State::Disabled {
        written.insert("state".into(), "disabled".into());
    }
    Some(Json::Object(written))
}

/// Options that follow from other definitions: roles, pools, currencies.
fn offered_by_product(object: &Object, field: &Field) -> bool {
    (object.key == "employee" && field.key == "roles") || field.key == model::pool::FIELD || (object.preset && field.key == CURRENCY)
}

fn known<'a>(cx: &'a Ctx, key: &str) -> Option<&'a Object> {
    cx.meta.definitions.iter().find(|object| object.key == key && object.state != State::Hidden)
}

fn read<T: DeserializeOwned>(json: Json) -> Result<T> {
    serde_json::from_value(json).map_err(|error| Error::Malformed(error.to_string()))
}

/// Makes the object, or names it anew. `document` is the whole file.
pub(super) fn shape(cx: &Ctx, tx: &mut Write, key: &str, document: &Json) -> Result<()> {
    const SAID: [&str; 9] = ["key", "label", "plural", "icon", "base", "owned", "state", "fields", "layouts"];
    let members = document.as_object().into_iter().flat_map(Map::keys);
    let unknown = members.filter(|name| !SAID.contains(&name.as_str()) && *name != "validations");
    let found: Vec<Violation> = unknown.map(|name| Violation::new("field.unknown", name.as_str()).with("field", name.as_str())).collect();
    if !found.is_empty() {
        return Err(found.into());
    }
    if let Some(hidden) = cx.meta.definitions.iter().find(|object| object.key == key && object.state == State::Hidden) {
        objects::act_on_object(cx, tx, &hidden.key, ObjectAct::Recover)?;
        return update(cx, tx, hidden, document);
    }
    let Some(object) = known(cx, key) else { return make(cx, tx, key, document) };
    update(cx, tx, object, document)?;
    match (object.state, document["state"].as_str()) {
        (State::Live, Some("disabled")) => objects::act_on_object(cx, tx, key, ObjectAct::Disable).map(|_| ()),
        (State::Disabled, None) => objects::act_on_object(cx, tx, key, ObjectAct::Enable).map(|_| ()),
        _ => Ok(()),
    }
}

fn make(cx: &Ctx, tx: &mut Write, key: &str, document: &Json) -> Result<()> {
    if !key.starts_with("x_") {
        return Err(own_key("key").into());
    }
    let name = &document["fields"]["name"];
    let parent = document["base"]["by_parent"].as_str().map(|field| &document["fields"][field]);
    let base = match parent {
        Some(parent) => json!({"by_parent": parent["object"]}),
        None => document["base"].clone(),
    };
    let wanted = json!({
        "key": key, "label": document["label"], "plural": document["plural"], "icon": document["icon"],
        "owned": document["owned"].as_bool().unwrap_or(true), "base": base,
        "sub_object": parent.is_some_and(|parent| parent["type"] == "master"),
        "name_label": name["label"], "name_number": name["pattern"],
    });
    objects::create_object(cx, tx, &read(wanted)?).map(|_| ())
}

fn update(cx: &Ctx, tx: &mut Write, object: &Object, document: &Json) -> Result<()> {
    let present = written(object);
    let mut wanted = Map::new();
    for name in ["label", "plural", "icon", "base"] {
        if document.get(name).is_some_and(|value| present.get(name) != Some(value)) {
            wanted.insert(name.into(), document[name].clone());
        }
    }
    if let Some(owned) = document["owned"].as_bool().filter(|owned| !object.preset && *owned != object.owned) {
        return Err(Violation::new("field.fixed", "owned").with("value", owned).into());
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let wanted: UpdateObject = read(Json::Object(wanted))?;
    objects::update_object(cx, tx, &object.key, None, &wanted).map(|_| ())
}

/// Layouts and rules, which name fields and roles.
pub(super) fn screens(cx: &Ctx, tx: &mut Write, key: &str, document: &Json) -> Result<()> {
    let object = known(cx, key).ok_or_else(|| Violation::new("field.unknown", "key").with("field", key))?;
    let differs = |name: &str, present: Json| {
        let wanted = document.get(name).filter(|wanted| text::without_nothing(wanted) != text::without_nothing(&present));
        wanted.map(|wanted| (name.to_owned(), wanted.clone()))
    };
    let wanted: Map<String, Json> =
        differs("layouts", json!(object.layouts)).into_iter().chain(differs("validations", json!(object.validations))).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let wanted: UpdateObject = read(Json::Object(wanted))?;
    objects::update_object(cx, tx, key, None, &wanted).map(|_| ())
}

/// Adds the field, or changes what differs of it.
pub(super) fn shape_field(cx: &Ctx, tx: &mut Write, object: &str, key: &str, document: &Json) -> Result<()> {
    let definition = known(cx, object).ok_or_else(|| Violation::new("field.unknown", "").with("field", object))?;
    if definition.state == State::Preparing {
        // What is not in use yet is not judged: a formula that cannot be read would be taken.
        return Err(Violation::new("object.wrong_state", "").with("state", definition.state.key()).into());
    }
    let wanted = document.as_object().ok_or_else(|| Violation::new("field.invalid", "").with("expected", "the settings of a field"))?;
    let mut said = wanted.clone();
    let disabled = said.remove("state").is_some_and(|state| state == "disabled");
    let Some(field) = definition.field(key) else {
        if !key.starts_with("x_") {
            return Err(own_key("").into());
        }
        said.insert("key".into(), key.into());
        objects::add_field(cx, tx, object, &said)?;
        return if disabled { objects::act_on_field(cx, tx, object, key, FieldAct::Disable).map(|_| ()) } else { Ok(()) };
    };
    if field.state == State::Hidden {
        objects::act_on_field(cx, tx, object, key, FieldAct::Recover)?;
    }
    if field.state == State::Disabled && !disabled {
        objects::act_on_field(cx, tx, object, key, FieldAct::Enable)?;
    }
    let changed = changes(definition, field, &said);
    if !changed.is_empty() {
        objects::update_field(cx, tx, object, key, None, &changed)?;
    }
    if disabled && field.state == State::Live {
        objects::act_on_field(cx, tx, object, key, FieldAct::Disable)?;
    }
    Ok(())
}

/// What is said otherwise, and what is not said any more, as null.
fn changes(object: &Object, field: &Field, said: &Map<String, Json>) -> Map<String, Json> {
    let kept = json!(field);
    let present = written_field(object, field, None).and_then(|json| json.as_object().cloned()).unwrap_or_default();
    let same = |name: &str, value: &Json| {
        let before = present.get(name).unwrap_or(&kept[name]);
        text::without_nothing(before) == text::without_nothing(value) || (before.is_null() && *value == Json::Bool(false))
    };
    let otherwise = said.iter().filter(|(name, value)| !same(name, value)).map(|(name, value)| (name.clone(), value.clone()));
    let gone = present.keys().filter(|name| !said.contains_key(*name) && *name != "state" && *name != "options" && *name != "type");
    let fixed = |name: &&String| !["result", "scale"].contains(&name.as_str()) || !field.is_reckoned();
    let gone = gone.filter(|name| !present[*name].is_null()).filter(fixed).map(|name| (name.clone(), Json::Null));
    otherwise.chain(gone).collect()
}

/// Puts away a field that no file names any more.
pub(super) fn remove_field(cx: &Ctx, tx: &mut Write, object: &str, key: &str) -> Result<()> {
    objects::act_on_field(cx, tx, object, key, FieldAct::Hide).map(|_| ())
}

/// Puts away an object that no file names any more.
pub(super) fn remove(cx: &Ctx, tx: &mut Write, key: &str) -> Result<()> {
    objects::act_on_object(cx, tx, key, ObjectAct::Hide).map(|_| ())
}

/// True while a table or a column of it is still to be made.
pub(super) fn is_on_its_way(object: &Object) -> bool {
    object.state == State::Preparing || object.fields.iter().any(|field| field.state == State::Preparing)
}

/// Fields whose columns are still to be made, and the object itself where its table is.
pub(super) fn keys_on_their_way(object: &Object) -> impl Iterator<Item = String> + '_ {
    let fields = object.fields.iter().filter(|field| field.state == State::Preparing).map(|field| field.key.clone());
    fields.chain((object.state == State::Preparing).then(|| object.key.clone()))
}

/// True for a field that lends its object's visibility, or lives in another: it comes with the object.
pub(super) fn comes_with_object(document: &Json, field: &str) -> bool {
    document["fields"][field]["type"] == "master"
        || serde_json::from_value::<Base>(document["base"].clone()).is_ok_and(|base| base == Base::ByParent(field.to_owned()))
}

fn own_key(path: &str) -> Violation {
    Violation::new("field.invalid", path).with("expected", "a key of small letters, digits and _, as x_visit_date")
}
