//! The acts that make sense for each object, in the order in which a screen shows them.

use model::Object;
use model::objects::lead;
use model::role::Act;
use serde_json::{Value as Json, json};

use crate::{Ctx, processes};

/// `{objects:[{key, acts:[…]}]}`; the first, `*`, stands for every object not named and has what any of them has.
pub fn acts(cx: &Ctx) -> Json {
    let objects: Vec<&Object> = cx.meta.order.iter().filter_map(|key| cx.meta.schema.object(key)).map(AsRef::as_ref).collect();
    let any = objects.iter().fold(Vec::new(), |mut all: Vec<Act>, object| {
        all.extend(of(object).into_iter().filter(|act| !all.contains(act)).collect::<Vec<_>>());
        all
    });
    let mut items = vec![show("*", &any)];
    items.extend(objects.iter().map(|object| show(&object.key, &of(object))));
    json!({ "objects": items })
}

fn show(key: &str, acts: &[Act]) -> Json {
    json!({"key": key, "acts": acts.iter().map(|act| act.key()).collect::<Vec<_>>()})
}

fn of(object: &Object) -> Vec<Act> {
    let mut acts = vec![Act::Read, Act::Create, Act::Edit];
    if processes::concerns(object) {
        acts.extend([Act::Move, Act::Reopen, Act::ChangeProcess, Act::BypassGates]);
    }
    if object.owned {
        acts.extend([Act::Team, Act::ChangeOwner, Act::Assign]);
        if object.field(model::pool::FIELD).is_some() {
            acts.extend([Act::Claim, Act::Return, Act::MovePool, Act::Merge, Act::DuplicateTool, Act::HoldingExempt]);
        } else {
            acts.extend([Act::Merge, Act::DuplicateTool]);
        }
    }
    if object.key == lead::KEY {
        acts.extend([Act::Convert, Act::MarkInvalid, Act::Reopen]);
    }
    acts.extend([Act::Clone, Act::Void, Act::Restore, Act::Delete, Act::Lock, Act::Unlock, Act::Export, Act::Import]);
    if processes::concerns(object) {
        acts.push(Act::ImportHistory);
    }
    acts
}
