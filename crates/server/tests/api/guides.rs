//! The guides at `/docs`, and what they say of the project: a link, a picture or a path that leads nowhere is a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use ring::digest;
use serde_json::Value as Json;

use crate::office::{Office, one};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All pages that one comes to from the first one, with what they are made of.
fn visited(office: &Office) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut open = vec!["/docs".to_owned()];
    while let Some(address) = open.pop() {
        if pages.contains_key(&address) {
            continue;
        }
        let page = office.asks("GET", &address, &[], None);
        assert_eq!(page.status, StatusCode::OK, "{address}");
        if page.headers["content-type"].to_str().unwrap().starts_with("text/html") {
            open.extend(values_of(&page.text, "href").into_iter().filter_map(|to| {
                let to = to.split('#').next().unwrap_or_default().to_owned();
                (to == "/docs" || to.starts_with("/docs/")).then_some(to)
            }));
        }
        pages.insert(address, page.text);
    }
    pages
}

/// The values of an attribute, wherever it stands.
fn values_of(html: &str, attribute: &str) -> Vec<String> {
    html.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.replace("&amp;", "&"))).collect()
}

#[test]
fn no_link_and_no_picture_of_any_page_leads_nowhere() {
    one(|office| {
        let pages = visited(office);
        let mut lost = Vec::new();
        for (address, html) in pages.iter().filter(|(_, html)| html.starts_with("<!doctype")) {
            let ids: BTreeSet<String> = values_of(html, "id").into_iter().collect();
            for link in values_of(html, "href") {
                let (to, mark) = link.split_once('#').map_or((link.as_str(), ""), |(to, mark)| (to, mark));
                let there = match to {
                    "" => mark.is_empty() || ids.contains(mark),
                    to if to.starts_with("/docs") => {
                        pages.get(to).is_some_and(|html| mark.is_empty() || html.contains(&format!(" id=\"{mark}\"")))
                    }
                    // Places of the app, and what it is drawn with, which a test has not built.
                    "/" | "/favicon.svg" | "/api/docs" => true,
                    to => to.starts_with("https://") || to.starts_with("http://127.0.0.1"),
                };
                if !there {
                    lost.push(format!("{address} → {link}"));
                }
            }
            for picture in values_of(html, "src") {
                if office.asks("GET", &picture, &[], None).status != StatusCode::OK {
                    lost.push(format!("{address} → {picture}"));
                }
            }
        }
        assert!(lost.is_empty(), "{lost:#?}");
    });
}

#[test]
fn every_page_is_come_to_from_the_first_one() {
    one(|office| {
        let pages = visited(office);
        let mut unreached = Vec::new();
        for file in markdown() {
            let name = file.strip_prefix("docs/").map_or_else(|| file.to_lowercase(), str::to_owned);
            let name = name.strip_suffix(".md").unwrap_or(&name);
            let address = match name {
                "index" => "/docs".to_owned(),
                name => format!("/docs/{}", name.strip_suffix("/index").unwrap_or(name)),
            };
            if !pages.contains_key(&address) {
                unreached.push(file);
            }
        }
        assert!(unreached.is_empty(), "no way leads to {unreached:?}");
    });
}

#[test]
fn pages_are_kept_by_browsers_and_let_nothing_in_from_elsewhere() {
    one(|office| {
        let page = office.asks("GET", "/docs/user-guide", &[], None).is_ok();
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains("unsafe") && policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert!(!page.text.contains(" style=") && !page.text.contains("<style"), "nothing inline");
        for source in values_of(&page.text, "src") {
            assert!(source.starts_with("/docs/"), "{source}");
        }
        let tag = page.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(office.asks("GET", "/docs/user-guide", &[("if-none-match", &tag)], None).status, StatusCode::NOT_MODIFIED);

        let (kinds, picture) = (["/docs/guides.css", "/docs/guides.js", "/docs/search.json"], "/docs/screenshots/board.webp");
        for (address, kind) in kinds.iter().zip(["text/css", "text/javascript", "application/json"]).chain([(&picture, "image/webp")]) {
            let file = office.asks("GET", address, &[], None).is_ok();
            assert!(file.headers["content-type"].to_str().unwrap().starts_with(kind), "{address}");
            assert!(file.headers.contains_key("etag"), "{address}");
        }
    });
}

