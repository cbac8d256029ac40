//! Records that a task or the entering of a stage asks for: what they are, how they refer to the deal, what they begin with.

use super::Settings;
use crate::lead::mapping::{may_take, suits};
use crate::process::Fill;
use crate::{Field, Object, Schema, Violations};

/// Records that come to be of a deal.
pub(super) struct NewRecords<'a> {
    pub object: &'a str,
    pub link: &'a str,
    pub fields: &'a [String],
    pub fill: &'a [Fill],
    pub place: &'a str,
}

/// True for records that live in those of `object`, as lines and contact roles do.
pub(super) fn fits_in_it(of: &Object, object: &str) -> bool {
    of.lives_in().is_some_and(|(_, master)| master == object)
}

impl Settings<'_> {
    pub(super) fn new_records(&self, wanted: &NewRecords<'_>, found: &mut Violations) {
        let place = |setting: &str| format!("{}/{setting}", wanted.place);
        let schema = self.around.reading.schema;
        let Some(object) = schema.object(wanted.object) else {
            found.push(self.refusal("process.object_unfit", &place("object")).with("value", wanted.object));
            return;
        };
        let refers = |field: &Field| field.kind.may_refer_to(&self.process.object) && !field.read_only && !field.system;
        if !object.field(wanted.link).is_some_and(refers) {
            found.push(self.refusal("process.link_unfit", &place("link")).with("value", wanted.link));
        }
        self.writable(Some(object), wanted.fields, &place("fields"), found);
        for (at, fill) in wanted.fill.iter().enumerate() {
            let place = |setting: &str| format!("{}/fill/{at}/{setting}", wanted.place);
            let to = object.field(&fill.field).filter(|field| may_take(field) && field.key != wanted.link);
            let from = origin(schema, &self.process.object, &fill.from);
            if to.is_none() {
                found.push(self.refusal("field.unknown", &place("field")).with("field", fill.field.as_str()));
            }
            if from.is_none() {
                found.push(self.refusal("field.unknown", &place("from")).with("field", fill.from.as_str()));
            }
            if wanted.fill[..at].iter().any(|earlier| earlier.field == fill.field) {
                found.push(self.refusal("field.not_unique", &place("field")).with("value", fill.field.as_str()));
            } else if let (Some(from), Some(to)) = (from, to)
                && !suits(from, to)
            {
                let labels = (serde_json::json!(from.label), serde_json::json!(to.label));
                found.push(self.refusal("process.fill_unfit", &place("from")).with("from", labels.0).with("to", labels.1));
            }
        }
    }

    /// What is asked for must be there, and be writable.
    pub(super) fn writable(&self, object: Option<&Object>, fields: &[String], place: &str, found: &mut Violations) {
        for key in fields {
            let code = match object.and_then(|object| object.field(key)) {
                None => "field.unknown",
                // Owner, stage and process have acts of their own.
                Some(field) if field.is_kept_by_product() || matches!(key.as_str(), "owner" | "stage" | "sales_process") => {
                    "field.read_only"
                }
                Some(_) => continue,
            };
            found.push(self.refusal(code, place).with("value", key.as_str()).with("field", key.as_str()));
        }
    }
}

/// The field that a fill reads: of the deal, or of what one of its references leads to.
fn origin<'a>(schema: &'a Schema, deal: &str, from: &str) -> Option<&'a Field> {
    let deal = schema.object(deal)?;
    let Some((step, key)) = from.split_once('.') else { return deal.field(from) };
    schema.object(deal.field(step)?.kind.target()?)?.field(key)
}
