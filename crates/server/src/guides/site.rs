//! All guides, drawn at the first visit and kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::body::Bytes;
use ring::digest;
use rust_embed::RustEmbed;
use serde_json::json;

use super::frame::{self, Entry};
use super::markdown::{self, Drawn};
use super::{picture, place};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../docs"]
struct Docs;

/// One answer.
pub struct Served {
    pub body: Bytes,
    /// Its ETag.
    pub tag: String,
    pub kind: &'static str,
}

/// What is served.
pub struct Site {
    /// By their names under `/docs`.
    served: BTreeMap<String, Served>,
    /// Said of what is not there.
    pub missing: Served,
}

/// A page before it has its frame.
struct Page {
    file: String,
    drawn: Drawn,
}

impl Site {
    /// The guides as they are in this binary.
    pub fn get() -> &'static Site {
        static SITE: LazyLock<Site> = LazyLock::new(Site::draw);
        &SITE
    }

    /// What is served under a name.
    pub fn find(&self, name: &str) -> Option<&Served> {
        self.served.get(name)
    }

    fn draw() -> Site {
        let pictures: BTreeMap<String, (Bytes, &'static str)> = Docs::iter()
            .filter_map(|file| {
                let kind = picture::kind(&file)?;
                Some((file.to_string(), (Bytes::from(Docs::get(&file)?.data.into_owned()), kind)))
            })
            .collect();
        let size = |to: &str| pictures.get(to.strip_prefix("/docs/")?).and_then(|(bytes, _)| picture::size(bytes));

        let mut pages: BTreeMap<String, Page> = sources()
            .into_iter()
            .map(|(file, source)| {
                let drawn = markdown::draw(&file, &source, size);
                (place::of_file(&file), Page { file, drawn })
            })
            .collect();
        list_folders(&mut pages);
        list_the_rest(&mut pages);

        let lists: BTreeMap<&str, Vec<Entry>> =
            ["", "zh"].into_iter().filter_map(|name| Some((name, frame::contents(&pages.get(name)?.drawn.html)))).collect();
        let list_of = |name: &str| if name == "zh" || name.starts_with("zh/") { "zh" } else { "" };
        let none = Vec::new();
        let mut served: BTreeMap<String, Served> = pages
            .iter()
            .map(|(name, page)| {
                let list = list_of(name);
                let html = frame::page(name, &page.drawn, lists.get(list).unwrap_or(&none), list == "zh");
                (name.clone(), Served::new(html.into(), "text/html; charset=utf-8"))
            })
            .collect();
        served.insert("search.json".to_owned(), Served::new(sections(&pages).into(), "application/json"));
        served.insert("guides.css".to_owned(), Served::new(include_str!("guides.css").into(), "text/css; charset=utf-8"));
        served.insert("guides.js".to_owned(), Served::new(include_str!("guides.js").into(), "text/javascript; charset=utf-8"));
        for (name, (bytes, kind)) in pictures {
            served.insert(name, Served::new(bytes, kind));
        }
        let missing = frame::missing(lists.get("").unwrap_or(&none));
        Site { served, missing: Served::new(missing.into(), "text/html; charset=utf-8") }
    }
}

impl Served {
    fn new(body: Bytes, kind: &'static str) -> Served {
        let hash = digest::digest(&digest::SHA256, &body);
        let tag: String = hash.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Served { body, tag: format!("\"{tag}\""), kind }
    }
}

/// Every page as it is written, by its place in the repository.
fn sources() -> Vec<(String, Cow<'static, str>)> {
    let inside = Docs::iter().filter(|file| file.ends_with(".md")).filter_map(|file| {
        let bytes = Docs::get(&file)?.data;
        Some((format!("docs/{file}"), Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())))
    });
    let beside = place::BESIDE.iter().map(|(file, text)| {
        // The license is no Markdown and stands as it is.
        let text = if file.ends_with(".md") { Cow::Borrowed(*text) } else { Cow::Owned(format!("# License\n\n```text\n{text}\n```\n")) };
        ((*file).to_owned(), text)
    });
    inside.chain(beside).collect()
}

/// A folder that has no first page of its own gets a list of its pages.
fn list_folders(pages: &mut BTreeMap<String, Page>) {
    let folders: BTreeSet<String> = pages.keys().filter_map(|name| Some(name.rsplit_once('/')?.0.to_owned())).collect();
    for folder in folders {
        if pages.contains_key(&folder) {
            continue;
        }
        let mut title = folder.rsplit('/').next().unwrap_or(&folder).replace('-', " ");
        title[..1].make_ascii_uppercase();
        let mut source = format!("# {title}\n\n");
        for (name, page) in pages.iter().filter(|(name, _)| name.rsplit_once('/').is_some_and(|(inside, _)| inside == folder)) {
            source.push_str(&format!("- [{}](/docs/{name})\n", page.drawn.title.replace(['[', ']'], "")));
        }
        let file = format!("docs/{folder}/index.md");
        let drawn = markdown::draw(&file, &source, |_| None);
        pages.insert(folder, Page { file, drawn });
    }
}

/// What the first page does not list stands at its end: no page is there without a way to it.
fn list_the_rest(pages: &mut BTreeMap<String, Page>) {
    let Some(first) = pages.get("") else { return };
    let listed = |name: &str| first.drawn.html.contains(&format!("href=\"{}\"", place::address(name)));
    let rest: String = pages
        .iter()
        .filter(|(name, page)| !name.is_empty() && !name.contains('/') && page.file != "docs/zh/index.md" && !listed(name))
        .map(|(name, page)| format!("- [{}](/docs/{name})\n", page.drawn.title.replace(['[', ']'], "")))
        .collect();
    if rest.is_empty() {
        return;
    }
    let more = markdown::draw("docs/index.md", &format!("## More\n{rest}"), |_| None);
    if let Some(first) = pages.get_mut("") {
        first.drawn.html.push_str(&more.html);
        first.drawn.sections.extend(more.sections);
    }
}

/// What the search reads: each section with where it is.
fn sections(pages: &BTreeMap<String, Page>) -> String {
    let all: Vec<_> = pages
        .iter()
        .filter(|(_, page)| page.file != "LICENSE")
        .flat_map(|(name, page)| {
            page.drawn.sections.iter().map(move |section| {
                let to = if section.id.is_empty() { place::address(name) } else { format!("{}#{}", place::address(name), section.id) };
                let heading = if section.id.is_empty() { "" } else { section.heading.as_str() };
                json!({"page": page.drawn.title, "heading": heading, "to": to, "text": section.text.trim()})
            })
        })
        .collect();
    json!(all).to_string()
}
