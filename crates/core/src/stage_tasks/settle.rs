//! Writing what has become of one task, with all that follows: what its assignee sees, of what he is told, what is due, and that open screens
//! look again.

use db::Write;
use db::outbox::{Event, Eyes};
use model::{Object, Record};

use super::store::{self, Kept};
use super::{define, log, sight, tell};
use crate::sight::Sight;
use crate::{Ctx, Result};

/// What is told of a deal whose tasks have changed.
const ACT: &str = "stage_task";

/// Writes a task after an act; its deal is locked. `event` is what the log tells of it.
pub(super) fn settle(
    cx: &Ctx,
    tx: &mut Write,
    (object, deal): (&Object, &Record),
    before: &Kept,
    after: &Kept,
    event: Option<(log::Event, Option<String>)>,
) -> Result<()> {
    let seen = Sight::of(cx, tx, object, std::iter::once((Some(deal), deal)))?.present(deal);
    store::update(tx, after)?;
    if let Some((event, note)) = event {
        let assignee = after.task.assignee.filter(|_| event == log::Event::Reassigned);
        log::write(cx, tx, event, cx.at, std::iter::once((deal.id, after.task.id, note, assignee)))?;
    }
    let owner = deal.owner();
    sight::hand_over(tx, object, std::iter::once((Some((before, owner)), (after, owner))))?;
    look_again(cx, tx, object, vec![(deal, seen)])?;
    if before.task.assignee != after.task.assignee {
        tell::given(cx, tx, std::iter::once(after))?;
    }
    match after.task.due_at {
        Some(_) if before.task.state != after.task.state => {
            tell::remind(cx, tx, std::iter::once((after, define::in_force(cx, &after.task))))
        }
        _ => Ok(()),
    }
}

/// Tells those who saw these deals before, each with them, and those who see them now, that their tasks have changed.
pub(super) fn look_again(cx: &Ctx, tx: &mut Write, object: &Object, deals: Vec<(&Record, Eyes)>) -> Result<()> {
    let sight = Sight::of(cx, tx, object, deals.iter().map(|(deal, _)| (Some(*deal), *deal)))?;
    let event = |(deal, before): (&Record, Eyes)| Event {
        object: object.key.clone(),
        record: deal.id,
        revision: deal.revision,
        act: ACT.to_owned(),
        at: cx.at,
        by: cx.who.id,
        columns: vec![ACT.to_owned()],
        before,
        after: sight.present(deal),
    };
    let events: Vec<Event> = deals.into_iter().map(event).collect();
    Ok(db::outbox::insert(tx, &events)?)
}
