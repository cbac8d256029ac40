//! The kinds of work that waits for somebody. A new kind is one line here and a word in the web app.

use crate::{Ctx, veil};

/// What waits, as records of one object.
pub(super) struct Kind {
    pub key: &'static str,
    pub object: &'static str,
    /// The field that holds whose it is.
    pub of: &'static str,
    /// Fields of choices, and what they must hold.
    pub is: &'static [(&'static str, &'static str)],
    pub due: Option<&'static str>,
    /// Which of them wait.
    pub which: Which,
    /// What one may do with each in the list, who may edit it.
    pub can: &'static [&'static str],
}

/// Which records of a kind wait.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Which {
    All,
    /// Those whose time is over.
    Overdue,
    /// Those that have a time, as long as nothing newer regards the same.
    Newest(&'static str, &'static str),
}

pub(super) const KINDS: [Kind; 5] = [
    Kind {
        key: "task",
        object: "task",
        of: "assignee",
        is: &[("task_status", "open")],
        due: Some("due_at"),
        which: Which::All,
        can: &["complete", "postpone"],
    },
    Kind {
        key: "follow_up",
        object: "activity",
        of: "owner",
        is: &[],
        due: Some("next_step_at"),
        which: Which::Newest("regarding", "happened_at"),
        can: &["complete", "postpone"],
    },
    Kind { key: "lead", object: "lead", of: "owner", is: &[("lead_status", "pending")], due: None, which: Which::All, can: &[] },
    Kind {
        key: "close_date",
        object: "opportunity",
        of: "owner",
        is: &[("stage_type", "in_progress")],
        due: Some("expected_close_date"),
        which: Which::Overdue,
        can: &["postpone"],
    },
    Kind {
        key: "stage_overdue",
        object: "opportunity",
        of: "owner",
        is: &[("stage_type", "in_progress")],
        due: Some("stage_due_at"),
        which: Which::Overdue,
        can: &[],
    },
];

impl Kind {
    /// True where the reader may know of everything by which it is chosen and ordered: else its being there would tell him.
    pub fn is_known(&self, cx: &Ctx) -> bool {
        let chosen_by = self.is.iter().map(|(field, _)| *field).chain([self.of]).chain(self.due);
        let newest = match self.which {
            Which::Newest(regarding, by) => vec![regarding, by],
            _ => Vec::new(),
        };
        let Ok(object) = cx.object(self.object) else { return false };
        chosen_by.chain(newest).all(|field| object.field(field).is_some() && !veil::hides(cx, self.object, field))
    }
}
