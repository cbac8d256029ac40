//! A page of Markdown as HTML: headings that can be linked to, links that lead to pages, pictures with their size, and nothing inline
//! that a strict content policy would refuse.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use super::place;

/// A page, drawn.
pub struct Drawn {
    /// Its first heading.
    pub title: String,
    pub html: String,
    pub sections: Vec<Section>,
}

/// What stands under one heading; the first under the page's title.
pub struct Section {
    pub level: u8,
    pub heading: String,
    /// Empty for the page's title.
    pub id: String,
    /// Its words, for the search.
    pub text: String,
}

/// Draws the page that stands in a file. `size` knows how large pictures are.
pub fn draw(file: &str, source: &str, size: impl Fn(&str) -> Option<(u32, u32)>) -> Drawn {
    let events: Vec<Event> = Parser::new_ext(source, Options::ENABLE_TABLES).collect();
    let mut page = Page { file, ids: HashMap::new(), sections: Vec::new(), events: Vec::with_capacity(events.len()) };
    let mut at = 0;
    while at < events.len() {
        at = page.take(&events, at, &size);
    }
    let mut html = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut html, page.events.into_iter());
    // The writer sets the alignment of cells as styles, which the policy refuses.
    for side in ["left", "right", "center"] {
        html = html.replace(&format!(" style=\"text-align: {side}\""), &format!(" class=\"{side}\""));
    }
    let title = page.sections.first().map(|first| first.heading.clone()).unwrap_or_default();
    Drawn { title, html, sections: page.sections }
}

struct Page<'a> {
    file: &'a str,
    /// How often a heading's id was given already.
    ids: HashMap<String, u32>,
    sections: Vec<Section>,
    events: Vec<Event<'a>>,
}

