//! Papers are read back with a reader of PDFs that knows nothing of how they were made.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test says what it expects")]

use std::time::{Duration, Instant};

use lopdf::Object;
use model::{Amount, Currency};
use print::{Document, Fault, Kind, Language, Letterhead, Paper, sample};

fn letterhead() -> Letterhead {
    Letterhead {
        name: "Northwind Pumps GmbH".to_owned(),
        address: "Hafenstraße 12\n20457 Hamburg".to_owned(),
        tax_number: "DE 298 765 432".to_owned(),
        bank_details: "IBAN DE02 1203 0000".to_owned(),
        footer: "Managing director: Ulla Brandt".to_owned(),
        ..Letterhead::default()
    }
}

fn quote(language: Language, currency: &str, count: usize) -> Document {
    sample::quote(letterhead(), language, currency.parse::<Currency>().unwrap(), count)
}

/// The text of every page, without its blanks and line ends: where they come is the reader's guess.
fn pages(bytes: &[u8]) -> Vec<String> {
    let pdf = lopdf::Document::load_mem(bytes).expect("a PDF");
    let numbers: Vec<u32> = pdf.get_pages().keys().copied().collect();
    let text = |page: &u32| pdf.extract_text(&[*page]).expect("its text");
    numbers.iter().map(|page| text(page).chars().filter(|letter| !letter.is_whitespace()).collect()).collect()
}

fn told(page: &str, text: &str) -> bool {
    page.contains(&text.replace(' ', ""))
}

#[test]
fn names_and_figures_are_on_it_and_can_be_searched() {
    let mut paper = quote(Language::English, "USD", 3);
    paper.customer.name = "Søren Żółć & Co. 龘靐 Ltd.".to_owned();
    paper.lines[0].price = Some(Amount::parse("1234567.5").unwrap());
    paper.totals.total = Amount::parse("98765432.1").unwrap();
    let text = pages(&print::pdf(&paper).unwrap()).concat();
    for wanted in [
        "Quote",
        "Q-2026-0042",
        "Northwind Pumps GmbH",
        "Hafenstraße 12",
        "20457 Hamburg",
        "Søren Żółć & Co. 龘靐 Ltd.",
        "Rotary pump RP-200",
        "26 November 2026",
        "31 December 2026",
        "1,234,567.50",
        "Amount (USD)",
        "Total USD",
        "98,765,432.10",
        "Tax 20%",
        "10%",
        "30 days net",
        "IBAN DE02 1203 0000",
        "Tax no. DE 298 765 432",
        "Managing director: Ulla Brandt",
        "Page 1 of 1",
        "Accepted by",
    ] {
        assert!(told(&text, wanted), "{wanted} is not in {text}");
    }
    assert!(!told(&text, "Draft"));
}

#[test]
fn a_chinese_paper_is_chinese_throughout() {
    let text = pages(&print::pdf(&quote(Language::Chinese, "CNY", 3)).unwrap()).concat();
    for wanted in [
        "报价单",
        "海港水务有限公司",
        "2026年11月26日",
        "有效期至",
        "单价",
        "金额（CNY）",
        "总计CNY",
        "税额13%",
        "总计（大写）：人民币",
        "第1页，共1页",
        "付款条件",
        "需方：海港水务有限公司",
    ] {
        assert!(told(&text, wanted), "{wanted} is not in {text}");
    }
    for english in ["Quote", "Total", "Page", "Payment", "Unit"] {
        assert!(!told(&text, english), "{english} is in {text}");
    }
}

#[test]
fn an_order_says_what_an_order_says() {
    let mut order = quote(Language::English, "JPY", 2);
    (order.kind, order.number, order.version, order.draft) = (Kind::Order, "SO-2026-0007".to_owned(), None, true);
    (order.customer_number, order.totals.discount, order.totals.tax) = ("PO 4711".to_owned(), None, None);
    order.lines[1].price = None;
    let text = pages(&print::pdf(&order).unwrap()).concat();
    for wanted in ["Sales Order", "Draft", "SO-2026-0007", "Your order no.", "PO 4711", "Total JPY"] {
        assert!(told(&text, wanted), "{wanted} is not in {text}");
    }
    assert!(!told(&text, "Version") && !told(&text, "Subtotal") && !told(&text, "Tax 20%"), "{text}");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for language in [Language::English, Language::Chinese] {
        let paper = quote(language, "EUR", 40);
        assert!(print::pdf(&paper).unwrap() == print::pdf(&paper).unwrap());
    }
}

