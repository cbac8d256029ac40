//! Moving a database to another place, on either engine.

use db::carry::{Source, Sum, Target};

use crate::restore::differs;
use crate::{Counter, Done, Result, Tell};

/// Carries everything of a source into the empty place at `url`; reads every table back and compares it. All or nothing, as
/// [`crate::restore`]; the source is only read. Contents of attachments in a folder stay where they are.
pub fn move_to(source: &mut Source, url: &str, tell: &mut Tell<'_>) -> Result<Done> {
    let tables = source.tables().to_vec();
    let last_event = source.last_event()?;
    let mut target = Target::make(url, source.applied())?;
    let mut counter = Counter::new(tell, tables.len());
    let mut sums: Vec<Sum> = Vec::new();
    for table in &tables {
        let mut told = counter.table(&table.name);
        let (_, sum) = source.rows(table, |next| {
            target.take(table, &mut || {
                let row = next()?;
                told();
                Ok(row)
            })
        })?;
        sums.push(sum);
    }
    target.settle(last_event)?;
    for (table, sum) in tables.iter().zip(&sums) {
        differs(&table.name, (sum.rows, &sum.checksum()), &target.sum(table)?)?;
    }
    target.finish()?;
    Ok(Done { tables: tables.len(), rows: sums.iter().map(|sum| sum.rows).sum(), files: 0 })
}