impl<'a> Page<'a> {
    /// Takes one event, or a heading or picture whole; answers where to go on.
    fn take(&mut self, events: &[Event<'a>], at: usize, size: &impl Fn(&str) -> Option<(u32, u32)>) -> usize {
        match &events[at] {
            Event::Start(Tag::Heading { level, .. }) => return self.heading(events, at, *level),
            Event::Start(Tag::Image { dest_url, .. }) => return self.image(events, at, dest_url, size),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let to = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => place::of_link(self.file, dest_url),
                };
                let link = Tag::Link { link_type: LinkType::Inline, dest_url: to.into(), title: title.clone(), id: id.clone() };
                self.events.push(Event::Start(link));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.open("<div class=\"code\" tabindex=\"0\">");
                self.events.push(events[at].clone());
            }
            Event::End(TagEnd::CodeBlock) => {
                self.events.push(events[at].clone());
                self.open("</div>\n");
            }
            Event::Start(Tag::Table(_)) => {
                self.open("<div class=\"table\" tabindex=\"0\">");
                self.events.push(events[at].clone());
            }
            Event::End(TagEnd::Table) => {
                self.events.push(events[at].clone());
                self.open("</div>\n");
            }
            // Marks for programs that write parts of a page.
            Event::InlineHtml(raw) | Event::Html(raw) if raw.trim().starts_with("<!--") && raw.trim().ends_with("-->") => {}
            // Keys are the one thing that Markdown has no sign for; other HTML is shown as it is written.
            Event::InlineHtml(raw) | Event::Html(raw) if !matches!(&**raw, "<kbd>" | "</kbd>") => {
                self.events.push(Event::Text(raw.clone()))
            }
            other => {
                self.words(other);
                self.events.push(other.clone());
            }
        }
        at + 1
    }

    fn open(&mut self, html: &'static str) {
        self.events.push(Event::Html(CowStr::Borrowed(html)));
    }

    /// Keeps the words of what is under the present heading.
    fn words(&mut self, event: &Event) {
        let Some(section) = self.sections.last_mut() else { return };
        match event {
            Event::Text(text) | Event::Code(text) => section.text.push_str(text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) if !section.text.ends_with(' ') => section.text.push(' '),
            _ => {}
        }
    }

    fn heading(&mut self, events: &[Event<'a>], at: usize, level: HeadingLevel) -> usize {
        let end = (at..events.len()).find(|index| matches!(events[*index], Event::End(TagEnd::Heading(_)))).unwrap_or(events.len() - 1);
        let heading = text_of(&events[at..end]);
        let id = if level == HeadingLevel::H1 { String::new() } else { self.id(&heading) };
        let given = (!id.is_empty()).then(|| CowStr::from(id.clone()));
        self.events.push(Event::Start(Tag::Heading { level, id: given, classes: Vec::new(), attrs: Vec::new() }));
        self.events.extend(events[at + 1..end].iter().cloned());
        if !id.is_empty() {
            let link = format!(" <a class=\"here\" href=\"#{id}\" aria-label=\"{}\">#</a>", escape(&heading));
            self.events.push(Event::InlineHtml(link.into()));
        }
        self.events.push(Event::End(TagEnd::Heading(level)));
        self.sections.push(Section { level: level as u8, heading, id, text: String::new() });
        end + 1
    }

    /// As code hosts make them, so that a link to a heading holds there and here: lower case, words joined by hyphens.
    fn id(&mut self, heading: &str) -> String {
        let words: String = heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect();
        let id = words.trim().replace(' ', "-");
        let times = self.ids.entry(id.clone()).or_insert(0);
        *times += 1;
        if *times == 1 { id } else { format!("{id}-{}", *times - 1) }
    }

    fn image(&mut self, events: &[Event<'a>], at: usize, to: &str, size: &impl Fn(&str) -> Option<(u32, u32)>) -> usize {
        let end = (at..events.len()).find(|index| matches!(events[*index], Event::End(TagEnd::Image))).unwrap_or(events.len() - 1);
        let (to, says) = (place::of_link(self.file, to), escape(&text_of(&events[at..end])));
        let sized = size(&to).map(|(width, height)| format!(" width=\"{width}\" height=\"{height}\"")).unwrap_or_default();
        let to = escape(&to);
        let html = format!("<a class=\"picture\" href=\"{to}\"><img src=\"{to}\" alt=\"{says}\"{sized} loading=\"lazy\"></a>");
        self.events.push(Event::InlineHtml(html.into()));
        end + 1
    }
}

fn text_of(events: &[Event]) -> String {
    events
        .iter()
        .map(|event| match event {
            Event::Text(text) | Event::Code(text) => &**text,
            Event::SoftBreak | Event::HardBreak => " ",
            _ => "",
        })
        .collect()
}

/// Text as it may stand in HTML, between quotation marks too.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn headings_can_be_linked_to_and_two_of_a_name_are_told_apart() {
        let page = draw("docs/a.md", "# A page\n\nWords.\n\n## Who sees `it`, and why\n\nMore.\n\n## 商机\n\n## 商机\n", |_| None);
        assert_eq!(page.title, "A page");
        let ids: Vec<&str> = page.sections.iter().map(|section| section.id.as_str()).collect();
        assert_eq!(ids, ["", "who-sees-it-and-why", "商机", "商机-1"]);
        assert!(page.html.contains("<h2 id=\"who-sees-it-and-why\">"), "{}", page.html);
        assert_eq!(page.sections[1].text.trim(), "More.");
    }

    #[test]
    fn what_is_written_as_html_is_shown_and_not_obeyed() {
        let page = draw(
            "docs/a.md",
            "# A\n\n<script>alert(1)</script>\n\nPress <kbd>Ctrl</kbd> <b onclick=x>now</b>.\n\n[x](javascript:alert)\n",
            |_| None,
        );
        assert!(!page.html.contains("<script") && !page.html.contains("<b "), "{}", page.html);
        assert!(page.html.contains("<kbd>Ctrl</kbd>"), "{}", page.html);
        assert!(!page.html.contains("href=\"javascript:"), "{}", page.html);
        let page =
            draw("docs/a.md", "# A\n\n<!-- table -->\n| n |\n|---|\n| 1 |<!-- end of table -->\n\nB\n\n<!-- <script> --> x\n", |_| None);
        assert!(!page.html.contains("of table") && !page.html.contains("<script") && page.html.contains("<td>1</td>"), "{}", page.html);
    }

    #[test]
    fn cells_are_aligned_without_a_style_and_pictures_keep_their_place() {
        let page = draw("docs/a.md", "# A\n\n| n |\n|--:|\n| 1 |\n\n![The \"board\"](screenshots/board.webp)\n", |to| {
            (to == "/docs/screenshots/board.webp").then_some((1440, 900))
        });
        assert!(!page.html.contains("style="), "{}", page.html);
        assert!(page.html.contains("<td class=\"right\">1</td>"), "{}", page.html);
        assert!(
            page.html.contains("src=\"/docs/screenshots/board.webp\" alt=\"The &quot;board&quot;\" width=\"1440\" height=\"900\""),
            "{}",
            page.html
        );
    }
}
