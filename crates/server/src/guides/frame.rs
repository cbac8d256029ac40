//! What stands around a page: the product's head, the list of all guides at the side, and the way on at the foot.

use std::fmt::Write as _;

use super::markdown::{Drawn, escape};
use super::place;

/// A line of the list at the side.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entry {
    Heading(String),
    Link { to: String, text: String },
}

/// The words of the frame.
struct Words {
    tag: &'static str,
    guides: &'static str,
    search: &'static str,
    nothing: &'static str,
    contents: &'static str,
    close: &'static str,
    here: &'static str,
    calls: &'static str,
    app: &'static str,
    skip: &'static str,
    copy: &'static str,
    copied: &'static str,
}

const ENGLISH: Words = Words {
    tag: "en",
    guides: "Guides",
    search: "Search the guides",
    nothing: "Nothing found",
    contents: "Contents",
    close: "Close",
    here: "On this page",
    calls: "API calls",
    app: "Open Stagecraft",
    skip: "Skip to content",
    copy: "Copy",
    copied: "Copied",
};

const CHINESE: Words = Words {
    tag: "zh-CN",
    guides: "使用指南",
    search: "搜索指南",
    nothing: "没有找到",
    contents: "目录",
    close: "关闭",
    here: "本页内容",
    calls: "API 调用",
    app: "打开 Stagecraft",
    skip: "跳到正文",
    copy: "复制",
    copied: "已复制",
};

/// The product's mark: a stage of the path.
const MARK: &str = "<svg width=\"24\" height=\"24\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><rect width=\"32\" height=\"32\" rx=\"8\" fill=\"#177a72\"/>\
                    <path d=\"M8 7h9.5l7 9-7 9H8l7-9z\" fill=\"#fff\"/></svg>";

/// The list at the side is what the first page lists: its headings and the links below them.
pub fn contents(html: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    for line in html.lines() {
        if let Some(rest) = line.strip_prefix("<h2") {
            let text = rest.split_once('>').map_or("", |(_, text)| text);
            entries.push(Entry::Heading(plain(text.split(" <a class=\"here\"").next().unwrap_or(text))));
        } else if let Some(rest) = line.strip_prefix("<li><a href=\"")
            && let Some((to, rest)) = rest.split_once("\">")
            && let Some((text, _)) = rest.split_once("</a>")
        {
            entries.push(Entry::Link { to: to.to_owned(), text: plain(text) });
        }
    }
    entries
}

/// Text without its tags; what is escaped stays so.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

/// A whole page.
pub fn page(name: &str, drawn: &Drawn, list: &[Entry], zh: bool) -> String {
    let words = if zh { &CHINESE } else { &ENGLISH };
    framed(words, &drawn.title, &format!("{}{}", drawn.html, way_on(name, list)), &side(words, name, drawn, list))
}

/// The page that says that there is none.
pub fn missing(list: &[Entry]) -> String {
    let inner = "<h1>There is no such page</h1>\n<p>It may have another name: look for it in the contents, or search. The app itself is <a href=\"/\">here</a>.</p>\n\
                 <p lang=\"zh-CN\">没有这个页面。请查看目录或搜索，<a href=\"/docs/zh\">中文指南在这里</a>。</p>\n";
    let none = Drawn { title: String::new(), html: String::new(), sections: Vec::new() };
    framed(&ENGLISH, "There is no such page", inner, &side(&ENGLISH, "?", &none, list))
}

