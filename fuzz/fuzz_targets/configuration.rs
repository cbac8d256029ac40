//! Whatever text is taken for a file of configuration: it is refused in a sentence, or what was read is read again from what is written.
#![no_main]

use fuzz::{read_configuration as read, write_configuration as write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match read(text) {
        Err(why) => assert!(!why.trim().is_empty() && !why.contains('\n')),
        Ok(document) => {
            let written = write(&document).unwrap();
            assert_eq!(read(&written).as_ref(), Ok(&document), "{written}");
            assert_eq!(write(&read(&written).unwrap()).unwrap(), written, "the same bytes every time");
        }
    }
});
