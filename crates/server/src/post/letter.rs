//! A letter as a message: headers, plain text and HTML.

use std::str::FromStr;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use serde_json::Value as Json;
use stagecraft_core::Meta;
use stagecraft_core::mail::{Letter, Outgoing, Settings};

use crate::messages::Language;
use crate::messages::mail::{MailWords, mail_words};
use crate::messages::notices::word;

/// Where the web app is found.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// As `https://sales.example.com`; without it letters have no links.
    pub public_url: Option<String>,
}

/// One thing that is told.
struct Told {
    title: String,
    text: String,
    link: Option<String>,
}

impl Frame {
    /// Subject and message. Error: it cannot be sent to this address, and why.
    pub fn message(&self, settings: &Settings, mail: &Outgoing, letter: &Letter, meta: &Meta) -> Result<(String, Message), String> {
        let language = Language::of_tag(&letter.language);
        let words = mail_words(language);
        let mut notices = letter.notices.clone();
        word(&mut notices, language, meta);
        let told: Vec<Told> =
            notices["items"].as_array().into_iter().flatten().map(|item| self.told(item, &notices["refs"], &words)).collect();
        let total = told.len() as i64 + letter.more;
        let subject = match (mail.kind.as_str(), told.as_slice()) {
            ("digest", _) => words.digest_subject.replace("{count}", &total.to_string()),
            (_, [one, ..]) => one.title.clone(),
            _ => return Err("nothing to say".into()),
        };
        let subject = plain(&subject, 200);
        let preferences = self.link("/me");
        let text = words_of(&told, letter, &words, preferences.as_deref());
        let html = page_of(&told, letter, &words, preferences.as_deref(), language);
        let to = Mailbox::new(Some(plain(&letter.name, 100)), address(&letter.address)?);
        let message = message(settings, to, &subject, &mail.message_id, preferences.as_deref(), text, html)?;
        Ok((subject, message))
    }

    fn told(&self, item: &Json, refs: &Json, words: &MailWords) -> Told {
        let text = |key: &str| item[key].as_str().unwrap_or("").to_owned();
        let mut title = text("title");
        if let Some(absent) = item["on_behalf_of"].as_str().and_then(|id| refs[id]["name"].as_str()) {
            title = words.on_behalf_of.replace("{name}", absent).replace("{title}", &title);
        }
        Told { title, text: text("text"), link: item["link"].as_str().and_then(|path| self.link(path)) }
    }

    /// It leads through the sign-in page where one is not signed in.
    fn link(&self, path: &str) -> Option<String> {
        self.public_url.as_deref().map(|url| format!("{}{path}", url.trim_end_matches('/')))
    }
}

/// A message by which an administrator sees that e-mail arrives.
pub fn test_message(settings: &Settings, name: &str, to: &str, language: Language, message_id: &str) -> Result<Message, String> {
    let words = mail_words(language);
    let to = Mailbox::new(Some(plain(name, 100)), address(to)?);
    let html = format!("<p>{}</p>", escaped(words.test_text));
    message(settings, to, words.test_subject, message_id, None, words.test_text.to_owned(), html)
}

fn message(
    settings: &Settings,
    to: Mailbox,
    subject: &str,
    message_id: &str,
    preferences: Option<&str>,
    text: String,
    html: String,
) -> Result<Message, String> {
    let sender = (!settings.sender_name.is_empty()).then(|| settings.sender_name.clone());
    let mut message = Message::builder()
        .from(Mailbox::new(sender, address(&settings.sender_address)?))
        .to(to)
        .subject(subject)
        .date_now()
        .message_id(Some(message_id.to_owned()))
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|error| error.to_string())?;
    let mut add = |name: &'static str, value: &str| {
        message.headers_mut().insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
    };
    // So that nobody's absence is told to a machine (RFC 3834).
    add("Auto-Submitted", "auto-generated");
    add("X-Auto-Response-Suppress", "All");
    if let Some(link) = preferences {
        add("List-Unsubscribe", &format!("<{link}>"));
    }
    Ok(message)
}

fn address(text: &str) -> Result<Address, String> {
    Address::from_str(text).map_err(|_| format!("not an address: {}", plain(text, 100)))
}

