//! An export kept in memory, for tests that read it.

use stagecraft_core::Result;
use stagecraft_core::exports::{Head, Sink, Words};

/// The bytes of an export.
pub struct Bytes(pub Vec<u8>);

impl Sink for Bytes {
    fn begin(&mut self, _: Head) -> Result<()> {
        Ok(())
    }
    fn send(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.0.extend(bytes);
        Ok(())
    }
    fn is_gone(&self) -> bool {
        false
    }
}

/// Words of a file that is written for nobody.
pub fn words(_: &str) -> Words {
    Words { yes: "Yes", no: "No", id: "ID", overdue: "Overdue", currency: "{}" }
}
