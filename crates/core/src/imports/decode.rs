//! Bytes to text: which encoding a file is in, and its text as a stream.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use model::Violation;

/// Bytes decoded at once.
const PIECE: usize = 64 << 10;

/// Why a file cannot be read, on its way through a reader of bytes.
#[derive(Debug)]
pub struct Unreadable(pub Violation);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code)
    }
}

impl std::error::Error for Unreadable {}

/// The encoding of a name.
///
/// Error: `import.encoding_unknown`.
pub fn named(label: &str) -> Result<&'static Encoding, Violation> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| Violation::new("import.encoding_unknown", "encoding").with("value", label))
}

/// True for spreadsheets and other files that are no text whatever their encoding.
pub fn is_binary(start: &[u8]) -> bool {
    const MAGIC: [&[u8]; 6] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\x1f\x8b", b"\x89PNG", b"SQLite format 3"];
    MAGIC.iter().any(|magic| start.starts_with(magic))
}

/// What the bytes of a file tell of its encoding, gathered as they pass.
pub struct Evidence {
    start: Vec<u8>,
    utf8: Trial,
    gb18030: Trial,
    /// Characters of several bytes that are sound in UTF-8, and bytes that are not.
    whole: usize,
    torn: usize,
    expected: u8,
    paired: usize,
    alone: usize,
    /// A high byte at the end of the last piece.
    high: bool,
}

/// Whether the bytes so far can be text of an encoding.
struct Trial {
    decoder: Decoder,
    sound: bool,
}

impl Trial {
    fn of(encoding: &'static Encoding) -> Trial {
        Trial { decoder: encoding.new_decoder_without_bom_handling(), sound: true }
    }

    fn take(&mut self, mut bytes: &[u8], scratch: &mut [u8], last: bool) {
        while self.sound {
            let (result, read, _) = self.decoder.decode_to_utf8_without_replacement(bytes, scratch, last);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.sound = false,
            }
        }
    }
}

impl Evidence {
    /// Reads a file to its end.
    pub fn of(mut file: impl Read) -> io::Result<Evidence> {
        let mut evidence = Evidence {
            start: Vec::new(),
            utf8: Trial::of(UTF_8),
            gb18030: Trial::of(GB18030),
            whole: 0,
            torn: 0,
            expected: 0,
            paired: 0,
            alone: 0,
            high: false,
        };
        let (mut piece, mut scratch) = (vec![0; PIECE], vec![0; PIECE]);
        loop {
            let read = file.read(&mut piece)?;
            let bytes = &piece[..read];
            let room = 2000_usize.saturating_sub(evidence.start.len());
            evidence.start.extend_from_slice(&bytes[..read.min(room)]);
            evidence.utf8.take(bytes, &mut scratch, read == 0);
            evidence.gb18030.take(bytes, &mut scratch, read == 0);
            evidence.pairs(bytes);
            evidence.characters(bytes);
            if read == 0 {
                return Ok(evidence);
            }
        }
    }

    /// Text that was UTF-8 until somebody cut or mended it still has most of its characters whole.
    fn characters(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (byte, self.expected) {
                (0x00..0x80, 0) => {}
                (0x80..0xc0, 1) => {
                    self.whole += 1;
                    self.expected = 0;
                }
                (0x80..0xc0, 2..) => self.expected -= 1,
                (0xc2..0xf5, expected) => {
                    self.torn += usize::from(expected > 0);
                    self.expected = match byte {
                        0xc2..0xe0 => 1,
                        0xe0..0xf0 => 2,
                        _ => 3,
                    };
                }
                _ => {
                    self.torn += 1;
                    self.expected = 0;
                }
            }
        }
    }

    /// Chinese text has its high bytes two by two; in Western text one stands alone between plain letters.
    fn pairs(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (self.high, byte) {
                (true, 0xa1..) => {
                    self.paired += 1;
                    self.high = false;
                }
                (true, _) => {
                    self.alone += 1;
                    self.high = *byte >= 0x80;
                }
                (false, 0x80..) => self.high = true,
                (false, _) => {}
            }
        }
    }

    /// The encoding: by the byte order mark, else UTF-8 or UTF-16 where it is that, else GB18030 where its high bytes come in the pairs of
    /// Chinese text, else Windows-1252.
    pub fn encoding(&self) -> &'static Encoding {
        if let Some((encoding, _)) = Encoding::for_bom(&self.start) {
            return encoding;
        }
        if let Some(wide) = without_mark(&self.start) {
            return wide;
        }
        // What is torn is told with its line rather than read as something else.
        if self.utf8.sound || self.whole > self.torn * 4 {
            return UTF_8;
        }
        if self.gb18030.sound && self.paired > self.alone * 4 { GB18030 } else { WINDOWS_1252 }
    }
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

/// Where the lines of a text end, as far as nobody has asked yet.
#[derive(Debug, Default)]
pub struct Ends {
    /// The last byte of each line end, whether it has two, and how many quotation marks there were until there.
    ends: VecDeque<(u64, bool, u64)>,
    passed: u64,
    quotes: u64,
    passed_quotes: u64,
    offset: u64,
    /// A carriage return whose line feed may be the next byte.
    open: bool,
}

impl Ends {
    fn take(&mut self, text: &[u8]) {
        for byte in text {
            if std::mem::take(&mut self.open) {
                match byte {
                    b'\n' => self.ends.push_back((self.offset, true, self.quotes)),
                    _ => self.ends.push_back((self.offset - 1, false, self.quotes)),
                }
                if *byte == b'\n' {
                    self.offset += 1;
                    continue;
                }
            }
            match byte {
                b'\r' => self.open = true,
                b'\n' => self.ends.push_back((self.offset, false, self.quotes)),
                b'"' => self.quotes += 1,
                _ => {}
            }
            self.offset += 1;
        }
    }

