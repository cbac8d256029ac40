//! A flow as it is sent. One that is still being drawn has gaps: they are told with their places, all at once, and never as a body that
//! cannot be read.

use model::approval::{Effect, Flow, Initiator, Node, Trigger};
use model::{Condition, Id, Violation, Violations};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value as Json, json};

/// The body of `POST /approval-flows` and `PUT /approval-flows/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Which one is being drawn; only where nothing is saved.
    #[serde(default)]
    pub id: Option<Id>,
    #[serde(default)]
    pub api_name: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub object: String,
    pub trigger: Trigger,
    #[serde(default)]
    pub fields: Vec<String>,
    #[serde(default)]
    pub stages: Vec<String>,
    #[serde(default)]
    pub condition: Option<Json>,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub initiated_as: Initiator,
    #[serde(default = "yes")]
    pub owner_may_withdraw: bool,
    #[serde(default)]
    pub nodes: Vec<Json>,
    #[serde(default)]
    pub approved: Vec<Json>,
    #[serde(default)]
    pub rejected: Vec<Json>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "position")]
    _position: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "running")]
    _running: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

fn yes() -> bool {
    true
}

/// What could be read of a document.
pub(super) struct Read {
    pub flow: Flow,
    /// What could not.
    pub found: Violations,
    /// False where a step or an effect could not be read at all: the graph is not judged then.
    pub whole: bool,
}

/// The flow that a document describes. A gap is filled with what names nothing, and told.
pub(super) fn read(wanted: &Wanted, id: Id, position: i64, version: i64) -> Read {
    let mut reading = Reading { found: Violations::new(), whole: true };
    let condition = wanted.condition.as_ref().filter(|json| !json.is_null()).and_then(|json| reading.condition(json, "condition"));
    let nodes = wanted.nodes.iter().enumerate();
    let nodes: Vec<Node> = nodes.filter_map(|(n, json)| reading.node(json.clone(), &format!("nodes[{n}]"))).collect();
    let mut effects = |wanted: &[Json], place: &str| -> Vec<Effect> {
        wanted.iter().enumerate().filter_map(|(n, json)| reading.effect(json.clone(), &format!("{place}[{n}]"))).collect()
    };
    let (approved, rejected) = (effects(&wanted.approved, "approved"), effects(&wanted.rejected, "rejected"));
    let only_for = |trigger: Trigger, list: &[String]| if wanted.trigger == trigger { list.to_vec() } else { Vec::new() };
    let flow = Flow {
        id,
        api_name: wanted.api_name.trim().to_owned(),
        name: wanted.name.trim().to_owned(),
        description: wanted.description.trim().to_owned(),
        object: wanted.object.clone(),
        trigger: wanted.trigger,
        fields: only_for(Trigger::Edit, &wanted.fields),
        stages: only_for(Trigger::Stage, &wanted.stages),
        condition,
        position,
        active: wanted.active,
        initiated_as: wanted.initiated_as,
        owner_may_withdraw: wanted.owner_may_withdraw,
        nodes,
        approved,
        rejected,
        version,
    };
    Read { flow, found: reading.found, whole: reading.whole }
}

struct Reading {
    found: Violations,
    whole: bool,
}

impl Reading {
    fn node(&mut self, mut json: Json, at: &str) -> Option<Node> {
        if let Some(does) = json.get_mut("does").and_then(Json::as_object_mut) {
            let kind = does.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
            let leads: &[&str] = match kind.as_str() {
                "start" | "approve" | "join" | "task" => &["next"],
                "branch" => &["otherwise"],
                "fork" => &["join"],
                _ => &[],
            };
            // A line that is not drawn yet.
            leads.iter().for_each(|key| blank(does, key, json!("")));
            if kind == "branch" {
                blank(does, "ways", json!([]));
                self.ways(does, &format!("{at}.does.ways"));
            }
            if ["approve", "task"].contains(&kind.as_str()) {
                blank(does, "who", json!([]));
                self.sources(does, &format!("{at}.does.who"));
                self.id(does.get_mut("nobody"), "person", "id", &format!("{at}.does.nobody"));
                within(does, &["rejects"], "node", "node");
                within(does, &["method", "until"], "role", "role");
            }
            if kind == "task" {
                blank(does, "must_fill", json!([]));
            }
        }
        self.typed(json, at, "a step of the graph")
    }

