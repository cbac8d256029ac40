//! Which objects take flows, and which acts on them can be caught.

use model::approval::Trigger;
use model::objects::lead;
use model::{Object, Schema, Violation};
use serde_json::{Value as Json, json};

use crate::{Ctx, Meta, processes};

/// People and how they are ordered are the administrators' own, and what is done around a record needs nobody's leave: calls and tasks go on
/// while an approval runs.
const WITHOUT: [&str; 5] = ["employee", "department", "user_group", "task", "activity"];

/// True where the object's records may need approval. Those of sub-objects change with what they live in, but for those that are a whole of
/// their own, in which others live: a quote with its lines.
pub(crate) fn takes_flows(schema: &Schema, object: &Object) -> bool {
    let is_whole = || schema.objects().any(|part| part.lives_in().is_some_and(|(_, of)| of == object.key));
    object.state.is_live() && !WITHOUT.contains(&object.key.as_str()) && (object.lives_in().is_none() || is_whole())
}

/// The acts on its records that a flow can catch.
pub(super) fn triggers(object: &Object) -> Vec<Trigger> {
    let fits = |trigger: &Trigger| match trigger {
        Trigger::Create | Trigger::Edit | Trigger::Void | Trigger::Restore | Trigger::Delete | Trigger::Import => true,
        Trigger::ChangeOwner => object.owned,
        Trigger::Claim | Trigger::Return => object.ownerless && object.field(model::pool::FIELD).is_some(),
        Trigger::Stage => processes::concerns(object),
        Trigger::Convert => object.key == lead::KEY,
    };
    Trigger::ALL.into_iter().filter(fits).collect()
}

/// The object that a flow names. Errors: none such, one whose records need nobody's leave, or one with which the act cannot be done.
pub(super) fn fitting<'a>(meta: &'a Meta, key: &str, trigger: Trigger) -> Result<&'a Object, Violation> {
    let object = meta.schema.object(key).ok_or_else(|| Violation::new("field.unknown", "object").with("field", key))?;
    if !takes_flows(&meta.schema, object) {
        return Err(Violation::new("approval.object_without_flows", "object").with("object", key));
    }
    if !triggers(object).contains(&trigger) {
        return Err(Violation::new("approval.trigger_unfit", "trigger").with("object", key).with("trigger", trigger.key()));
    }
    Ok(object)
}

/// Every object that takes flows, with the acts that can be caught, in the order of navigation.
pub(super) fn shown(cx: &Ctx) -> Json {
    let objects = cx.meta.order.iter().filter_map(|key| cx.meta.schema.object(key)).filter(|object| takes_flows(&cx.meta.schema, object));
    objects.map(|object| json!({"object": object.key, "triggers": triggers(object)})).collect()
}
