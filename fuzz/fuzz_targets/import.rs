//! Whatever file is sent for an import, up to its rows: it is refused with a code, or its rows come in their order.
#![no_main]

use fuzz::{Error, sheets, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|content: &[u8]| {
    let is_sheet = content.starts_with(b"PK\x03\x04");
    let rows = match if is_sheet { sheets(content) } else { text(content, false) } {
        Ok(rows) => rows,
        Err(Error::Invalid(found)) => {
            assert!(!found.is_empty() && found.iter().all(|violation| violation.code.starts_with("import.")), "{found:?}");
            return;
        }
        Err(other) => panic!("a fault of ours: {other:?}"),
    };
    if is_sheet {
        return;
    }
    assert!(rows.windows(2).all(|two| two[0].0 < two[1].0), "each row begins on a line of its own");
    assert!(rows.iter().all(|(line, cells)| *line > 0 && cells.iter().any(|cell| !cell.trim().is_empty())));
    // Written down as plainly as can be, it says the same.
    let mut again = String::from("\u{feff}");
    for (_, cells) in &rows {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        again.push_str(&cells.join(","));
        again.push('\n');
    }
    if let Ok(second) = text(again.as_bytes(), true) {
        let cells = |rows: Vec<(u64, Vec<String>)>| rows.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>();
        assert_eq!(cells(second), cells(rows));
    }
});
