//! Where a field or an object is used: what stands against putting it aside, each with the way there.

use db::Read;
use model::field::FieldType;
use model::{Condition, Schema, Violation};
use serde_json::{Value as Json, json};

use super::change::Changing;
use crate::charts::{self, ChartUse};
use crate::{Ctx, Error, Meta, Result, approvals, duplicates, holding, leads, pools, sharing, views, web_forms, webhooks};

/// One use.
pub(super) struct Use {
    /// `calculated_field`, `statistical_field`, `required_when`, `visible_when`, `validation`, `view`, `process`, `sharing_rule`,
    /// `webhook`, `lead_conversion`, `lead_rule`, `duplicate_rule`, `web_form`, `holding_rule`, `approval_flow`, `holding_definition`, `index`, `reference`.
    pub kind: &'static str,
    /// What it is called, in the languages there are or as it was typed.
    pub name: Json,
    pub object: String,
    pub id: Option<String>,
    /// Where in it.
    pub path: String,
    /// The screen on which it can be changed.
    pub link: String,
}

impl Use {
    /// As a reason against an act.
    pub fn refusal(&self, code: &'static str) -> Violation {
        Violation::new(code, "")
            .with("kind", self.kind)
            .with("name", self.name.clone())
            .with("object", self.object.as_str())
            .with("id", self.id.clone())
            .with("path", self.path.as_str())
            .with("link", self.link.as_str())
    }

    fn show(&self) -> Json {
        json!({"kind": self.kind, "name": self.name, "object": self.object, "id": self.id, "path": self.path, "link": self.link})
    }
}

/// `GET /objects/{object}/fields/{field}/uses`; administrators only.
pub fn uses(cx: &Ctx, tx: &mut Read, object: &str, field: &str) -> Result<Json> {
    cx.administrators_only("read", "object")?;
    let definition = cx.meta.definitions.iter().find(|one| one.key == object).ok_or(Error::NotFound)?;
    definition.field(field).ok_or(Error::NotFound)?;
    let found = of_field_in(tx, &cx.meta, &cx.meta.schema, object, field)?;
    Ok(json!({"items": found.iter().map(Use::show).collect::<Vec<_>>()}))
}

/// Everything that counts on a field while definitions are being changed.
pub(super) fn of_field(tx: &mut Read, changing: &Changing, object: &str, field: &str) -> Result<Vec<Use>> {
    of_field_in(tx, &changing.meta, &changing.schema(), object, field)
}

