//! Calling a tool: what was asked is read, asked of the API, tried first where it changes something, and told.

use axum::http::{Method, StatusCode};
use model::Instant;
use serde_json::{Map, Value as Json, json};

use super::answers::{compact, given, refused, would};
use super::asking::{Asking, Refusal, Wanted};
use super::plan::{Broken, Deed, HOLDS};
use super::schema::{self, Goes};
use super::tools::{self, Call, Does, Tool};
use super::{plan, reading, wire};
use crate::edge::{Assisted, Seen};
use crate::problem::Problem;

/// Items of a list where nothing is said, and the most.
const USUAL: u64 = 20;
const MOST: u64 = 50;

/// `tools/call`.
pub async fn call(asking: &Asking, params: &Json) -> Result<Json, wire::Fault> {
    let name = params["name"].as_str().unwrap_or_default();
    let tool = tools::named(name).ok_or_else(|| wire::Fault::new(wire::INVALID_PARAMS, &format!("Unknown tool: {name}")))?;
    let arguments = match &params["arguments"] {
        Json::Null => Map::new(),
        Json::Object(map) => map.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), value.clone())).collect(),
        _ => return Err(wire::Fault::new(wire::INVALID_PARAMS, "arguments: an object")),
    };
    Ok(match run(asking, tool, arguments).await {
        Ok(answer) => given(asking, answer),
        Err(refusal) => refused(asking, &refusal),
    })
}

async fn run(asking: &Asking, tool: &Tool, mut arguments: Map<String, Json>) -> Result<Json, Refusal> {
    if tool.is_writing() && !asking.who.writes {
        return Err(Problem::new(StatusCode::FORBIDDEN, "auth.scope").into());
    }
    check(asking, tool, &arguments)?;
    let planned = arguments.remove("plan").map(|plan| plan.as_str().unwrap_or_default().to_owned());
    match &tool.does {
        Does::Call(call) if tool.is_writing() => write(asking, tool, call, request(call, &arguments), &arguments, planned).await,
        Does::LogActivity => {
            let at = planned.as_deref().and_then(plan::made_at).unwrap_or(asking.who.at);
            let (call, fields) = (&LOGGED, activity(at, &arguments));
            write(asking, tool, call, request(call, &fields), &arguments, planned).await
        }
        Does::Call(call) => {
            list_within(call, &mut arguments);
            let answer = asking.ask(request(call, &arguments)).await?;
            Ok(compact(answer, asking.language()))
        }
        other => reading::read(asking, other, &arguments).await,
    }
}

/// Arguments that the tool has, and none missing: whether they are right is the API's to say.
fn check(asking: &Asking, tool: &Tool, arguments: &Map<String, Json>) -> Result<(), Refusal> {
    let schema = tool.inputs(&asking.who.objects);
    let (properties, required) = (&schema["properties"], &schema["required"]);
    let unknown: Vec<&str> = arguments.keys().filter(|key| properties.get(*key).is_none()).map(String::as_str).collect();
    let missing: Vec<&str> =
        required.as_array().into_iter().flatten().filter_map(Json::as_str).filter(|key| !arguments.contains_key(*key)).collect();
    let textual = |key: &&String| properties[key.as_str()]["type"] == "string" && arguments[key.as_str()].is_object();
    let wrong: Vec<&str> = arguments.keys().filter(|key| properties.get(*key).is_some()).filter(textual).map(String::as_str).collect();
    if unknown.is_empty() && missing.is_empty() && wrong.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = properties.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "assistant.arguments");
    Err(problem
        .with("unknown", [unknown, wrong].concat().join(", "))
        .with("missing", missing.join(", "))
        .with("known", known.join(", "))
        .into())
}

/// The request that a call comes to.
fn request(call: &Call, arguments: &Map<String, Json>) -> Wanted {
    let (mut path, mut query, mut body) = (call.path.to_owned(), Vec::new(), Map::new());
    for (name, goes) in schema::places(call) {
        let Some(value) = arguments.get(&name) else { continue };
        match goes {
            Goes::Path => path = path.replace(&format!("{{{name}}}"), &segment(&text(value))),
            Goes::Query => query.push(format!("{name}={}", segment(&text(value)))),
            Goes::Body => _ = body.insert(name, value.clone()),
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let method = Method::from_bytes(call.method.to_ascii_uppercase().as_bytes()).unwrap_or_default();
    let body = (method != Method::GET).then(|| body.into());
    Wanted { method, path, body, ..Wanted::default() }
}

/// As it stands in an address. Lists there are divided by commas; conditions are JSON.
fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// One part of an address, with what has a meaning there told apart.
pub fn segment(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            told.push(byte as char);
        } else {
            told.push_str(&format!("%{byte:02X}"));
        }
    }
    // A dot alone would lead elsewhere.
    if told.chars().all(|c| c == '.') { told.replace('.', "%2E") } else { told }
}

