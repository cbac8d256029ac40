//! The one table.

use std::fmt::Write as _;
use std::path::Path;

use crate::Fallible;

/// Rows by name, in the order in which they came up, and columns likewise.
#[derive(Default)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<(String, Vec<(usize, String)>)>,
}

/// One column being filled.
pub struct Column<'a> {
    table: &'a mut Table,
    at: usize,
}

impl Table {
    /// A new column.
    pub fn column(&mut self, title: &str) -> Column<'_> {
        self.columns.push(title.to_owned());
        let at = self.columns.len() - 1;
        Column { table: self, at }
    }

    fn put(&mut self, at: usize, name: &str, value: String) {
        match self.rows.iter_mut().find(|(row, _)| row == name) {
            Some((_, cells)) => cells.push((at, value)),
            None => self.rows.push((name.to_owned(), vec![(at, value)])),
        }
    }

    /// As Markdown.
    pub fn text(&self) -> String {
        let mut text = format!(
            "| |{}\n|---|{}\n",
            self.columns.iter().map(|c| format!(" {c} |")).collect::<String>(),
            "---|".repeat(self.columns.len())
        );
        for (name, cells) in &self.rows {
            let _ = write!(text, "| {name} |");
            for at in 0..self.columns.len() {
                let cell = cells.iter().find(|(column, _)| *column == at).map_or("", |(_, value)| value);
                let _ = write!(text, " {cell} |");
            }
            text.push('\n');
        }
        text
    }
}

impl Column<'_> {
    /// Fills a cell.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.table.put(self.at, name, value.into());
    }
}

/// Puts a table into its place in docs/benchmarks.md (`table`, `scope`), with the day and the machine.
pub fn publish(place: &str, table: &str) -> Fallible<()> {
    let (begins, ends) = (format!("<!-- {place} -->"), format!("<!-- end of {place} -->"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
    let page = std::fs::read_to_string(&path)?;
    let (Some(begin), Some(end)) = (page.find(&begins), page.find(&ends)) else {
        return Err("docs/benchmarks.md has no place for it".into());
    };
    let cores = std::thread::available_parallelism()?;
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes: u64 =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0);
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let head = format!("{begins}\nMeasured on {today} with {cores} cores and {} GB of memory.\n\n", kilobytes.div_ceil(1 << 20));
    std::fs::write(&path, format!("{}{head}{table}{}", &page[..begin], &page[end..]))?;
    Ok(())
}

/// A number with its thousands apart.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