#[test]
fn what_is_no_page_says_so_and_other_spellings_lead_to_the_page() {
    one(|office| {
        let none = office.asks("GET", "/docs/no-such-page", &[], None);
        assert_eq!(none.status, StatusCode::NOT_FOUND);
        assert!(none.text.contains("There is no such page"));
        for (typed, to) in [("/docs/user-guide.md", "/docs/user-guide"), ("/docs/how-to/", "/docs/how-to"), ("/docs/index.md", "/docs")] {
            let led = office.asks("GET", typed, &[], None);
            assert_eq!(led.status, StatusCode::PERMANENT_REDIRECT, "{typed}");
            assert_eq!(led.headers["location"], to);
        }
        // An address from outside never decides where one is led.
        assert_eq!(office.asks("GET", "/docs//elsewhere.example/", &[], None).status, StatusCode::NOT_FOUND);
        assert_eq!(office.asks("GET", "/docs/../Cargo.toml", &[], None).status, StatusCode::NOT_FOUND);
        assert_eq!(office.asks("POST", "/docs/user-guide", &[], None).status, StatusCode::METHOD_NOT_ALLOWED);
    });
}

#[test]
fn the_search_knows_the_words_of_every_page() {
    one(|office| {
        let sections = office.asks("GET", "/docs/search.json", &[], None).is_ok().body;
        let found = |word: &str| -> Vec<String> {
            sections
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one["text"].as_str().unwrap().contains(word))
                .map(|one| one["to"].to_string())
                .collect()
        };
        assert!(found("what stands in the way").iter().any(|to| to.contains("/docs/user-guide")));
        assert!(found("看板").iter().any(|to| to.contains("/docs/zh/")));
    });
}

/// Each picture has a scene by which it is taken anew, was taken by that scene as it now is, and is shown somewhere.
#[test]
fn pictures_are_those_of_their_scenes_and_are_shown() {
    let names = |folder: &str, kind: &str| -> BTreeSet<String> {
        let files = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        files.filter_map(|file| Some(file.unwrap().file_name().to_str()?.strip_suffix(kind)?.to_owned())).collect()
    };
    let (scenes, pictures) = (names("e2e/scenes", ".mjs"), names("docs/screenshots", ".webp"));
    assert_eq!(scenes, pictures, "`make screenshots` takes a picture of each scene");

    let taken: Json = serde_json::from_str(&fs::read_to_string(root().join("docs/screenshots/taken.json")).unwrap()).unwrap();
    let stale: Vec<&String> = scenes
        .iter()
        .filter(|name| {
            let scene = fs::read(root().join(format!("e2e/scenes/{name}.mjs"))).unwrap();
            let hash: String = digest::digest(&digest::SHA256, &scene).as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            taken[name.as_str()] != hash.as_str()
        })
        .collect();
    assert!(stale.is_empty(), "scenes have changed since these were taken: {stale:?}");

    let said: String = markdown().iter().map(|file| fs::read_to_string(root().join(file)).unwrap()).collect();
    let unseen: Vec<&String> = pictures.iter().filter(|name| !said.contains(&format!("screenshots/{name}.webp"))).collect();
    assert!(unseen.is_empty(), "in the binary and on no page: {unseen:?}");
}

/// A path of the tree that a page names is there.
#[test]
fn paths_that_pages_name_are_there() {
    let mut lost = Vec::new();
    // What changed tells of the past, and may name what has gone since.
    for file in markdown().into_iter().filter(|file| file != "CHANGELOG.md" && !file.starts_with("docs/decisions/")) {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        for path in text.split('`').skip(1).step_by(2).flat_map(|code| code.split_whitespace()).flat_map(spelled_out) {
            if ["crates/", "web/src/", "e2e/", "scripts/", "migrations/", "docs/", "bench/", "fuzz/"]
                .iter()
                .any(|top| path.starts_with(top))
                && !path.contains(['<', '*', '…'])
                && !root().join(path.trim_end_matches(['/', '.', ',', ':', ';'])).exists()
            {
                lost.push(format!("{file}: {path}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// `a/{b,c}.rs` means two files.
fn spelled_out(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let Some((inside, after)) = rest.split_once('}') else { return vec![path.to_owned()] };
    inside.split(',').map(|one| format!("{before}{one}{after}")).collect()
}

/// Every page of the project, by its path.
fn markdown() -> Vec<String> {
    let mut found: Vec<String> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned).to_vec();
    let mut folders = vec!["docs".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
