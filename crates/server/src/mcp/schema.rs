//! The arguments of tools, as the API's own description has them: what a call takes is said in one place.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use super::tools::Call;
use crate::openapi;

/// What is said of `object` where nothing else is.
pub const OBJECT: &str = "The kind of record, by its key.";
const FIELDS: &str =
    "Values by the keys of fields (describe_object). Money is {\"amount\": \"1054.00\", \"currency\": \"EUR\"}; null empties.";
const FILTER: &str = "A condition: {\"field\", \"op\", \"value\"}, {\"all\": [...]}, {\"any\": [...]}, {\"not\": ...}; op: eq ne lt le gt ge between in not_in contains starts_with is_empty is_not_empty within is_me my_subordinates in_department …; all of it: resource stagecraft://guide/conditions.";
/// How deep shapes are told.
const DEEP: u32 = 5;

/// The fixed API.
static API: LazyLock<Json> = LazyLock::new(openapi::fixed);

fn operation(call: &Call) -> &'static Json {
    &API["paths"][call.path][call.method]
}

/// Where an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    Path,
    Query,
    Body,
}

/// The arguments that a call takes, with their places.
pub fn places(call: &Call) -> Vec<(String, Goes)> {
    let mut places: Vec<(String, Goes)> = Vec::new();
    for parameter in operation(call)["parameters"].as_array().into_iter().flatten() {
        let goes = match parameter["in"].as_str() {
            Some("path") => Goes::Path,
            Some("query") => Goes::Query,
            _ => continue,
        };
        places.extend(parameter["name"].as_str().map(|name| (name.to_owned(), goes)));
    }
    places.extend(body(call).into_iter().flat_map(Map::keys).map(|name| (name.clone(), Goes::Body)));
    if call.may_be_alike {
        places.push(("accept_duplicates".to_owned(), Goes::Body));
    }
    places.retain(|(name, _)| !is_left_out(call, name));
    places
}

/// The properties of a call's arguments, and which it cannot do without.
pub fn of(call: &Call) -> (Map<String, Json>, Vec<String>) {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for parameter in operation(call)["parameters"].as_array().into_iter().flatten() {
        let Some(name) = parameter["name"].as_str().filter(|name| parameter["in"] != "header" && !is_left_out(call, name)) else {
            continue;
        };
        let mut schema = plain(&parameter["schema"], DEEP);
        if let Some(said) = parameter["description"].as_str().filter(|said| !said.is_empty()) {
            schema["description"] = said.into();
        }
        if parameter["required"] == true {
            required.push(name.to_owned());
        }
        properties.insert(name.to_owned(), said(name, schema));
    }
    let component = component(call);
    for (name, schema) in body(call).into_iter().flatten().filter(|(name, _)| !is_left_out(call, name)) {
        properties.insert(name.clone(), said(name, plain(schema, DEEP)));
    }
    let needed = component.and_then(|component| component["required"].as_array()).into_iter().flatten().filter_map(Json::as_str);
    required.extend(needed.filter(|name| !is_left_out(call, name)).map(str::to_owned));
    if call.may_be_alike {
        let said = "To go on over records that are alike: the tokens that the refusal named, after the person has looked at them.";
        properties.insert("accept_duplicates".to_owned(), json!({"type": "array", "items": {"type": "string"}, "description": said}));
    }
    (properties, required)
}

fn is_left_out(call: &Call, name: &str) -> bool {
    ["dry_run", "format"].contains(&name) || call.left_out.contains(&name)
}

/// The body's shape.
fn component(call: &Call) -> Option<&'static Json> {
    let schema = &operation(call)["requestBody"]["content"]["application/json"]["schema"];
    Some(&API["components"]["schemas"][schema["$ref"].as_str()?.rsplit('/').next()?])
}

fn body(call: &Call) -> Option<&'static Map<String, Json>> {
    component(call)?["properties"].as_object()
}

/// With the words that an assistant needs.
fn said(name: &str, mut schema: Json) -> Json {
    let unsaid = schema["description"].is_null();
    match name {
        "filter" => json!({"type": "object", "description": FILTER}),
        "object" => {
            schema["description"] = OBJECT.into();
            schema
        }
        "id" if unsaid => {
            schema["description"] = "Its id.".into();
            schema
        }
        "fields" if schema["type"] == "object" => {
            let own = schema["description"].as_str().map(|own| format!("{own} ")).unwrap_or_default();
            schema["description"] = format!("{own}{FIELDS}").into();
            schema
        }
        "reason" if unsaid => {
            schema["description"] = "Why, in words; kept with the history.".into();
            schema
        }
        _ => schema,
    }
}

/// A shape without references, and without what is only of use to programs: nulls and formats of numbers.
fn plain(schema: &Json, deep: u32) -> Json {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return if deep == 0 { json!({}) } else { plain(&API["components"]["schemas"][name], deep - 1) };
    }
    if let Some(of) = schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return plain(of, deep);
    }
    let Some(map) = schema.as_object() else { return json!({}) };
    let mut told = Map::new();
    for (key, value) in map {
        match key.as_str() {
            "type" => {
                let first = value.as_array().and_then(|types| types.iter().find(|kind| *kind != "null"));
                told.insert(key.clone(), first.unwrap_or(value).clone());
            }
            "items" => _ = told.insert(key.clone(), plain(value, deep)),
            "properties" => {
                let inner = value.as_object().into_iter().flatten().filter(|(name, _)| *name != "dry_run");
                told.insert(key.clone(), inner.map(|(name, schema)| (name.clone(), said(name, plain(schema, deep)))).collect());
            }
            "description" | "enum" | "required" => _ = told.insert(key.clone(), value.clone()),
            _ => {}
        }
    }
    told.into()
}

#[cfg(test)]
mod tests {
    use super::super::tools::{Does, TOOLS};
    use super::*;

    #[test]
    fn every_tool_is_a_call_that_the_api_has() {
        for tool in TOOLS {
            let Does::Call(call) = &tool.does else { continue };
            assert!(operation(call).is_object(), "{}: {} {}", tool.name, call.method, call.path);
            let known: Vec<String> = places(call).into_iter().map(|(name, _)| name).collect();
            let (properties, required) = of(call);
            assert!(required.iter().all(|name| properties.contains_key(name)), "{}: {required:?}", tool.name);
            for name in properties.keys() {
                assert!(known.contains(name), "{}: {name} goes nowhere", tool.name);
                assert!(properties[name]["type"].is_string(), "{}: {name}: {}", tool.name, properties[name]);
            }
            for name in call.left_out {
                let all = Call { left_out: &[], ..*call };
                assert!(places(&all).iter().any(|(known, _)| known == name), "{}: {name} is left out of nothing", tool.name);
            }
            if !call.before.is_empty() {
                let of_one_object = call.before.starts_with("/records/") && call.before.split('/').count() == 4;
                let path = if of_one_object { "/records/{object}/{id}" } else { call.before };
                assert!(API["paths"][path]["get"].is_object(), "{}: {}", tool.name, call.before);
            }
        }
    }
}