    /// The line on which the row begins whose place is `byte`, or just behind the line ends there. Places come in their order.
    pub fn line_of(&mut self, byte: u64) -> u64 {
        let mut at = byte;
        while let Some((end, two, quotes)) = self.ends.front().copied() {
            let begins = end - u64::from(two);
            // A row may be said to begin between the two.
            if end < byte || begins <= at && at <= end {
                at = at.max(end + 1);
                self.ends.pop_front();
                self.passed += 1;
                self.passed_quotes = quotes;
            } else {
                break;
            }
        }
        self.passed + 1
    }

    /// Quotation marks before the line that was asked for last, and all so far.
    pub fn quotes(&self) -> (u64, u64) {
        (self.passed_quotes, self.quotes)
    }

    /// The line up to which the text has been read.
    pub fn last(&self) -> u64 {
        self.passed + self.ends.len() as u64 + 1
    }
}

/// The text of a file as UTF-8, piece by piece.
///
/// Its errors carry [`Unreadable`]: `import.not_text` for what the encoding cannot hold and for U+0000.
pub struct Text<R> {
    inner: R,
    decoder: Decoder,
    encoding: &'static str,
    raw: Vec<u8>,
    raw_at: usize,
    text: Vec<u8>,
    text_at: usize,
    ended: bool,
    ends: Rc<RefCell<Ends>>,
    /// Bytes given since whoever reads was through with a row.
    since: Rc<Cell<usize>>,
}

impl<R: Read> Text<R> {
    /// The text of a file in this encoding; a byte order mark is left out.
    pub fn new(inner: R, encoding: &'static Encoding) -> Text<R> {
        Text {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            encoding: encoding.name(),
            raw: Vec::new(),
            raw_at: 0,
            text: Vec::new(),
            text_at: 0,
            ended: false,
            ends: Rc::default(),
            since: Rc::default(),
        }
    }

    /// Bytes given so far; set back by whoever is through with a row, so that no row is held that is longer than may be.
    pub fn since(&self) -> Rc<Cell<usize>> {
        self.since.clone()
    }

    /// Where its lines end.
    pub fn ends(&self) -> Rc<RefCell<Ends>> {
        self.ends.clone()
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw.len() && !self.ended {
            self.raw.resize(PIECE, 0);
            let read = self.inner.read(&mut self.raw)?;
            self.raw.truncate(read);
            self.raw_at = 0;
            self.ended = read == 0;
        }
        self.text.resize(PIECE * 3, 0);
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(&self.raw[self.raw_at..], &mut self.text, self.ended);
        self.raw_at += read;
        self.text.truncate(written);
        self.text_at = 0;
        let sound = self.text.iter().position(|byte| *byte == 0);
        self.ends.borrow_mut().take(&self.text[..sound.unwrap_or(self.text.len())]);
        if matches!(result, DecoderResult::Malformed(..)) || sound.is_some() {
            let line = self.ends.borrow().last();
            let refused = Violation::new("import.not_text", "file").with("encoding", self.encoding).with("line", line);
            return Err(io::Error::other(Unreadable(refused)));
        }
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.text_at == self.text.len() {
            if self.ended && self.raw_at == self.raw.len() {
                return Ok(0);
            }
            self.fill()?;
        }
        let many = out.len().min(self.text.len() - self.text_at);
        out[..many].copy_from_slice(&self.text[self.text_at..self.text_at + many]);
        self.text_at += many;
        self.since.set(self.since.get() + many);
        if self.since.get() > super::table::MAX_ROW * 2 {
            let max = super::table::MAX_ROW >> 20;
            return Err(io::Error::other(Unreadable(Violation::new("import.row_too_long", "file").with("max", max))));
        }
        Ok(many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str) {
        let encoding = Evidence::of(bytes).unwrap().encoding();
        let mut text = String::new();
        Text::new(bytes, encoding).read_to_string(&mut text).unwrap();
        (text, encoding.name())
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
        // Torn in one place it is still UTF-8, and refused with the line.
        let torn = [chinese.as_bytes(), b"\xe5\xae\n"].concat();
        assert_eq!(Evidence::of(torn.as_slice()).unwrap().encoding().name(), "UTF-8");
        // A file of many pieces.
        let long = "深圳腾讯,互联网\n".repeat(20_000);
        assert_eq!(read(long.as_bytes()), (long.clone(), "UTF-8"));
        assert_eq!(read(&GB18030.encode(&long).0), (long, "gb18030"));
    }

    #[test]
    fn refuses_what_is_not_text() {
        let code = |bytes: &[u8], encoding: &str| {
            let error = Text::new(bytes, named(encoding).unwrap()).read_to_string(&mut String::new()).unwrap_err();
            let refused = error.into_inner().unwrap().downcast::<Unreadable>().unwrap().0;
            (refused.code, refused.params["line"].clone())
        };
        assert_eq!(code(b"a,b\n1,\0", "utf-8"), ("import.not_text", 2.into()));
        assert_eq!(code(b"a,\xff\xff", "utf-8"), ("import.not_text", 1.into()));
        assert_eq!(named("klingon").unwrap_err().code, "import.encoding_unknown");
        assert!(is_binary(b"PK\x03\x04rest") && !is_binary(b"name\n"));
    }
}
