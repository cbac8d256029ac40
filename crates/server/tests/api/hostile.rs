//! Bytes of strangers, changed at random from the seeds in `fuzz/seeds`: whatever is made of them, they are answered, never with a fault of ours,
//! and the same each time. `STAGECRAFT_TEST_ROUNDS` says how many of each.

use std::path::Path;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use server::app::Edge;
use testkit::Database;

use crate::office::{Answer, Office, one};

fn rounds(usual: usize) -> usize {
    std::env::var("STAGECRAFT_TEST_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The seeds of a kind, by name.
fn seeds(kind: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(kind);
    let mut seeds: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty());
    seeds
}

/// Dice that fall the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    /// A seed, changed here and there.
    fn changed(&mut self, seeds: &[(String, Vec<u8>)], words: &[&[u8]]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].1.clone();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len());
            match self.below(7) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
                2 => bytes.truncate(at),
                3 => {
                    let word = words[self.below(words.len())];
                    bytes.splice(at..at, word.iter().copied());
                }
                4 => {
                    let until = (at + self.below(40)).min(bytes.len());
                    let part = bytes[at..until].repeat(self.below(20));
                    bytes.splice(at..at, part);
                }
                5 => {
                    let other = &seeds[self.below(seeds.len())].1;
                    let from = self.below(other.len());
                    bytes.extend_from_slice(&other[from..]);
                }
                _ => {
                    let until = (at + self.below(12)).min(bytes.len());
                    bytes.drain(at..until);
                }
            }
        }
        bytes
    }
}

/// Answered, soon, and without a fault of ours.
#[track_caller]
fn sound(answer: &Answer, begun: Instant, sent: &[u8]) {
    assert!(!answer.status.is_server_error(), "{}: {:#}\n{:?}", answer.status, answer.body, String::from_utf8_lossy(sent));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}: {:?}", begun.elapsed(), String::from_utf8_lossy(sent));
    if answer.status.is_client_error() {
        assert!(answer.body["code"].is_string() || answer.text.starts_with("<!doctype html>"), "{:.200}", answer.text);
    }
}

#[test]
fn whatever_file_is_sent_for_an_import_is_read_or_refused() {
    one(|office| {
        let mona = office.mona();
        let seeds = seeds("import");
        let words: [&[u8]; 16] = [
            b"\"",
            b"\r\n",
            b"\r",
            b"\0",
            b",",
            b";",
            b"\t",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\xfe\xff",
            b"PK\x03\x04",
            b"PK\x05\x06",
            b"<c r=\"A1\">",
            b"&#x0;",
            b"\xc4\xfa",
            b"</row>",
        ];
        let send = |name: &str, content: &[u8]| {
            let mut body = format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n--cut--\r\n");
            let request = Request::builder()
                .method("POST")
                .uri("/api/v1/imports/files")
                .header("authorization", mona.bearer())
                .header("content-type", "multipart/form-data; boundary=cut");
            let begun = Instant::now();
            let answer = office.sends(request.body(Body::from(body)).unwrap());
            sound(&answer, begun, content);
            answer
        };
        for (name, content) in &seeds {
            send(name, content);
        }
        let mut dice = Dice(2_026);
        let (mut read, mut refused) = (0, 0);
        for round in 0..rounds(150) {
            let content = dice.changed(&seeds, &words);
            let answer = send(["a.csv", "a.xlsx", "a"][round % 3], &content);
            if answer.status.is_success() {
                read += 1
            } else {
                refused += 1
            }
            // What was kept is let go, so that the folder of somebody's files does not fill.
            for file in answer.body["items"].as_array().into_iter().flatten() {
                if let Some(id) = file["id"].as_str() {
                    mona.asks(axum::http::Method::DELETE, &format!("/imports/files/{id}"), &[], None);
                }
            }
        }
        assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
    });
}

#[test]
fn whatever_condition_or_cursor_is_sent_is_read_or_refused() {
    one(|office| {
        let kim = office.kim();
        for name in ["a", "b", "c"] {
            kim.opens_a_deal(&json!({"name": name, "amount": "5"}));
        }
        let escaped = |bytes: &[u8]| bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let words: [&[u8]; 12] = [
            b"[",
            b"]",
            b"{",
            b"}",
            b"\"",
            b"null",
            b"-1e309",
            b"99999999999999999999",
            b"not",
            b"any",
            b"account.parent.",
            b"\xf0\x9f\x92\xa5",
        ];
        let conditions = seeds("condition");
        let mut dice = Dice(47);
        for _ in 0..rounds(400) {
            let sent = dice.changed(&conditions, &words);
            let begun = Instant::now();
            sound(&kim.gets(&format!("/records/opportunity?filter={}", escaped(&sent))), begun, &sent);
        }
        let cursor = kim.gets("/records/opportunity?limit=1&sort=-amount").is_ok().body["next_cursor"].as_str().unwrap().to_owned();
        let mine = [("cursor".to_owned(), cursor.clone().into_bytes())];
        let mut held = 0;
        for _ in 0..rounds(400) {
            let sent = dice.changed(&mine, &words);
            let begun = Instant::now();
            let answer = kim.gets(&format!("/records/opportunity?limit=1&sort=-amount&cursor={}", escaped(&sent)));
            sound(&answer, begun, &sent);
            held += usize::from(answer.status.is_success() && sent != cursor.as_bytes());
        }
        assert_eq!(held, 0, "a cursor is signed");
    });
}

#[test]
fn whatever_a_visitor_sends_by_a_web_form_is_taken_or_refused() {
    let edge = Edge { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Edge::default() };
    let office = Office::standing(&Database::sqlite(), edge);
    let seeds = seeds("lead");
    let words: [&[u8]; 10] = [b"%00", b"%", b"&", b"=", b"\\u0000", b"\"", b"[", b"{\"fields\":", b"<script>", b"\xff"];
    let mut dice = Dice(17);
    let many = rounds(160);
    let forms: Vec<String> = (0..=many / 90)
        .map(|n| {
            let form = json!({"name": format!("Site {n}"), "fields": [{"field": "name", "required": true}, {"field": "company"}, {"field": "email"}, {"field": "description"}]});
            office.ada().posts("/web-forms", &form).is(StatusCode::CREATED).body["public_key"].as_str().unwrap().to_owned()
        })
        .collect();
    let mut taken = 0;
    for round in 0..many {
        // The seeds themselves first, each as what it is.
        let (sent, kind) = match seeds.get(round) {
            Some((name, seed)) => (seed.clone(), usize::from(name == "form")),
            None => (dice.changed(&seeds, &words), round % 2),
        };
        let kind = ["application/json", "application/x-www-form-urlencoded"][kind];
        let request = Request::builder()
            .method("POST")
            .uri(format!("/api/v1/public/leads/{}", forms[round / 90]))
            .header("content-type", kind)
            // Visitors come from many addresses.
            .header("x-forwarded-for", format!("93.184.{}.{}", round / 200, round % 200))
            .body(Body::from(sent.clone()))
            .unwrap();
        let begun = Instant::now();
        let answer = office.sends(request);
        sound(&answer, begun, &sent);
        taken += usize::from(answer.status.is_success());
    }
    assert!(taken > 0 || many == 0, "{taken} of {many}");
}