fn of_field_in(tx: &mut Read, meta: &Meta, schema: &Schema, object: &str, field: &str) -> Result<Vec<Use>> {
    let meant = (object.to_owned(), field.to_owned());
    let mut found = by_conditions(meta, schema, &|condition, of| condition.mentions(of, schema).contains(&meant));
    for one in schema.objects() {
        for other in one.fields.iter().filter(|other| (one.key.as_str(), other.key.as_str()) != (object, field)) {
            let kind = match &other.kind {
                FieldType::Statistical { of, via, field: over, .. } if of == object && (via == field || over.as_deref() == Some(field)) => {
                    Some(("statistical_field", "field"))
                }
                FieldType::Calculated { .. } if meta.plan.reads(&one.key, &other.key).contains(&meant) => {
                    Some(("calculated_field", "formula"))
                }
                _ => None,
            };
            if let Some((kind, path)) = kind {
                found.push(field_use(kind, &one.key, other, path));
            }
        }
        if one.key == object {
            for validation in one.validations.iter().filter(|validation| validation.field.as_deref() == Some(field)) {
                found.push(rule_use(&one.key, &validation.message, &validation.key, "field"));
            }
            if one.indexes.iter().any(|index| index.iter().any(|key| key == field)) {
                found.push(Use {
                    kind: "index",
                    name: json!(one.label),
                    object: one.key.clone(),
                    id: None,
                    path: "indexes".into(),
                    link: format!("/admin/objects/{}", one.key),
                });
            }
        }
    }
    for process in meta.versions_in_force() {
        let named = process.fields(schema).into_iter().filter(|named| named.object == object && named.field == field);
        found.extend(named.map(|named| process_use(process, named.place)));
    }
    for rule in sharing::uses(tx, schema, object, field)? {
        found.push(Use {
            kind: "sharing_rule",
            name: json!(rule.name),
            object: rule.object,
            id: Some(rule.id.to_string()),
            path: "condition".into(),
            link: format!("/admin/sharing?rule={}", rule.id),
        });
    }
    for (pool, path) in pools::uses(meta, object, field) {
        found.push(Use {
            kind: "pool",
            name: json!(pool.name),
            object: pool.object.clone(),
            id: Some(pool.id.to_string()),
            path: path.into(),
            link: format!("/admin/pools?pool={}", pool.id),
        });
    }
    let flows = approvals::uses::in_use(meta, tx)?;
    found.extend(approvals::uses::uses(&flows, schema, object, field).into_iter().map(|used| flow_use(meta, used)));
    for (webhook, name, of, at) in webhooks::uses(tx, schema, object, field)? {
        found.push(Use {
            kind: "webhook",
            name: json!(name),
            object: of,
            id: Some(webhook.to_string()),
            path: format!("subscriptions/{at}/condition"),
            link: format!("/admin/webhooks/{webhook}"),
        });
    }
    for rule in leads::rules::uses(tx, schema, object, field)? {
        found.push(Use {
            kind: "lead_rule",
            name: json!(rule.name),
            object: model::objects::lead::KEY.to_owned(),
            id: Some(rule.id.to_string()),
            path: "condition".into(),
            link: format!("/admin/leads?tab=assignment&rule={}", rule.id),
        });
    }
    found.extend(duplicates::uses(tx, schema, object, field)?.into_iter().map(duplicate_use));
    for named in holding::uses(tx, schema, object, field)? {
        let (id, name) = named.rule.unzip();
        let label = schema.object(&named.object).map(|of| json!(of.label)).unwrap_or_default();
        found.push(Use {
            kind: if id.is_some() { "holding_rule" } else { "holding_definition" },
            name: name.map_or(label, |name| json!(name)),
            link: match id {
                Some(id) => format!("/admin/holding?rule={id}"),
                None => format!("/admin/holding?object={}", named.object),
            },
            object: named.object,
            id: id.map(|id| id.to_string()),
            path: named.path.to_owned(),
        });
    }
    for (form, path) in web_forms::uses(tx, object, field)? {
        found.push(Use {
            kind: "web_form",
            name: json!(form.name),
            object: model::objects::lead::KEY.to_owned(),
            id: Some(form.id.to_string()),
            path,
            link: format!("/admin/leads?tab=forms&form={}", form.id),
        });
    }
    for path in leads::conversion::uses(tx, object, field)? {
        found.push(Use {
            kind: "lead_conversion",
            name: json!(model::Label::new("Lead conversion", "线索转换")),
            object: model::objects::lead::KEY.to_owned(),
            id: None,
            path,
            link: "/admin/leads?tab=conversion".into(),
        });
    }
    for view in views::uses_of(tx, schema, object, field)? {
        found.push(Use {
            kind: "view",
            name: json!(view.name),
            link: format!("/o/{}?view={}", view.object, view.id),
            object: view.object,
            id: Some(view.id.to_string()),
            path: view.path.into(),
        });
    }
    found.extend(charts::uses_of(tx, schema, object, field)?.into_iter().map(chart_use));
    Ok(found)
}

fn chart_use(chart: ChartUse) -> Use {
    Use {
        kind: "chart",
        name: json!(chart.name),
        link: format!("/analysis/charts/{}", chart.id),
        object: chart.object,
        id: Some(chart.id.to_string()),
        path: chart.path.into(),
    }
}

