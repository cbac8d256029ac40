//! A second sales process, for what is larger: tasks in each stage, gates between them, and what its ends ask for.

use std::sync::Arc;

use db::Write;
use model::Id;
use serde_json::{Value as Json, json};

use super::Story;
use crate::{Error, Meta, Result, processes};

const NAME: &str = "Project sales";

/// Publishes it behind the standard one, and gives the story as it goes on with it.
pub fn fill<'a>(story: Story<'a>, tx: &mut Write) -> Result<Story<'a>> {
    processes::save_process(story.system, tx, None, None, &document(), false)?;
    let meta = Arc::new(Meta::load(tx)?);
    Ok(Story { meta, ..story })
}

/// Its id.
pub fn id(story: &Story<'_>) -> Result<Id> {
    story.meta.processes.iter().find(|process| process.name == NAME).map(|process| process.id).ok_or(Error::NotFound)
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn document() -> Json {
    let done_by_owner = json!([{"kind": "owner"}]);
    let who_decides = json!({"exists": {"object": "contact_role", "where": {"field": "role", "op": "eq", "value": "decision_maker"}}});
    json!({
        "name": NAME,
        "description": "For what is planned, offered and built as a project. Chosen for a deal when it is created, or later by changing its process.",
        "precedence": 1,
        "stages": [
            {
                "stage": "qualification", "duration_seconds": 28 * DAY, "win_rate": "20", "forecast_category": "pipeline",
                "guidance": "Know the plant, the frame and the people before anybody draws or reckons. No offer without somebody who decides.",
                "tasks": [
                    {"key": "walk", "name": "Walk through the plant", "act": {"kind": "checklist_item"}, "assignees": done_by_owner,
                     "instructions": "Measuring points, material, reach, hazardous areas. Note what is special.", "due_seconds": 7 * DAY},
                    {"key": "frame", "name": "Agree on frame and date", "act": {"kind": "edit_object", "fields": ["amount", "expected_close_date"]},
                     "instructions": "The order of magnitude is enough; the offer makes it exact.", "due_seconds": 10 * DAY},
                    {"key": "people", "name": "Name who takes part", "instructions": "Who decides, who pays, who will use it.", "due_seconds": 14 * DAY,
                     "act": {"kind": "create_object", "object": "contact_role", "link": "opportunity", "create_only": true, "minimum": 1,
                             "fill": [{"field": "contact", "from": "primary_contact"}]}},
                    {"key": "customer", "name": "Complete the customer's data", "required": false,
                     "act": {"kind": "edit_object", "of": "account", "fields": ["sector", "employees", "website"]}}
                ]
            },
            {
                "stage": "proposal", "approval": true, "duration_seconds": 30 * DAY, "win_rate": "50", "forecast_category": "best_case",
                "guidance": "The offer answers what was seen on site, line by line.",
                "entry_condition": who_decides,
                "tasks": [
                    {"key": "lines", "name": "Put the offer together", "act": {"kind": "edit_sub_objects", "object": "opportunity_line", "minimum": 1},
                     "instructions": "Rows can be pasted from the calculation sheet.", "due_seconds": 10 * DAY,
                     "reminders": [{"when": "before", "seconds": DAY, "to": [{"kind": "owner"}]}]},
                    {"key": "price", "name": "Have the price looked over", "act": {"kind": "checklist_item"}, "assignees": [{"kind": "owner_manager"}, {"kind": "owner"}],
                     "due_seconds": 12 * DAY},
                    {"key": "show", "name": "Show the device on site", "required": false, "instructions": "Thirty minutes beside theirs convince more than a data sheet.",
                     "act": {"kind": "create_object", "object": "activity", "link": "regarding", "minimum": 1,
                             "choose_from": {"field": "activity_type", "op": "eq", "value": "visit"}, "fill": [{"field": "contact", "from": "primary_contact"}]}}
                ]
            },
            {
                "stage": "negotiation", "duration_seconds": 30 * DAY, "win_rate": "75", "forecast_category": "commit",
                "guidance": "Price, delivery, acceptance: all in one talk, with those who sign.",
                "required_fields": ["amount", "expected_close_date"],
                "tasks": [
                    {"key": "terms", "name": "Agree on delivery and acceptance", "act": {"kind": "checklist_item"}, "due_seconds": 14 * DAY},
                    {"key": "step", "name": "Say what is left to do", "required": false, "act": {"kind": "edit_object", "fields": ["next_step"]}}
                ]
            },
            {
                "stage": "won", "required_fields": ["amount"], "prompt": "Well done. Who takes it over in the works?",
                "creates": [{"object": "task", "link": "regarding", "fields": ["name", "due_at"],
                             "fill": [{"field": "name", "from": "name"}, {"field": "assignee", "from": "owner"}]}]
            },
            {
                "stage": "lost", "ignore_normal": true, "required_fields": ["lost_reason"], "prompt": "What decided it, and who looks at it once more?",
                "creates": [{"object": "task", "link": "regarding", "fields": ["name", "due_at"],
                             "fill": [{"field": "name", "from": "name"}, {"field": "assignee", "from": "owner"}]}]
            },
            {"stage": "invalid", "ignore_normal": true, "prompt": "For what never was a chance: entered by mistake, or twice."}
        ]
    })
}
