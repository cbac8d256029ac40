//! Where a role is used: what stands against removing it, each with the way there.

use db::Read;
use db::records::Scope;
use serde_json::{Value as Json, json};

use crate::{Error, Meta, Result, approvals, charts, views};

/// People that are named; the others are counted.
const NAMED: usize = 5;

/// One use.
pub(super) struct Use {
    /// `people`, `layout`, `view`, `process`, `approval_flow`, `chart`.
    pub kind: &'static str,
    /// What it is called, in the languages there are or as it was typed; of people the first few names.
    name: Json,
    count: usize,
    /// The screen on which it can be changed.
    link: String,
}

impl Use {
    pub fn show(&self) -> Json {
        json!({"kind": self.kind, "name": self.name, "count": self.count, "link": self.link})
    }
}

/// Everything that counts on a role.
pub(super) fn of_role(meta: &Meta, tx: &mut Read, key: &str) -> Result<Vec<Use>> {
    let mut found = Vec::new();
    let employee = meta.schema.object("employee").ok_or(Error::NotFound)?;
    // Those who no longer work here too: they may come back, and would have a role that is not there.
    let ids = db::records::all_with_key(tx, employee, "roles", key)?;
    if !ids.is_empty() {
        let scope = Scope::All("who has the role");
        let first = &ids[..ids.len().min(NAMED)];
        let names: Vec<String> = db::records::names(tx, &meta.schema, employee, &scope, first)?.into_iter().map(|(_, name)| name).collect();
        found.push(Use { kind: "people", name: json!(names.join(", ")), count: ids.len(), link: format!("/admin/people?role={key}") });
    }
    for object in &meta.definitions {
        if object.layouts.iter().any(|layout| layout.roles.iter().any(|role| role == key)) {
            let link = format!("/admin/objects/{}?tab=layouts", object.key);
            found.push(Use { kind: "layout", name: json!(object.label), count: 1, link });
        }
    }
    for process in meta.processes.iter().filter(|process| process.who.roles.iter().any(|role| role == key)) {
        found.push(Use { kind: "process", name: json!(process.name), count: 1, link: format!("/admin/pipelines/{}", process.id) });
    }
    let flows = approvals::uses::in_use(meta, tx)?;
    let mut asked: Vec<_> = approvals::uses::of_role(&flows, key).collect();
    asked.dedup_by_key(|flow| flow.id);
    for flow in asked {
        found.push(Use { kind: "approval_flow", name: json!(flow.name), count: 1, link: approvals::uses::link(meta, flow) });
    }
    for view in views::of_role(tx, key)? {
        found.push(Use { kind: "view", name: json!(view.name), count: 1, link: format!("/o/{}?view={}", view.object, view.id) });
    }
    for chart in charts::of_role(tx, key)? {
        found.push(Use { kind: "chart", name: json!(chart.name), count: 1, link: format!("/analysis/charts/{}", chart.id) });
    }
    Ok(found)
}
