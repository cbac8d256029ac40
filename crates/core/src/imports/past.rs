//! The past that an imported record carries: when it was created and when it entered its stages.

use model::{Instant, Violation};

use super::columns::PAST;
use super::problem::Problem;
use super::rows::{Prepared, Row};
use crate::processes;
use crate::save::Historic;

/// Moves the row's instants from its fields into its past. No stay is invented: there is one for the present stage, and one before
/// the end of a closed deal only where the row tells its beginning and the import says which stage that was.
pub fn take(prepared: &Prepared, row: &mut Row) {
    let [created, entered, closed] = PAST.map(|field| row.patch.remove(field).and_then(|value| value.as_instant()));
    let mut notes: Vec<(&str, &str)> = Vec::new();
    if created.is_none() {
        notes.push(("import.created_at_unknown", PAST[0]));
    }
    let mut past = Historic { created_at: Some(created.unwrap_or(prepared.at)), entered: Vec::new() };
    if let Some(stage) =
        row.patch.get("stage").and_then(|value| value.as_text()).map(str::to_owned).filter(|_| processes::concerns(&prepared.object))
    {
        let option = prepared.object.options("stage").iter().find(|option| option.key == stage);
        let ends = option.and_then(|option| option.stage_type).is_some_and(|stage_type| stage_type.is_terminal());
        let known = entered.or(created).unwrap_or(prepared.at);
        if !ends {
            // Where it is the day too on which the deal shall be closed, nothing is lost.
            if closed.is_some() && !prepared.tells_more_than(PAST[2]) {
                notes.push(("import.not_closed", PAST[2]));
            }
            past.entered.push((stage, known));
        } else {
            let end = closed.unwrap_or(known);
            match (&prepared.options.before_close, entered) {
                (Some(before), Some(began)) if closed.is_some() && began <= end => {
                    past.entered.push((before.clone(), began));
                    past.entered.push((stage, end.after(began)));
                }
                (_, Some(began)) if began > end => {
                    notes.push(("import.dates_out_of_order", PAST[2]));
                    past.entered.push((stage, end));
                }
                _ => past.entered.push((stage, end)),
            }
        }
        let first = past.entered.first().map_or(prepared.at, |(_, at)| *at);
        past.created_at = past.created_at.map(|at: Instant| at.min(first));
    }
    for (code, field) in notes {
        let (column, value) = prepared.said(row, field, None);
        let problem = Problem::new(row.line, column, value, &Violation::new(code, field), &prepared.who.language);
        row.problems.push(problem);
    }
    row.past = Some(past);
}
