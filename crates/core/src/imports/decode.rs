//! Bytes to text: which encoding a file is in.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use model::Violation;

/// A file's text and the name of the encoding it was read in.
pub struct Decoded {
    pub text: String,
    pub encoding: &'static str,
}

/// Reads a file: in the encoding named, else by its byte order mark, else as UTF-8 or UTF-16 where it is that, else as GB18030
/// where its high bytes come in the pairs of Chinese text, else as Windows-1252.
///
/// Errors: `import.encoding_unknown`, `import.not_text` for spreadsheets and other binary files and for text that the named
/// encoding cannot hold.
pub fn decode(bytes: &[u8], named: Option<&str>) -> Result<Decoded, Violation> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Violation::new("import.not_text", "file"));
    }
    let encoding = match named {
        Some(label) => Encoding::for_label(label.as_bytes())
            .ok_or_else(|| Violation::new("import.encoding_unknown", "encoding").with("value", label))?,
        None => Encoding::for_bom(bytes).map(|(encoding, _)| encoding).unwrap_or_else(|| guess(bytes)),
    };
    let (text, used, damaged) = encoding.decode(bytes);
    if damaged || text.contains('\0') {
        return Err(Violation::new("import.not_text", "file").with("encoding", used.name()));
    }
    Ok(Decoded { text: text.into_owned(), encoding: used.name() })
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(wide) = without_mark(bytes) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    if in_pairs(bytes) && GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_some() { GB18030 } else { WINDOWS_1252 }
}

/// UTF-16 without its mark: separators and line ends are ASCII, so every other byte of the beginning is often zero.
fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(2000) / 2 * 2];
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = start.len() / 8;
    if odd > many && even == 0 {
        Some(UTF_16LE)
    } else if even > many && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Chinese text has its high bytes two by two; in Western text one stands alone between plain letters.
fn in_pairs(bytes: &[u8]) -> bool {
    let (mut paired, mut alone) = (0_usize, 0_usize);
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first < 0x80 {
            continue;
        }
        match tail {
            [second, after @ ..] if *second >= 0xa1 => {
                paired += 1;
                rest = after;
            }
            _ => alone += 1,
        }
    }
    paired > alone * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str) {
        decode(bytes, None).map(|d| (d.text, d.encoding)).unwrap()
    }

    #[test]
    fn finds_the_encoding_out() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let text = "name,city\nMüller,Köln\n";
        assert_eq!(read(text.as_bytes()), (text.to_owned(), "UTF-8"));
        assert_eq!(read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), (text.to_owned(), "UTF-8"));
        assert_eq!(read(&[b"\xff\xfe".to_vec(), wide(text)].concat()), (text.to_owned(), "UTF-16LE"));
        assert_eq!(read(&wide(text)), (text.to_owned(), "UTF-16LE"));
        assert_eq!(read(&WINDOWS_1252.encode(text).0), (text.to_owned(), "windows-1252"));
        let chinese = "客户名称,行业\n深圳腾讯,互联网\n";
        assert_eq!(read(&GB18030.encode(chinese).0), (chinese.to_owned(), "gb18030"));
        assert_eq!(read(chinese.as_bytes()).1, "UTF-8");
    }

    #[test]
    fn refuses_what_is_not_text() {
        assert_eq!(decode(b"PK\x03\x04rest", None).err().unwrap().code, "import.not_text");
        assert_eq!(decode(b"a,b\n1,\0", None).err().unwrap().code, "import.not_text");
        assert_eq!(decode(b"a,b", Some("klingon")).err().unwrap().code, "import.encoding_unknown");
        assert_eq!(decode(b"a,\xff\xff", Some("utf-8")).err().unwrap().code, "import.not_text");
    }
}
