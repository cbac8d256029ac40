//! Exports of everything: how long they take, and what they hold in memory meanwhile.

use std::time::{Duration, Instant as Moment};

use stagecraft_core::exports::{ExportRequest, Head, Sink, Words, run};
use stagecraft_core::{Credential, House, Limits, Result};

use crate::Fallible;
use crate::data::Data;
use crate::table::Column;

/// A reader who takes everything and looks at the memory of the process.
#[derive(Default)]
struct Watcher {
    bytes: usize,
    most: std::cell::Cell<u64>,
}

impl Watcher {
    fn look(&self) {
        self.most.set(self.most.get().max(resident()));
    }
}

impl Sink for Watcher {
    fn begin(&mut self, _: Head) -> Result<()> {
        Ok(())
    }
    fn send(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.bytes += bytes.len();
        self.look();
        Ok(())
    }
    fn is_gone(&self) -> bool {
        self.look();
        false
    }
}

/// Resident memory of this process, in kB.
pub fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}

fn words(_: &str) -> Words {
    Words { yes: "Yes", no: "No", id: "ID", overdue: "Overdue", currency: "{} (currency)" }
}

/// Exports all deals, in an order that an index serves and in one that none does.
pub fn measure(house: &House, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let credential = Credential::Person(data.sees_all);
    for (what, format, sort) in [("CSV", "csv", None), ("CSV, sorted without an index", "csv", Some("next_step")), ("XLSX", "xlsx", None)] {
        let wanted = ExportRequest { format: Some(format.into()), sort: sort.map(str::to_owned), ..ExportRequest::default() };
        let (before, began) = (resident(), Moment::now());
        let mut watcher = Watcher::default();
        // As on the slow lane.
        let limits = Limits { deadline: Some(began + Duration::from_secs(600)), ..Limits::default() };
        run(house, &credential, &model::Via::System.into(), limits, "opportunity", &wanted, words, &mut watcher)?;
        let grown = watcher.most.get().saturating_sub(before) as f64 / 1024.0;
        column.put(
            &format!("export of all deals as {what}: s / MB of memory / MB of file"),
            format!("{:.1} / {grown:.0} / {:.1}", began.elapsed().as_secs_f64(), watcher.bytes as f64 / 1_048_576.0),
        );
    }
    Ok(())
}
