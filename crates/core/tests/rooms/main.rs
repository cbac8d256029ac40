//! The rooms on both engines, through the same calls as the server's.

mod imports;
