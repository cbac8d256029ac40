//! Whatever XML stands in a spreadsheet: sheet, texts, workbook and styles, divided by a zero and packed here, so that no checksum of the
//! archive keeps it from being read. It is refused with a code, or it gives its rows.
#![no_main]

use std::io::{Cursor, Write};

use fuzz::{Error, sheets};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const OF_WORKBOOK: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;

fuzz_target!(|content: &[u8]| {
    let mut parts = content.split(|byte| *byte == 0);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| {
        archive.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
        archive.write_all(bytes).unwrap();
    };
    put("[Content_Types].xml", TYPES.as_bytes());
    put("_rels/.rels", RELATIONS.as_bytes());
    put("xl/_rels/workbook.xml.rels", OF_WORKBOOK.as_bytes());
    put("xl/worksheets/sheet1.xml", parts.next().unwrap_or_default());
    if let Some(texts) = parts.next() {
        put("xl/sharedStrings.xml", texts);
    }
    put("xl/workbook.xml", parts.next().unwrap_or(WORKBOOK.as_bytes()));
    if let Some(styles) = parts.next() {
        put("xl/styles.xml", styles);
    }
    match sheets(&archive.finish().unwrap().into_inner()) {
        // Rows that do not say their number come after the last that does, be it the last that a spreadsheet has.
        Ok(rows) => assert!(rows.iter().all(|(line, _)| *line > 0), "{rows:?}"),
        Err(Error::Invalid(found)) => {
            assert!(!found.is_empty() && found.iter().all(|violation| violation.code.starts_with("import.")), "{found:?}");
        }
        Err(other) => panic!("a fault of ours: {other:?}"),
    }
});
