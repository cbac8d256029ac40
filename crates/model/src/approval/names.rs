//! Everything outside itself that a flow names, each with its place: for whoever asks whether it is there, and before it goes away.

use super::flow::{Effect, Flow, Kind, Method, Nobody, Source, Until};
use crate::{Condition, Id, Schema};

/// Something that a flow names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Named<'a> {
    Person(Id),
    Department(Id),
    Group(Id),
    Role(&'a str),
    /// A part that members of a team play.
    TeamRole(&'a str),
    /// A field of its object.
    Field(&'a str),
    /// A path that leads to people.
    Path(&'a str),
    Stage(&'a str),
    /// The condition under which it catches.
    Catches(&'a Condition),
    /// The condition of a way out of a branch.
    Way(&'a Condition),
}

impl Flow {
    /// What it names, in the order in which it is written. Places are written as those of faults: `nodes[1].does.who[0].id`.
    pub fn names(&self) -> Vec<(Named<'_>, String)> {
        let mut found = Vec::new();
        keys(&self.fields, "fields", Named::Field, &mut found);
        keys(&self.stages, "stages", Named::Stage, &mut found);
        found.extend(self.condition.as_ref().map(|condition| (Named::Catches(condition), "condition".to_owned())));
        for (n, node) in self.nodes.iter().enumerate() {
            let at = format!("nodes[{n}].does");
            match &node.does {
                Kind::Approve(approve) => {
                    if let Method::StepByStep { until: Until::Role { role }, .. } = &approve.method {
                        found.push((Named::Role(role), format!("{at}.method.until.role")));
                    }
                    keys(&approve.may_edit, &format!("{at}.may_edit"), Named::Field, &mut found);
                    keys(&approve.must_fill, &format!("{at}.must_fill"), Named::Field, &mut found);
                }
                Kind::Task { must_fill, .. } => keys(must_fill, &format!("{at}.must_fill"), Named::Field, &mut found),
                Kind::Branch { ways, .. } => {
                    let ways = ways.iter().enumerate();
                    found.extend(ways.map(|(k, way)| (Named::Way(&way.when), format!("{at}.ways[{k}].when"))));
                }
                _ => {}
            }
            sources(node.sources(), &format!("{at}.who"), &mut found);
            if let Nobody::Person { id } = node.nobody() {
                found.push((Named::Person(*id), format!("{at}.nobody.id")));
            }
        }
        for (place, effects) in [("approved", &self.approved), ("rejected", &self.rejected)] {
            for (k, effect) in effects.iter().enumerate() {
                match effect {
                    Effect::Set { field, .. } => found.push((Named::Field(field), format!("{place}[{k}].field"))),
                    Effect::ChangeOwner { to } => found.push((Named::Person(*to), format!("{place}[{k}].to"))),
                    Effect::Notify { who, .. } | Effect::CreateTask { who, .. } => {
                        sources(who, &format!("{place}[{k}].who"), &mut found);
                    }
                    Effect::Lock | Effect::Unlock | Effect::Webhook { .. } => {}
                }
            }
        }
        found
    }

    /// Where it names a field of an object: by itself, along a path or in a condition.
    pub fn uses_of(&self, object: &str, field: &str, schema: &Schema) -> Vec<String> {
        let meant = (object.to_owned(), field.to_owned());
        let names = |named: &Named<'_>| match named {
            Named::Field(key) => self.object == object && *key == field,
            Named::Stage(_) => self.object == object && field == "stage",
            Named::Path(path) => crate::condition::of_path(path, &self.object, schema).contains(&meant),
            Named::Catches(condition) | Named::Way(condition) => condition.mentions(&self.object, schema).contains(&meant),
            _ => false,
        };
        self.names().into_iter().filter(|(named, _)| names(named)).map(|(_, place)| place).collect()
    }
}

fn keys<'a>(keys: &'a [String], place: &str, named: fn(&'a str) -> Named<'a>, found: &mut Vec<(Named<'a>, String)>) {
    found.extend(keys.iter().enumerate().map(|(k, key)| (named(key), format!("{place}[{k}]"))));
}

fn sources<'a>(who: &'a [Source], place: &str, found: &mut Vec<(Named<'a>, String)>) {
    for (k, source) in who.iter().enumerate() {
        let (named, rest) = match source {
            Source::Person { id } => (Named::Person(*id), "id"),
            Source::Department { id, .. } => (Named::Department(*id), "id"),
            Source::Group { id } => (Named::Group(*id), "id"),
            Source::Role { role } => (Named::Role(role), "role"),
            Source::Team { role: Some(role) } => (Named::TeamRole(role), "role"),
            Source::Field { path } => (Named::Path(path), "path"),
            Source::Owner | Source::Submitter | Source::Manager { .. } | Source::DepartmentHead { .. } | Source::Team { role: None } => {
                continue;
            }
        };
        found.push((named, format!("{place}[{k}].{rest}")));
    }
}
