//! Whatever text is taken for a place in a list, or for what stands for a record that is not told: it is none, or it is written as it was read.
#![no_main]

use fuzz::{Cursor, Sort, token};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    token(text);
    for field in ["name", "amount", "owner", "created_at"] {
        for sort in [Sort::ascending(field), Sort::descending(field)] {
            if let Ok(cursor) = Cursor::decode(text, &sort) {
                let written = cursor.encode();
                assert_eq!(Cursor::decode(&written, &sort), Ok(cursor));
            }
        }
    }
});
