//! How a lead stands, in every save of one.

use model::objects::lead::{KEY, status};
use model::{Object, Record, Value, Violation, lead};

use crate::Ctx;
use crate::save::{Deed, Working};

/// True for a lead that has become something else: it is read-only.
pub(crate) fn is_converted(object: &Object, record: &Record) -> bool {
    object.key == KEY && record.text("lead_status") == status::CONVERTED
}

/// True for a lead of which nothing will come.
pub(crate) fn is_invalid(record: &Record) -> bool {
    record.text("lead_status") == status::INVALID
}

/// True while something may still come of it. Records of other objects have no such end.
pub(crate) fn is_open(object: &Object, record: &Record) -> bool {
    object.key != KEY || !matches!(record.text("lead_status"), status::CONVERTED | status::INVALID)
}

/// Draws the status from what has been changed.
pub(crate) fn settle(cx: &Ctx, object: &Object, item: &mut Working) {
    if object.key != KEY {
        return;
    }
    match item.change.deed.clone() {
        Deed::MarkInvalid { why } => {
            item.after.set("lead_status", status::INVALID);
            item.after.set("invalid_reason", why);
        }
        Deed::Revive => {
            let goes_on = lead::revived(&item.after);
            item.after.set("lead_status", goes_on);
            item.after.set("invalid_reason", Value::Null);
        }
        Deed::Convert(became) => {
            item.after.set("lead_status", status::CONVERTED);
            for (field, id) in [("account", became.account), ("contact", became.contact), ("opportunity", became.opportunity)] {
                item.after.set(field, Value::from(id.map(Value::Ref)));
            }
            item.after.set("converted_at", item.at);
            item.after.set("converted_by", cx.who.id);
        }
        _ => {
            let follows = lead::status_after(item.before.as_ref(), &item.after);
            item.after.set("lead_status", follows);
        }
    }
}

/// A first call, visit or e-mail is a follow-up: what the product notes of it moves the lead on.
pub(crate) fn followed(object: &Object, before: &Record, after: &mut Record) {
    if object.key == KEY {
        let follows = lead::status_after(Some(before), after);
        after.set("lead_status", follows);
    }
}

/// What stands against an act because of how the lead stands.
pub(crate) fn judge(object: &Object, item: &mut Working) {
    if object.key != KEY {
        return;
    }
    if let Deed::MarkInvalid { why } = &item.change.deed {
        let options = object.options("invalid_reason");
        if why.is_empty() {
            item.findings.push(Violation::new("field.required", "invalid_reason"));
        } else if !options.iter().any(|option| option.active && option.key == *why) {
            item.findings.push(Violation::new("field.not_an_option", "invalid_reason").with("value", why.as_str()));
        }
    }
    let Some(before) = &item.before else { return };
    let found = match (&item.change.deed, before.text("lead_status")) {
        (Deed::Edit, status::CONVERTED) if !edits(item) => None,
        (
            Deed::Edit
            | Deed::Assign { .. }
            | Deed::Claim
            | Deed::Return { .. }
            | Deed::MovePool { .. }
            | Deed::MarkInvalid { .. }
            | Deed::Revive
            | Deed::Convert(_),
            status::CONVERTED,
        ) => Some(converted(before)),
        (Deed::Assign { .. } | Deed::Claim | Deed::Return { .. } | Deed::Convert(_), status::INVALID) => {
            Some(Violation::new("lead.invalid", ""))
        }
        (Deed::Revive, status::INVALID) => None,
        (Deed::Revive, _) => Some(Violation::new("lead.not_invalid", "")),
        (Deed::Assign { .. }, _) if before.owner().is_some() => Some(Violation::new("owner.use_change_owner", "owner")),
        _ => None,
    };
    item.findings.extend(found);
}

/// The lead has become these already; whoever comes too late is told what.
pub(super) fn converted(lead: &Record) -> Violation {
    let became = |field: &str| lead.reference(field).map(|id| id.to_string());
    Violation::new("lead.converted", "")
        .with("account", became("account"))
        .with("contact", became("contact"))
        .with("opportunity", became("opportunity"))
}

/// True where the change touches more than when it was last followed, which the product notes whatever has become of the lead.
fn edits(item: &Working) -> bool {
    const OWN: [&str; 3] = ["last_followed_at", "updated_at", "updated_by"];
    item.before.as_ref().is_some_and(|before| {
        let changes = model::change::differences(Some(before), &item.after);
        changes.iter().any(|change| !OWN.contains(&change.field.as_str()))
    })
}