/// Without what could end a header, on one line.
fn plain(text: &str, longest: usize) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect();
    let mut words = one_line.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() > longest {
        words = words.chars().take(longest - 1).chain(['…']).collect();
    }
    words
}

fn words_of(told: &[Told], letter: &Letter, words: &MailWords, preferences: Option<&str>) -> String {
    let mut lines = vec![words.greeting.replace("{name}", &plain(&letter.name, 100)), String::new()];
    for one in told {
        lines.push(format!("• {}", plain(&one.title, 300)));
        lines.extend(one.text.lines().map(|line| format!("  {line}")));
        lines.extend(one.link.iter().map(|link| format!("  {link}")));
        lines.push(String::new());
    }
    if letter.more > 0 {
        lines.extend([words.more.replace("{count}", &letter.more.to_string()), String::new()]);
    }
    lines.push("-- ".to_owned());
    lines.push(words.why.to_owned());
    lines.extend(preferences.map(str::to_owned));
    lines.join("\r\n")
}

fn page_of(told: &[Told], letter: &Letter, words: &MailWords, preferences: Option<&str>, language: Language) -> String {
    let mut body = format!("<p>{}</p>", escaped(&words.greeting.replace("{name}", &letter.name)));
    for one in told {
        let title = escaped(&one.title);
        let title = match &one.link {
            Some(link) => format!("<a href=\"{}\" style=\"color:#1c6dd0;text-decoration:none\">{title}</a>", escaped(link)),
            None => title,
        };
        body.push_str(&format!("<div style=\"margin:0 0 14px\"><div style=\"font-weight:600\">{title}</div>"));
        if !one.text.is_empty() {
            body.push_str(&format!("<div style=\"color:#444;white-space:pre-line\">{}</div>", escaped(&one.text)));
        }
        body.push_str("</div>");
    }
    if letter.more > 0 {
        body.push_str(&format!("<p>{}</p>", escaped(&words.more.replace("{count}", &letter.more.to_string()))));
    }
    let why = escaped(words.why);
    let why = match preferences {
        Some(link) => format!("{why} <a href=\"{}\" style=\"color:#777\">{}</a>", escaped(link), escaped(words.choose)),
        None => why,
    };
    format!(
        "<!doctype html><html lang=\"{}\"><body style=\"font:15px/1.5 sans-serif;color:#222;max-width:640px\">{body}\
         <p style=\"font-size:12px;color:#777;border-top:1px solid #ddd;padding-top:8px\">{why}</p></body></html>",
        language.tag()
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            host: "localhost".into(),
            port: 25,
            security: Default::default(),
            user: None,
            sender_name: "销售团队".into(),
            sender_address: "crm@example.com".into(),
        }
    }

    fn sent(subject: &str, name: &str) -> String {
        let to = Mailbox::new(Some(plain(name, 100)), "kim@example.com".parse().unwrap());
        let subject = plain(subject, 200);
        let made =
            message(&settings(), to, &subject, "<1@example.com>", Some("https://crm.example.com/me"), "文本".into(), "<p>&</p>".into());
        String::from_utf8(made.unwrap().formatted()).unwrap()
    }

    #[test]
    fn nothing_that_somebody_typed_becomes_a_header() {
        let mail = sent("Rail\r\nBcc: all@example.com\r\n\r\nhello", "Kim\r\nBcc: all@example.com");
        let head = mail.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{head}");
        assert_eq!(head.lines().filter(|line| line.starts_with("Subject:")).count(), 1);
    }

    #[test]
    fn chinese_is_said_in_ascii_and_headers_are_those_of_a_machine() {
        let mail = sent("新线索：铁路项目，来自上海的一个很长很长很长很长很长很长很长很长的名称", "张伟");
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(mail.is_ascii(), "{mail}");
        assert!(head.contains("Subject: =?utf-8?b?") && head.lines().all(|line| line.len() <= 78), "{head}");
        for line in
            ["Auto-Submitted: auto-generated", "List-Unsubscribe: <https://crm.example.com/me>", "Message-ID: <1@example.com>", "Date: "]
        {
            assert!(head.contains(line), "{line} is not in {head}");
        }
    }

    #[test]
    fn what_stands_in_a_page_is_text() {
        assert_eq!(escaped("<img src=x onerror='a'>&\""), "&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;");
        assert_eq!(plain("a\tb\u{2028}c  d", 5), "a b …");
    }
}