    fn effect(&mut self, mut json: Json, at: &str) -> Option<Effect> {
        self.id(Some(&mut json), "change_owner", "to", at);
        if let Some(effect) = json.as_object_mut() {
            match effect.get("type").and_then(Json::as_str) {
                Some("notify") => blank(effect, "text", json!("")),
                Some("create_task") => blank(effect, "subject", json!("")),
                Some("webhook") => blank(effect, "name", json!("")),
                Some("set") => {
                    blank(effect, "field", json!(""));
                    blank(effect, "value", Json::Null);
                }
                _ => {}
            }
            if effect.contains_key("who") {
                self.sources(effect, &format!("{at}.who"));
            }
        }
        self.typed(json, at, "something that follows from an approval")
    }

    fn ways(&mut self, does: &mut Map<String, Json>, at: &str) {
        for (n, way) in does.get_mut("ways").and_then(Json::as_array_mut).into_iter().flatten().enumerate() {
            let Some(way) = way.as_object_mut() else { continue };
            blank(way, "to", json!(""));
            let place = format!("{at}[{n}].when");
            match way.get("when").cloned().filter(|when| !when.is_null()) {
                None => self.found.push(Violation::new("field.required", place)),
                Some(when) if self.condition(&when, &place).is_some() => continue,
                Some(_) => {}
            }
            way.insert("when".into(), json!({"all": []}));
        }
    }

    fn sources(&mut self, of: &mut Map<String, Json>, at: &str) {
        for (k, source) in of.get_mut("who").and_then(Json::as_array_mut).into_iter().flatten().enumerate() {
            let place = format!("{at}[{k}]");
            for kind in ["person", "department", "group"] {
                self.id(Some(source), kind, "id", &place);
            }
            if let Some(source) = source.as_object_mut() {
                match source.get("type").and_then(Json::as_str) {
                    Some("role") => blank(source, "role", json!("")),
                    Some("field") => blank(source, "path", json!("")),
                    Some("manager" | "department_head") => blank(source, "of", json!("owner")),
                    _ => {}
                }
            }
        }
    }

    /// An id that is to be named where `of` is of this kind.
    fn id(&mut self, of: Option<&mut Json>, kind: &str, key: &str, at: &str) {
        let Some(of) = of.and_then(Json::as_object_mut).filter(|of| of.get("type").and_then(Json::as_str) == Some(kind)) else { return };
        let given = of.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        match given.parse::<Id>() {
            Ok(id) if id != NOBODY => return,
            _ if given.trim().is_empty() => self.found.push(Violation::new("field.required", format!("{at}.{key}"))),
            _ => self.found.push(Violation::new("field.reference_not_found", format!("{at}.{key}")).with("id", given)),
        }
        of.insert(key.to_owned(), NOBODY.to_string().into());
    }

    fn condition(&mut self, json: &Json, at: &str) -> Option<Condition> {
        match Condition::from_json(json) {
            Ok(condition) => Some(condition),
            Err(violation) => {
                self.found.push(placed(violation, at));
                None
            }
        }
    }

    fn typed<T: DeserializeOwned>(&mut self, json: Json, at: &str, expected: &'static str) -> Option<T> {
        match serde_json::from_value(json) {
            Ok(read) => Some(read),
            Err(why) => {
                self.whole = false;
                self.found.push(Violation::new("field.invalid", at).with("expected", expected).with("reason", why.to_string()));
                None
            }
        }
    }
}

/// What stands where somebody is still to be named; that has been told.
pub(super) const NOBODY: Id = Id::SYSTEM;

/// As [`blank`], of something inside that is of this kind.
fn within(map: &mut Map<String, Json>, inside: &[&str], kind: &str, key: &str) {
    let found = inside.iter().try_fold(map, |map, step| map.get_mut(*step).and_then(Json::as_object_mut));
    if let Some(found) = found.filter(|found| found.get("type").and_then(Json::as_str) == Some(kind)) {
        blank(found, key, json!(""));
    }
}

fn blank(map: &mut Map<String, Json>, key: &str, with: Json) {
    if map.get(key).is_none_or(Json::is_null) {
        map.insert(key.to_owned(), with);
    }
}

/// A finding of a condition at its place in the document; which field it is about stays told.
pub(super) fn placed(violation: Violation, at: &str) -> Violation {
    let field = violation.path.clone();
    let mut placed = Violation { path: at.to_owned(), ..violation };
    if !field.is_empty() {
        placed.params.entry("field").or_insert(field.into());
    }
    placed
}
