//! What a task asks for, as its process has it.

use std::collections::BTreeMap;

use db::Read;
use model::Id;
use model::process::{Process, StageTask, Task};
use sea_query::{Expr, ExprTrait, Query};

use crate::{Ctx, Error, Result};

/// As the version has it that the deals of its stage obey: nothing where the task is no more in it.
pub(super) fn in_force<'a>(cx: &'a Ctx, task: &Task) -> Option<&'a StageTask> {
    let newest = cx.meta.processes.iter().find(|process| process.id == task.process)?;
    let in_force = cx.meta.earlier(newest.id).in_force(newest, task.process_version, &task.stage);
    found(in_force.process(), &task.key)
}

/// Keys are one in a process, in whichever stage the task is by now.
fn found<'a>(process: &'a Process, key: &str) -> Option<&'a StageTask> {
    process.stages.iter().flat_map(|stage| &stage.tasks).find(|task| task.key == key)
}

/// What these tasks ask for, each as the version in force has it, else as the one under which it arose.
pub(super) fn all<'t>(cx: &Ctx, tx: &mut Read, tasks: impl Iterator<Item = &'t Task>) -> Result<BTreeMap<Id, StageTask>> {
    let (mut defined, mut older) = (BTreeMap::new(), BTreeMap::<(Id, i64), Vec<&Task>>::new());
    for task in tasks {
        match in_force(cx, task) {
            Some(known) => {
                defined.insert(task.id, known.clone());
            }
            None => older.entry((task.process, task.process_version)).or_default().push(task),
        }
    }
    for ((process, version), tasks) in older {
        let select = Query::select()
            .column("doc")
            .from("process_version")
            .and_where(Expr::col("process").eq(process.0))
            .and_where(Expr::col("version").eq(version))
            .to_owned();
        let Some(row) = tx.optional(&select)? else { continue };
        let process: Process = serde_json::from_str(&row.get::<String>("doc")?)
            .map_err(|error| Error::Internal(format!("a version of a process: {error}")))?;
        defined.extend(tasks.into_iter().filter_map(|task| Some((task.id, found(&process, &task.key)?.clone()))));
    }
    Ok(defined)
}
