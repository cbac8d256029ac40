//! Writes quotes of several lengths in both languages into a folder, to look at them: `cargo run -p print --example papers -- /tmp/papers`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program for one who looks at its papers")]

use std::path::PathBuf;
use std::time::Instant;

use model::{Amount, Number};
use print::{Document, Kind, Language, Letterhead, Paper};

fn letterhead(language: Language) -> Letterhead {
    let chinese = language == Language::Chinese;
    let say = |english: &str, in_chinese: &str| if chinese { in_chinese } else { english }.to_owned();
    Letterhead {
        name: say("Northwind Pumps & Controls GmbH", "北风泵业控制技术（上海）有限公司"),
        address: say("Hafenstraße 12\n20457 Hamburg\nGermany", "上海市闵行区申长路1588弄12号楼\n邮编 201107"),
        phone: say("+49 40 123 456-0", "+86 21 5888 1234"),
        email: "sales@northwind-pumps.example".to_owned(),
        web: "www.northwind-pumps.example".to_owned(),
        registration_number: say("HRB 104223, Amtsgericht Hamburg", "91310000MA1FL0X123"),
        tax_number: say("DE 298 765 432", "91310000MA1FL0X123"),
        bank_details: say(
            "Hanse Bank AG, IBAN DE02 1203 0000 0000 2020 51, BIC BYLADEM1001",
            "开户行：中国工商银行上海虹桥支行\n账号：1001 2445 0920 1234 567",
        ),
        footer: say("Managing directors: Dr. Ulla Brandt, Jonas Łącki", "质量管理体系通过 ISO 9001 认证"),
        paper: Paper::A4,
        logo: None,
    }
}

/// What is hard to print: long names, rare characters, figures of all sizes, texts of several pages.
fn hard(mut paper: Document) -> Document {
    let chinese = paper.language == Language::Chinese;
    paper.customer.name = if chinese {
        "龘靐朤朤科技（深圳）股份有限公司𠮷祥分公司"
    } else {
        "Wojciech Żółć & Søren Ångström Maschinenbau- und Anlagentechnik Beteiligungsgesellschaft mbH & Co. KG"
    }
    .to_owned();
    for (index, line) in paper.lines.iter_mut().enumerate() {
        match index % 6 {
            1 => line.name = "SUPER-LONG-PART-NUMBER-WITHOUT-ANY-BLANK-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789".to_owned(),
            2 => line.list_price = line.price.map(|price| Amount(price.0 * 5 / 4)),
            3 => line.quantity = Number::parse("12500.125").expect("a number"),
            4 => line.description = "A text that goes on. ".repeat(40),
            5 => line.unit = "running metres".to_owned(),
            _ => {}
        }
    }
    paper.notes = if chinese {
        "本报价有效期为三十天，自报价之日起计算；逾期须重新报价。（含税，不含运费）“特别说明”：以双方签订的合同为准……\n"
    } else {
        "Our general terms hold. They are sent on request, and can be read at www.northwind-pumps.example/terms.\n"
    }
    .repeat(30);
    paper.draft = true;
    paper
}

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "papers".to_owned()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let currency = |code: &str| code.parse().expect("a currency");
    let logo = std::env::args().nth(2).map(|path| std::fs::read(path).expect("a logo"));
    let write = |name: &str, paper: &Document| {
        let begun = Instant::now();
        let bytes = print::pdf(paper).expect("a PDF");
        println!("{name}: {:.1} ms, {} bytes", begun.elapsed().as_secs_f64() * 1000.0, bytes.len());
        std::fs::write(folder.join(name).with_extension("pdf"), bytes).expect("written");
    };
    for (language, code, tongue) in [(Language::English, "EUR", "en"), (Language::English, "USD", "en"), (Language::Chinese, "CNY", "zh")] {
        for count in [1, 30, 500] {
            write(&format!("{tongue}-{code}-{count}"), &print::sample::quote(letterhead(language), language, currency(code), count));
        }
        let mut paper = print::sample::quote(letterhead(language), language, currency(code), 30);
        paper.letterhead.logo.clone_from(&logo);
        write(&format!("{tongue}-{code}-hard"), &hard(paper));
        let mut order = print::sample::quote(
            Letterhead { logo: logo.clone(), paper: Paper::Letter, ..letterhead(language) },
            language,
            currency(code),
            6,
        );
        (order.kind, order.number, order.version) = (Kind::Order, "SO-2026-0007".to_owned(), None);
        (order.valid_until, order.delivery_date, order.customer_number) = (None, order.valid_until, "PO 4500098123".to_owned());
        (order.totals.discount, order.totals.tax) = (None, None);
        (order.totals.subtotal, order.totals.total) = (order.totals.lines, order.totals.lines);
        write(&format!("{tongue}-{code}-order"), &order);
    }
    write("bare", &print::sample::quote(Letterhead::default(), Language::English, currency("JPY"), 3));
}
