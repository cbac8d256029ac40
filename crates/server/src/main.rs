//! `stagecraft`: see `stagecraft --help`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    take_small_pages();
    server::cli::main()
}

/// Asks for memory in pages of 4 kB. The allocator would take it in pages of 2 MB, each held as a whole for whatever little is used of it: half
/// of what the program has of its own while idle, and nothing was measurably slower without.
fn take_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
