use super::*;

fn core(text: &str) -> String {
    Name::of_company(text).core.into()
}

fn score(a: &str, b: &str) -> u8 {
    let (a, b) = (Name::of_company(a), Name::of_company(b));
    assert_eq!(alike(&a, &b), alike(&b, &a));
    alike(&a, &b)
}

#[test]
fn the_legal_form_does_not_count() {
    for text in [
        "Velora Tools Inc.",
        "VELORA TOOLS, INC",
        "Velora Tools Co., Ltd.",
        "Velora Tools GmbH & Co. KG",
        "Velora Tools GmbH und Co KG",
        "Velora-Tools S.A.R.L.",
        "SARL Velora Tools",
        "Velora Tools G.m.b.H.",
        "Ｖｅｌｏｒａ Tools Corporation",
        "Velora Tools SA",
        "Velora Tools Gesellschaft mbH",
    ] {
        assert_eq!(core(text), "velora tools", "{text}");
    }
    for text in ["腾飞科技有限公司", "腾飞科技股份有限公司", "腾飞科技(集团)有限公司", "腾飞 科技 有限责任公司", "腾飞科技集团"]
    {
        assert_eq!(core(text), "腾飞科技", "{text}");
    }
    // Where it is all there is, it is the name.
    assert_eq!(
        (core("AG"), core("有限公司"), core("Co & Co"), core("???")),
        ("ag".to_owned(), "有限公司".to_owned(), "co".to_owned(), "???".to_owned())
    );
    assert_eq!(
        (core("SAS Institute Inc."), core("As You Like It"), core("Müller & Söhne")),
        ("sas institute".to_owned(), "as you like it".to_owned(), "müller söhne".to_owned())
    );
}

#[test]
fn the_same_company_written_in_another_way_is_alike() {
    for (a, b) in [
        ("Velora Systems GmbH", "Velroa Systems"),
        ("Velora Systems GmbH", "Systems Velora GmbH"),
        ("Velora Manufacturing Inc.", "Velora Mfg. Inc."),
        ("Müller Maschinenbau GmbH", "Mueller Maschinenbau"),
        ("Müller Maschinenbau GmbH", "MULLER MASCHINENBAU"),
        ("Hamburg Velora Systems", "Velora Systems"),
        ("North Wind Logistics", "Northwind Logistics"),
        ("深圳市腾飞科技有限公司", "腾飞科技"),
        ("深圳市腾飞科技有限公司", "腾飞科技（深圳）有限公司"),
        ("腾飞科技有限公司", "腾非科技有限公司"),
        ("康邦维建筑工程集团", "康邦维建筑程集团"),
    ] {
        assert!(score(a, b) >= 85, "{a} and {b}: {}", score(a, b));
    }
}

#[test]
fn companies_that_look_alike_are_not() {
    for (a, b) in [
        ("Velora Systems 2 GmbH", "Velora Systems 3 GmbH"),
        ("Velora Werk II", "Velora Werk III"),
        ("Stadtwerke Köln", "Stadtwerke Bonn"),
        ("Velora Berlin GmbH", "Velora München GmbH"),
        ("Peter Schmidt Consulting", "Paul Schmidt Consulting"),
        ("Schmidt Bau GmbH", "Schmitt Bau GmbH"),
        ("Blue Harbor Logistics", "Blue River Logistics"),
        ("Velora Systems", "Velora Foods"),
        ("深圳腾飞科技有限公司", "广州腾飞科技有限公司"),
        ("腾飞科技有限公司", "腾达科技有限公司"),
        ("腾飞科技有限公司", "腾飞食品有限公司"),
        ("华星第一分公司", "华星第二分公司"),
        ("张伟五金店", "张磊五金店"),
        ("上海食品有限公司", "食品有限公司"),
        ("大同食品有限公司", "朝阳食品有限公司"),
    ] {
        assert!(score(a, b) < 85, "{a} and {b}: {}", score(a, b));
    }
}

#[test]
fn words_of_other_texts_all_count() {
    let score = |a: &str, b: &str| alike(&Name::of_text(a), &Name::of_text(b));
    assert_eq!(score("CRM roll-out", "crm Roll out"), 100);
    assert!(score("CRM rollout", "CRM roll-out") >= 85);
    assert!(score("Renewal 2026", "Renewal 2027") < 85);
    assert!(score("Anna Schmidt", "Schmidt, Anna") >= 85);
    assert!(score("Systems Ltd", "Systems Inc") < 85);
}
