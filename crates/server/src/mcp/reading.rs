//! Tools and resources that are told from several calls of the API.

use serde_json::{Map, Value as Json, json};

use super::answers::{compact, given};
use super::asking::{Asking, Refusal};
use super::call::segment;
use super::tools::Does;
use super::{guide, wire};

/// What may be told of a record besides.
pub const PARTS: [&str; 9] = ["path", "timeline", "history", "comments", "team", "tasks", "approvals", "duplicates", "conversion"];

/// Of a field what an assistant needs.
const OF_FIELDS: [&str; 14] = [
    "key",
    "label",
    "type",
    "required",
    "read_only",
    "access",
    "object",
    "objects",
    "options",
    "help",
    "unit",
    "max_length",
    "unique",
    "default",
];

/// One of the tools that are no single call.
pub async fn read(asking: &Asking, does: &Does, arguments: &Map<String, Json>) -> Result<Json, Refusal> {
    let text = |key: &str| arguments.get(key).and_then(Json::as_str).unwrap_or_default();
    match does {
        Does::WhoAmI => {
            let me = asking.read("/me").await?;
            let mut told = compact(me, asking.language());
            if let Some(map) = told.as_object_mut() {
                map.retain(|key, _| ["person", "roles", "acts", "admin", "language", "time_zone", "scopes"].contains(&key.as_str()));
            }
            Ok(told)
        }
        Does::ListObjects => objects(asking).await,
        Does::DescribeObject => object(asking, text("object")).await,
        _ => record(asking, arguments).await,
    }
}

async fn objects(asking: &Asking) -> Result<Json, Refusal> {
    let all = compact(asking.read("/objects").await?, asking.language());
    let of = |object: &Json| json!({"key": object["key"], "label": object["label"], "plural": object["plural"], "acts": object["acts"]});
    Ok(json!({"objects": all["objects"].as_array().into_iter().flatten().map(of).collect::<Vec<_>>()}))
}

async fn object(asking: &Asking, key: &str) -> Result<Json, Refusal> {
    let told = compact(asking.read(format!("/objects/{}", segment(key))).await?, asking.language());
    let fields: Vec<Json> = told["fields"].as_array().into_iter().flatten().map(field).collect();
    let mut described =
        json!({"key": told["key"], "label": told["label"], "acts": told["acts"], "name_field": told["name_field"], "fields": fields});
    if key == "opportunity" {
        let processes = compact(asking.read("/processes").await?, asking.language());
        let of = |process: &Json| {
            let stages = process["stages"].as_array().into_iter().flatten();
            let stages: Vec<Json> = stages
                .map(|stage| json!({"stage": stage["stage"], "required_fields": stage["required_fields"], "win_rate": stage["win_rate"]}))
                .collect();
            json!({"id": process["id"], "name": process["name"], "active": process["active"], "stages": stages})
        };
        let all: Vec<Json> = processes["items"].as_array().into_iter().flatten().map(of).collect();
        described["processes"] = compact(all.into(), asking.language());
    }
    Ok(described)
}

/// A field, short.
fn field(field: &Json) -> Json {
    let mut told = Map::new();
    for key in OF_FIELDS {
        let value = &field[key];
        let usual = value.is_null() || value == &json!(false) || (key == "access" && value == "write");
        if usual {
            continue;
        }
        let value = match (key, value.as_array()) {
            ("options", Some(options)) => options
                .iter()
                .filter(|option| option["active"] != false)
                .map(|option| json!({"key": option["key"], "label": option["label"]}))
                .collect(),
            _ => value.clone(),
        };
        told.insert(key.to_owned(), value);
    }
    told.into()
}

async fn record(asking: &Asking, arguments: &Map<String, Json>) -> Result<Json, Refusal> {
    let text = |key: &str| arguments.get(key).and_then(Json::as_str).unwrap_or_default();
    let object = segment(text("object"));
    let path = match arguments.get("source").and_then(Json::as_str) {
        Some(source) => format!("/records/{object}/by/{}/{}", segment(source), segment(text("id"))),
        None => format!("/records/{object}/{}", segment(text("id"))),
    };
    let mut told = compact(asking.read(path).await?, asking.language());
    let id = segment(told["id"].as_str().unwrap_or_default());
    for part in arguments.get("with").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
        let path = match part {
            "timeline" | "history" | "comments" => format!("/records/{object}/{id}/{part}?limit=20"),
            known if PARTS.contains(&known) => format!("/records/{object}/{id}/{known}"),
            _ => continue,
        };
        told[part] = compact(asking.read(path).await?, asking.language());
    }
    Ok(told)
}

/// `resources/list`.
pub async fn resources(asking: &Asking) -> Json {
    let mut found = vec![json!({
        "uri": "stagecraft://guide/conditions", "name": "conditions", "title": "Conditions", "description": "How conditions are written.",
        "mimeType": "text/markdown",
    })];
    if let Ok(all) = objects(asking).await {
        for object in all["objects"].as_array().into_iter().flatten() {
            found.push(json!({
                "uri": format!("stagecraft://objects/{}", object["key"].as_str().unwrap_or_default()),
                "name": object["key"], "title": object["label"], "mimeType": "application/json",
            }));
        }
    }
    json!({"resources": found})
}

/// `resources/templates/list`.
pub fn templates() -> Json {
    json!({"resourceTemplates": [{
        "uriTemplate": "stagecraft://records/{object}/{id}", "name": "record", "title": "Record", "description": "One record.",
        "mimeType": "application/json",
    }]})
}

/// `resources/read`.
pub async fn resource(asking: &Asking, uri: &str) -> Result<Json, wire::Fault> {
    let parts: Vec<&str> = uri.strip_prefix("stagecraft://").unwrap_or_default().split('/').collect();
    let told = match parts[..] {
        ["guide", "conditions"] => {
            return Ok(json!({"contents": [{"uri": uri, "mimeType": "text/markdown", "text": guide::CONDITIONS}]}));
        }
        ["objects", key] => object(asking, key).await,
        ["records", object, id] => {
            let wanted = json!({"object": object, "id": id});
            record(asking, wanted.as_object().unwrap_or(&Map::new())).await
        }
        _ => return Err(missing(uri)),
    };
    let answer = given(asking, told.map_err(|_| missing(uri))?);
    Ok(json!({"contents": [{"uri": uri, "mimeType": "application/json", "text": answer["content"][0]["text"]}]}))
}

fn missing(uri: &str) -> wire::Fault {
    wire::Fault::new(wire::NO_RESOURCE, &format!("Resource not found: {uri}"))
}
