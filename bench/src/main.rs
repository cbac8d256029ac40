//! The benchmarks: one command, one table. Data come from a generator with a seed; both databases are measured in the same run.
//!
//! `bench` measures S (10,000 opportunities) and M (100,000) on SQLite and, where `STAGECRAFT_TEST_POSTGRES` names a server, on PostgreSQL,
//! and writes the table to docs/benchmarks.md. `bench S` measures S alone and writes nothing.

mod data;
mod engines;
mod files;
mod program;
mod table;
mod work;

use std::process::ExitCode;

use data::Size;
use table::Table;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let only_small = std::env::args().nth(1).is_some_and(|size| size == "S");
    match measure(only_small) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn measure(only_small: bool) -> Fallible<()> {
    let mut table = Table::default();
    for size in [Size::S, Size::M] {
        if only_small && size == Size::M {
            continue;
        }
        for place in engines::all()? {
            let title = format!("{} {}", place.engine, size.name());
            eprintln!("{title}: loading {} opportunities", size.opportunities());
            work::measure(&place, size, &mut table.column(&title))?;
        }
    }
    program::measure(&mut table)?;
    let text = table.text();
    let mut out = std::io::stdout();
    std::io::Write::write_all(&mut out, text.as_bytes())?;
    if !only_small {
        table::publish(&text)?;
    }
    Ok(())
}