/// A page that an assistant can read at once.
fn list_within(call: &Call, arguments: &mut Map<String, Json>) {
    if schema::places(call).iter().any(|(name, goes)| name == "limit" && *goes == Goes::Query) {
        let wanted = arguments.get("limit").and_then(Json::as_u64).unwrap_or(USUAL);
        arguments.insert("limit".to_owned(), wanted.clamp(1, MOST).into());
    }
}

/// Tries it, or does what was planned.
async fn write(
    asking: &Asking,
    tool: &Tool,
    call: &Call,
    request: Wanted,
    arguments: &Map<String, Json>,
    planned: Option<String>,
) -> Result<Json, Refusal> {
    let deed = Deed { person: asking.who.id, tool: tool.name, arguments };
    let before = call.before.replace("{object}", &segment(&text(arguments.get("object").unwrap_or(&Json::Null))));
    let before = before.replace("{id}", &segment(&text(arguments.get("id").unwrap_or(&Json::Null))));
    let Some(planned) = planned else {
        let there = if before.is_empty() { None } else { Some(asking.read(before.as_str()).await?) };
        let version = there.as_ref().and_then(|there| there["version"].as_i64());
        let assisted = Assisted { tries: true, seen: None };
        let after = asking.ask(Wanted { version, assisted, ..request }).await?;
        let until = whole(asking.who.at).plus_seconds(HOLDS);
        return Ok(json!({
            "done": false,
            "would": would(asking, there.as_ref(), after),
            "plan": deed.seal(&asking.who.key, version, asking.who.at),
            "plan_holds_until": until.to_string(),
            "next": format!("Nothing has been changed. To do it, call {} again with the same arguments and this plan.", tool.name),
        }));
    };
    let plan = deed.open(&asking.who.key, &planned, asking.who.at).map_err(|broken| {
        let code = match broken {
            Broken::Unknown => "assistant.plan_unknown",
            Broken::Other => "assistant.plan_other",
            Broken::Expired => "assistant.plan_expired",
        };
        Refusal::from(Problem::new(StatusCode::CONFLICT, code))
    })?;
    let seen = plan.version.and_then(|version| seen(&before, version));
    let assisted = Assisted { tries: false, seen };
    let mut answer = asking.ask(Wanted { version: plan.version, once: Some(plan.number), assisted, ..request }).await?;
    if let Some(map) = answer.as_object_mut() {
        map.remove("dry_run");
    }
    let mut told = compact(answer, asking.language());
    told["done"] = true.into();
    Ok(told)
}

/// To the second, as plans have it.
fn whole(at: Instant) -> Instant {
    Instant(at.0 / 1_000_000 * 1_000_000)
}

/// What was seen there; what keeps versions of another kind looks at them itself.
fn seen(before: &str, version: i64) -> Option<Seen> {
    let parts: Vec<&str> = before.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["records", object, id] => Some(Seen { object: Some(object.to_owned()), id: id.parse().ok()?, version }),
        ["approvals", id] => Some(Seen { object: None, id: id.parse().ok()?, version }),
        _ => None,
    }
}

/// Where activities are made.
static LOGGED: Call = Call { method: "post", path: "/records/{object}", before: "", left_out: &["skip_approval"], may_be_alike: false };

/// What was done about a record, as the fields of an activity.
fn activity(at: Instant, arguments: &Map<String, Json>) -> Map<String, Json> {
    let mut fields = arguments.get("fields").and_then(Json::as_object).cloned().unwrap_or_default();
    let mut put = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value);
        }
    };
    put("regarding", Some(json!({"object": arguments.get("object"), "id": arguments.get("id")})));
    put("name", arguments.get("subject").cloned());
    put("activity_type", arguments.get("type").cloned());
    put("content", arguments.get("text").cloned());
    put("happened_at", Some(arguments.get("happened_at").cloned().unwrap_or_else(|| whole(at).to_string().into())));
    json!({"object": "activity", "fields": fields}).as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stay_in_their_part_of_an_address() {
        for (given, told) in [("a b", "a%20b"), ("../me", "..%2Fme"), ("..", "%2E%2E"), ("x?y=1&z", "x%3Fy%3D1%26z"), ("王", "%E7%8E%8B")]
        {
            assert_eq!(segment(given), told);
        }
        let Does::Call(call) = &tools::named("list_records").unwrap().does else { panic!("no call") };
        let arguments =
            json!({"object": "opportunity", "filter": {"field": "owner", "op": "is_me"}, "fields": ["name", "amount"], "limit": 900});
        let mut arguments = arguments.as_object().unwrap().clone();
        list_within(call, &mut arguments);
        let wanted = request(call, &arguments);
        assert!(wanted.path.starts_with("/records/opportunity?"), "{}", wanted.path);
        assert!(
            wanted.path.contains("limit=50") && wanted.path.contains("fields=name%2Camount") && wanted.body.is_none(),
            "{}",
            wanted.path
        );
    }
}