/// Everything that counts on an object: fields that refer to it, statistics over it, conditions that look at its records.
pub(super) fn of_object(_cx: &Ctx, tx: &mut Read, changing: &Changing, key: &str) -> Result<Vec<Use>> {
    let schema = changing.schema();
    let Some(object) = schema.object(key).cloned() else { return Ok(Vec::new()) };
    let mut found = by_conditions(&changing.meta, &schema, &|condition, of| {
        of != key && condition.mentions(of, &schema).iter().any(|(object, _)| object == key)
    });
    for one in schema.objects().filter(|one| one.key != key) {
        for field in &one.fields {
            match &field.kind {
                FieldType::Statistical { of, .. } if of == key => found.push(field_use("statistical_field", &one.key, field, "of")),
                kind if kind.leads_to() == Some(key) => found.push(field_use("reference", &one.key, field, "object")),
                _ => {}
            }
        }
    }
    found.extend(duplicates::uses_of_object(tx, key)?.into_iter().map(duplicate_use));
    let flows = approvals::uses::in_use(&changing.meta, tx)?;
    found.extend(approvals::uses::uses_of_object(&flows, &schema, key).into_iter().map(|used| flow_use(&changing.meta, used)));
    // Views that look at its fields from other objects.
    for field in object.fields.iter().filter(|field| !field.system) {
        for view in views::uses_of(tx, &schema, key, &field.key)?.into_iter().filter(|view| view.object != key) {
            found.push(Use {
                kind: "view",
                name: json!(view.name),
                link: format!("/o/{}?view={}", view.object, view.id),
                object: view.object,
                id: Some(view.id.to_string()),
                path: view.path.into(),
            });
        }
        let drawn = charts::uses_of(tx, &schema, key, &field.key)?.into_iter();
        found.extend(drawn.filter(|chart| chart.object != key).map(chart_use));
    }
    found.sort_by(|a, b| (a.kind, &a.object, &a.link, &a.path).cmp(&(b.kind, &b.object, &b.link, &b.path)));
    found.dedup_by(|a, b| (a.kind, &a.object, &a.link, &a.path) == (b.kind, &b.object, &b.link, &b.path));
    Ok(found)
}

/// Every condition of a definition that `names` says yes to; it is given the condition and the object whose records it judges.
fn by_conditions(meta: &Meta, schema: &Schema, names: &dyn Fn(&Condition, &str) -> bool) -> Vec<Use> {
    let mut found = Vec::new();
    for object in schema.objects() {
        for field in &object.fields {
            for (condition, kind) in [(&field.required_when, "required_when"), (&field.visible_when, "visible_when")] {
                if condition.as_ref().is_some_and(|condition| names(condition, &object.key)) {
                    found.push(field_use(kind, &object.key, field, kind));
                }
            }
            if let FieldType::Statistical { of, condition: Some(condition), .. } = &field.kind
                && names(condition, of)
            {
                found.push(field_use("statistical_field", &object.key, field, "condition"));
            }
        }
        for validation in object.validations.iter().filter(|validation| names(&validation.condition, &object.key)) {
            found.push(rule_use(&object.key, &validation.message, &validation.key, "condition"));
        }
    }
    for process in meta.versions_in_force() {
        let naming = process.conditions().into_iter().filter(|named| names(named.condition, named.object));
        found.extend(naming.map(|named| process_use(process, named.place)));
    }
    found
}

fn duplicate_use((rule, path): (model::duplicate::DuplicateRule, String)) -> Use {
    Use {
        kind: "duplicate_rule",
        name: json!(rule.name),
        object: rule.object,
        id: Some(rule.id.to_string()),
        path,
        link: format!("/admin/duplicates?rule={}", rule.id),
    }
}

fn flow_use(meta: &Meta, (flow, path): (&model::approval::Flow, String)) -> Use {
    Use {
        kind: "approval_flow",
        name: json!(flow.name),
        object: flow.object.clone(),
        id: Some(flow.id.to_string()),
        path,
        link: approvals::uses::link(meta, flow),
    }
}

fn field_use(kind: &'static str, object: &str, field: &model::Field, path: &str) -> Use {
    Use {
        kind,
        name: json!(field.label),
        object: object.to_owned(),
        id: Some(field.key.clone()),
        path: path.to_owned(),
        link: format!("/admin/objects/{object}?field={}", field.key),
    }
}

fn rule_use(object: &str, message: &model::Label, key: &str, path: &str) -> Use {
    Use {
        kind: "validation",
        name: json!(message),
        object: object.to_owned(),
        id: Some(key.to_owned()),
        path: path.to_owned(),
        link: format!("/admin/objects/{object}?tab=rules&rule={key}"),
    }
}

fn process_use(process: &model::process::Process, path: String) -> Use {
    Use {
        kind: "process",
        name: json!(process.name),
        object: process.object.clone(),
        id: Some(process.id.to_string()),
        path,
        link: format!("/admin/pipelines/{}", process.id),
    }
}
