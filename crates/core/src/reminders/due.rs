//! Fields of records by whose instants somebody is reminded.

use db::Write;
use model::{Id, Instant, Object, Record};
use sea_query::{Expr, ExprTrait, Query};

use super::Reminder;
use crate::notices::Kind;
use crate::{Ctx, Result};

/// A field that holds the instant, the one that holds the person, and while which state it holds.
struct Due {
    object: &'static str,
    at: &'static str,
    to: &'static str,
    kind: Kind,
    /// A field and the value that it must have.
    while_is: Option<(&'static str, &'static str)>,
}

const DUE: [Due; 3] = [
    Due { object: "task", at: "remind_at", to: "assignee", kind: Kind::Reminder, while_is: Some(("task_status", "open")) },
    Due { object: "task", at: "due_at", to: "assignee", kind: Kind::TaskDue, while_is: Some(("task_status", "open")) },
    Due { object: "activity", at: "next_step_at", to: "owner", kind: Kind::FollowUpDue, while_is: None },
];

/// What a save does to one reminder of a record: it clears the one that stood, and sets another where there is one.
pub(crate) struct Turn {
    record: Id,
    stood: Option<Kind>,
    set: Option<Reminder>,
}

/// What a change of a record does to its reminders. What lies in the past is nobody's to be reminded of.
pub(crate) fn change(cx: &Ctx, object: &Object, before: Option<&Record>, after: &Record) -> Vec<Turn> {
    let mut turns = Vec::new();
    for due in DUE.iter().filter(|due| due.object == object.key) {
        let (stood, stands) = (before.and_then(|before| due.of(before)), due.of(after));
        if stood == stands {
            continue;
        }
        let set = stands.filter(|(_, at)| *at > cx.at).map(|(to, at)| Reminder::new(due.kind, (&object.key, after.id), due.at, to, at));
        turns.push(Turn { record: after.id, stood: stood.map(|_| due.kind), set });
    }
    turns
}

impl Due {
    /// Whom a record reminds, and when; nobody once it is done or voided.
    fn of(&self, record: &Record) -> Option<(Id, Instant)> {
        let open = self.while_is.is_none_or(|(field, value)| record.text(field) == value);
        if !open || record.text("lifecycle_status") == "voided" {
            return None;
        }
        Some((record.reference(self.to)?, record.get(self.at).as_instant()?))
    }
}

/// Writes down what the changes of a save came to.
pub(crate) fn on_save(cx: &Ctx, tx: &mut Write, turns: &[Turn]) -> Result<()> {
    let cleared: Vec<&Turn> = turns.iter().filter(|turn| turn.stood.is_some()).collect();
    for chunk in cleared.chunks(200) {
        let any = chunk.iter().filter_map(|turn| Some((turn.record, turn.stood?))).fold(sea_query::Cond::any(), |any, (record, kind)| {
            any.add(Expr::col("record").eq(record.0).and(Expr::col("kind").eq(kind.key())))
        });
        tx.execute(Query::delete().from_table("reminder").cond_where(any))?;
    }
    let set: Vec<Reminder> = turns.iter().filter_map(|turn| turn.set.clone()).collect();
    super::insert(cx, tx, &set)
}
