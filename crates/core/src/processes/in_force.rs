//! Which version of its process a deal obeys, and under which it enters a stage (docs/decisions/0021).
//!
//! Whoever asks what holds for a deal asks here, not for the newest version.

use std::borrow::Cow;
use std::collections::BTreeMap;

use db::Read;
use model::process::{Earlier, Gates, InForce, Process, without_given_up};
use model::{Id, Record};
use sea_query::{Cond, Expr, ExprTrait, Query};

use crate::{Ctx, Error, Meta, Result, meta};

/// The version under which a deal entered its stage. One that was there before versions were noted obeys whatever was published until then,
/// as if it had entered under the first.
pub(crate) fn since(record: &Record) -> i64 {
    record.get("process_version").as_number().map_or(1, |number| number.0 / 1_000_000)
}

/// Loads which earlier versions are still obeyed, and which versions running deals did not follow.
pub(crate) fn load(tx: &mut Read) -> Result<BTreeMap<Id, Earlier>> {
    let of_interest = Cond::any().add(Expr::col("in_force").eq(1_i64)).add(Expr::col("running").eq("stay"));
    let select = Query::select()
        .columns(["process", "version", "doc", "in_force", "running"])
        .from("process_version")
        .cond_where(of_interest)
        .to_owned();
    let mut earlier: BTreeMap<Id, Earlier> = BTreeMap::new();
    for row in tx.all(&select)? {
        let of_process = earlier.entry(row.get("process")?).or_default();
        if row.get::<Option<i64>>("in_force")? == Some(1) {
            of_process.kept.push(Process { version: row.get("version")?, ..meta::doc(&row)? });
        }
        if row.get::<Option<String>>("running")?.as_deref() == Some("stay") {
            of_process.apart.insert(row.get("version")?);
        }
    }
    Ok(earlier)
}

impl Meta {
    /// Versions of a process besides the newest.
    pub fn earlier(&self, process: Id) -> &Earlier {
        static NONE: Earlier = Earlier::none();
        self.earlier.get(&process).unwrap_or(&NONE)
    }

    /// Every version that somebody obeys: the newest of each process, and earlier ones.
    pub fn versions_in_force(&self) -> impl Iterator<Item = &Process> {
        self.processes.iter().chain(self.earlier.values().flat_map(|earlier| &earlier.kept))
    }

    /// The version that a deal obeys. A closed one obeys the newest: taken up again it begins a new run.
    pub fn in_force(&self, deal: &Record) -> Option<InForce<'_>> {
        let newest = self.process(deal.text("sales_process"))?;
        if !deal.get("closed_at").is_null() {
            return Some(InForce::Newest(newest));
        }
        Some(self.earlier(newest.id).in_force(newest, since(deal), deal.text("stage")))
    }

    /// The stages and rules that a move of the deal is judged by: those of the version that it obeys, without stages which the newest has
    /// given up where it is to be taken along.
    pub fn process_of(&self, deal: &Record) -> Option<Cow<'_, Process>> {
        Some(match self.in_force(deal)? {
            InForce::Behind(process) => {
                let newest = self.process(deal.text("sales_process"))?;
                Cow::Owned(without_given_up(process, newest, deal.text("stage")))
            }
            in_force => Cow::Borrowed(in_force.process()),
        })
    }

    /// The version under which a deal enters a stage of a process: the newest, unless only the one that it obeys has the stage.
    pub(crate) fn entered_under(&self, before: Option<&Record>, process: &str, stage: &str) -> Option<&Process> {
        let newest = self.process(process)?;
        let pinned = || before.filter(|before| before.text("sales_process") == process).and_then(|before| self.in_force(before));
        match newest.position(stage) {
            Some(_) => Some(newest),
            None => Some(pinned().map_or(newest, InForce::process)),
        }
    }
}

/// What a move of the deal is judged by, resolved.
pub(crate) fn gates_of(cx: &Ctx, deal: &Record) -> Result<Gates> {
    let name = deal.text("sales_process");
    let process = cx.meta.process_of(deal).ok_or_else(|| Error::Internal(format!("no process {name}")))?;
    Gates::resolve(&process, &cx.system_reading()).map_err(Error::Invalid)
}

/// What a change of a deal is judged by: as it stood before, or of the process that it comes to be in.
pub(crate) fn gates_for(cx: &Ctx, before: Option<&Record>, after: &Record) -> Result<Gates> {
    match before.filter(|before| before.text("sales_process") == after.text("sales_process")) {
        Some(before) => gates_of(cx, before),
        None => super::moving::gates_of(cx, after.text("sales_process")),
    }
}

/// Equal for deals whose moves are judged by the same.
pub(crate) fn group(cx: &Ctx, before: Option<&Record>, after: &Record) -> String {
    let process = after.text("sales_process");
    match before.filter(|before| before.text("sales_process") == process).and_then(|before| cx.meta.in_force(before)) {
        None | Some(InForce::Newest(_)) => process.to_owned(),
        Some(InForce::Pinned(pinned)) => format!("{process} {}", pinned.version),
        Some(InForce::Behind(behind)) => format!("{process} {} {}", behind.version, after.text("stage")),
    }
}