#[test]
fn five_hundred_lines_are_all_there_under_a_heading_on_every_sheet() {
    let mut paper = quote(Language::English, "USD", 500);
    for (index, line) in paper.lines.iter_mut().enumerate() {
        line.name = format!("Item-{index:03}-");
    }
    let begun = Instant::now();
    let bytes = print::pdf(&paper).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let pages = pages(&bytes);
    let all = pages.concat();
    for index in 0..500 {
        assert_eq!(all.matches(&format!("Item-{index:03}-")).count(), 1);
    }
    for (index, page) in pages.iter().enumerate() {
        assert!(told(page, &format!("Page {} of {}", index + 1, pages.len())));
        assert!(!page.contains("Item-") || told(page, "Unit price"), "{page}");
        assert!(index == 0 || told(page, "Quote Q-2026-0042, version 2"), "{page}");
    }
}

#[test]
fn the_totals_never_stand_without_a_line_above_them() {
    for count in 1..60 {
        let mut paper = quote(Language::English, "USD", count);
        for line in &mut paper.lines {
            line.name = "Item-".to_owned();
            line.description = String::new();
        }
        let pages = pages(&print::pdf(&paper).unwrap());
        let last = pages.iter().find(|page| told(page, "Total USD")).expect("a total");
        assert!(last.contains("Item-"), "of {count} lines: {last}");
        assert!(told(last, "Total of lines"), "of {count} lines: {last}");
    }
}

#[test]
fn a_text_longer_than_a_sheet_goes_on_over_the_next() {
    let mut paper = quote(Language::English, "USD", 2);
    paper.lines[0].description = (0..900).map(|word| format!("word{word:03} ")).collect();
    paper.notes = (0..600).map(|word| format!("note{word:03}\n")).collect();
    let text = pages(&print::pdf(&paper).unwrap()).concat();
    assert!((0..900).all(|word| text.contains(&format!("word{word:03}"))));
    assert!((0..600).all(|word| text.contains(&format!("note{word:03}"))));
}

#[test]
fn it_says_what_it_is_to_programs_too() {
    let bytes = print::pdf(&quote(Language::Chinese, "CNY", 1)).unwrap();
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let catalog = pdf.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"zh-CN");
    let info = pdf.dereference(pdf.trailer.get(b"Info").unwrap()).unwrap().1.as_dict().unwrap();
    let text = |key: &[u8]| match info.get(key).unwrap() {
        Object::String(text, _) if text.starts_with(&[0xFE, 0xFF]) => {
            let units: Vec<u16> = text[2..].chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        other => String::from_utf8(other.as_str().unwrap().to_vec()).unwrap(),
    };
    assert_eq!(text(b"Title"), "报价单 Q-2026-0042（第 2 版）");
    assert_eq!(text(b"Author"), "Northwind Pumps GmbH");
    let (_, page) = pdf.get_pages().into_iter().next().unwrap();
    let size = pdf.get_object(page).unwrap().as_dict().unwrap().get(b"MediaBox").unwrap().as_array().unwrap().clone();
    assert!((size[2].as_float().unwrap() - 595.28).abs() < 0.1);
}

#[test]
fn a_letterhead_may_ask_for_letter_paper_and_a_broken_logo_is_refused() {
    let mut paper = quote(Language::English, "USD", 1);
    paper.letterhead.paper = Paper::Letter;
    let pdf = lopdf::Document::load_mem(&print::pdf(&paper).unwrap()).unwrap();
    let (_, page) = pdf.get_pages().into_iter().next().unwrap();
    let size = pdf.get_object(page).unwrap().as_dict().unwrap().get(b"MediaBox").unwrap().as_array().unwrap().clone();
    assert!((size[2].as_float().unwrap() - 612.0).abs() < 0.1);
    paper.letterhead.logo = Some(b"no picture".to_vec());
    assert_eq!(print::pdf(&paper), Err(Fault::Logo));
}

#[test]
fn hostile_texts_do_no_harm() {
    let mut paper = quote(Language::English, "USD", 3);
    let hostile = "\u{0}\u{7}\u{202E}\u{FEFF} אבג ابج ไทย 😀 \t\r\n(\\) <x> %PDF \u{E000}\u{10FFFF}";
    paper.customer.name = hostile.to_owned();
    paper.lines[0].name = hostile.repeat(40);
    paper.lines[1].unit = hostile.to_owned();
    paper.lines[2].name = String::new();
    (paper.number, paper.subject, paper.prepared_by) = (hostile.to_owned(), hostile.to_owned(), hostile.repeat(10));
    paper.letterhead.footer = hostile.repeat(3);
    paper.totals.total = Amount(i64::MIN);
    paper.lines[0].amount = Some(Amount(i64::MAX));
    assert!(pages(&print::pdf(&paper).unwrap()).concat().contains("%PDF"));
}