fn framed(words: &Words, title: &str, inner: &str, side: &str) -> String {
    let home = if words.tag == "en" { "/docs" } else { "/docs/zh" };
    let (tag, guides, search, app, skip) = (words.tag, words.guides, words.search, words.app, words.skip);
    let (contents, calls, nothing, copy, copied) = (words.contents, words.calls, words.nothing, words.copy, words.copied);
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Stagecraft</title>\n<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/docs/guides.css\">\n<script src=\"/docs/guides.js\"></script>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">{skip}</a>\n<header class=\"head\">\n<a class=\"brand\" href=\"{home}\" aria-label=\"Stagecraft, {guides}\">{MARK}<span>Stagecraft</span> <span class=\"soft\">{guides}</span></a>\n\
         <div class=\"search\" data-nothing=\"{nothing}\" data-copy=\"{copy}\" data-copied=\"{copied}\" hidden><input type=\"search\" placeholder=\"{search}\" aria-label=\"{search}\" \
         autocomplete=\"off\" spellcheck=\"false\"><p class=\"told\" role=\"status\"></p><ol class=\"found\" hidden></ol></div>\n\
         <a class=\"to-contents\" href=\"#contents\">{contents}</a>\n<a class=\"to-calls\" href=\"/api/docs\">{calls}</a>\n<a class=\"to-app\" href=\"/\">{app}</a>\n</header>\n\
         <div class=\"sheet\">\n{side}\n<main id=\"content\" tabindex=\"-1\">\n{inner}</main>\n</div>\n</body>\n</html>\n"
    )
}

fn side(words: &Words, name: &str, drawn: &Drawn, list: &[Entry]) -> String {
    let own = place::address(name);
    let listed = list.iter().any(|entry| matches!(entry, Entry::Link { to, .. } if *to == own));
    let mut html = format!(
        "<nav class=\"contents\" id=\"contents\" aria-label=\"{}\">\n<a class=\"close\" href=\"#content\">{}</a>\n",
        words.contents, words.close
    );
    if !listed && !["", "zh", "?"].contains(&name) {
        let here = on_this_page(drawn);
        if !here.is_empty() {
            let _ = write!(html, "<p class=\"group\">{}</p>\n{here}", words.here);
        }
    }
    let mut open = false;
    for entry in list {
        match entry {
            Entry::Heading(text) => {
                let _ = write!(html, "{}<p class=\"group\">{text}</p>\n<ul>\n", if open { "</ul>\n" } else { "" });
                open = true;
            }
            Entry::Link { to, text } => {
                let current = if *to == own { " aria-current=\"page\"" } else { "" };
                let within = if *to == own { on_this_page(drawn) } else { String::new() };
                let _ = writeln!(html, "<li><a href=\"{to}\"{current}>{text}</a>{within}</li>");
            }
        }
    }
    html.push_str(if open { "</ul>\n</nav>" } else { "</nav>" });
    html
}

fn on_this_page(drawn: &Drawn) -> String {
    let mut html = String::new();
    for section in drawn.sections.iter().filter(|section| section.level == 2) {
        let _ = writeln!(html, "<li><a href=\"#{}\">{}</a></li>", section.id, escape(&section.heading));
    }
    if html.is_empty() { html } else { format!("<ul class=\"within\">\n{html}</ul>\n") }
}

/// The pages before and behind this one in the list.
fn way_on(name: &str, list: &[Entry]) -> String {
    let links: Vec<(&str, &str)> = list
        .iter()
        .filter_map(|entry| match entry {
            Entry::Link { to, text } => Some((to.as_str(), text.as_str())),
            Entry::Heading(_) => None,
        })
        .collect();
    let own = place::address(name);
    let Some(at) = links.iter().position(|(to, _)| *to == own) else { return String::new() };
    let link = |found: Option<&(&str, &str)>, kind: &str| {
        found.map_or_else(String::new, |(to, text)| format!("<a rel=\"{kind}\" class=\"{kind}\" href=\"{to}\">{text}</a>"))
    };
    let before = at.checked_sub(1).and_then(|before| links.get(before));
    format!("<footer class=\"way-on\">{}{}</footer>\n", link(before, "prev"), link(links.get(at + 1), "next"))
}

#[cfg(test)]
mod tests {
    use super::{Entry, contents};

    #[test]
    fn the_list_at_the_side_is_what_the_first_page_lists() {
        let html = "<h1>Guides</h1>\n<h2 id=\"sell\">Sell <a class=\"here\" href=\"#sell\" aria-label=\"Sell\">#</a></h2>\n<ul>\n\
                    <li><a href=\"/docs/user-guide\">User <code>guide</code></a>: all of it</li>\n</ul>\n";
        let link = Entry::Link { to: "/docs/user-guide".to_owned(), text: "User guide".to_owned() };
        assert_eq!(contents(html), [Entry::Heading("Sell".to_owned()), link]);
    }
}
