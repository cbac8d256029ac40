//! The web app is embedded as built in `web/dist`. The folder must be there for the server to build; what is in it is the
//! web app's business, and a server built without it says so instead of showing a page (see `assets`).

use std::path::Path;
use std::{env, fs};

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".to_owned());
    let dist = Path::new(&here).join("../../web/dist");
    if let Err(error) = fs::create_dir_all(&dist) {
        println!("cargo::warning=web/dist could not be made: {error}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
