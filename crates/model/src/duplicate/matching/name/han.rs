//! What is known of names of companies in Chinese, which are written without spaces: where, the company's own characters, what it does, its legal
//! form.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::places;

/// Legal forms, the longest first; at the end of a name, or alone between brackets.
const LEGAL: [&str; 16] = [
    "股份有限责任公司",
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "控股有限公司",
    "集团股份公司",
    "普通合伙",
    "有限合伙",
    "有限公司",
    "股份公司",
    "集团公司",
    "总公司",
    "集团",
    "股份",
    "控股",
    "公司",
];

/// Parts of companies, which are no legal form though they end like one.
const BRANCHES: [&str; 3] = ["分公司", "子公司", "支公司"];

/// What many companies do, or say of themselves.
const LINES: &str = "科技 技术 信息 网络 软件 电子 电气 电器 电力 电商 电子商务 通信 通讯 智能 数据 数码 数字 互联网 物联网 人工智能 自动化 设备 仪器 仪表
    机械 机电 机床 精密 制造 装备 工具 模具 五金 阀门 轴承 电缆 照明 光电 半导体 集成电路 工业 实业 工程 建筑 建设 建材 装饰 装修 设计 规划 监理 园林 市政
    房地产 地产 置业 物业 开发 投资 基金 资产 资本 金融 证券 保险 银行 担保 融资 租赁 典当 财务 会计 税务 审计 咨询 顾问 服务 管理 企业管理 人力资源 劳务
    贸易 国际贸易 进出口 商贸 商业 商务 外贸 国际 零售 批发 百货 超市 连锁 电商 物流 货运 运输 快递 仓储 供应链 航空 航运 船舶 港口 铁路 汽车 汽配 零部件
    摩托 交通 旅游 酒店 宾馆 餐饮 食品 饮料 酒业 茶业 粮油 农业 农牧 牧业 渔业 水产 种业 林业 生态 环保 环境 能源 新能源 光伏 石油 石化 煤炭 矿业 燃气
    水务 电池 化工 化学 材料 新材料 塑料 塑胶 橡胶 涂料 玻璃 陶瓷 钢铁 钢结构 金属 有色 铝业 铜业 纸业 包装 印刷 纺织 服装 服饰 制衣 鞋业 皮革 家具 家居
    家电 玩具 工艺品 礼品 珠宝 首饰 生物 医药 制药 药业 医疗 器械 医疗器械 医院 诊所 健康 保健 养老 美容 化妆品 教育 培训 学校 学院 文化 传媒 传播 广告
    影视 娱乐 体育 出版 游戏 动漫 展览 会展 研究院 研究所 检测 认证 安防 保安 消防 清洁 家政 律师 事务所 工作室 商店 经营部 门市部 厂 发展 产业 中心
    系统 平台 工厂 分公司 子公司";

/// Parts of a company that are counted: the third works, the second shop.
const COUNTED: [&str; 16] = ["分公司", "子公司", "分厂", "分店", "车间", "厂", "店", "期", "部", "号", "局", "院", "所", "矿", "建", "校"];

static LINE_WORDS: LazyLock<HashMap<&'static str, ()>> = LazyLock::new(|| LINES.split_whitespace().map(|word| (word, ())).collect());
static PLACES: LazyLock<HashMap<&'static str, u16>> = LazyLock::new(|| {
    // Numbered apart from those in Latin letters.
    places::HAN.split_whitespace().zip(0x8000..).collect()
});

/// Without the legal form at its end; nothing where it is all of it.
pub fn without_legal(text: &str) -> &str {
    let mut rest = text;
    'more: loop {
        if BRANCHES.iter().any(|branch| rest.ends_with(branch)) {
            return rest;
        }
        for form in LEGAL {
            if let Some(shorter) = rest.strip_suffix(form) {
                rest = shorter;
                continue 'more;
            }
        }
        return rest;
    }
}

/// A place at the beginning, with what says that it is one (市, 省, 县, 区), and the rest.
pub fn place(text: &str) -> Option<(u16, &str)> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    for length in (2..=4).rev().filter(|length| *length < ends.len()) {
        let (head, rest) = text.split_at(ends[length]);
        if let Some(place) = PLACES.get(head) {
            return Some((*place, rest.strip_prefix(['市', '省']).unwrap_or(rest)));
        }
    }
    // One that is not known says itself what it is.
    for length in [2, 3] {
        if length + 1 < ends.len() && matches!(text[ends[length]..].chars().next(), Some('市' | '县')) {
            let hash = super::super::hashed(&text[..ends[length]]);
            return Some((0x4000 | (u16::try_from(hash & 0x3fff).unwrap_or(0)), &text[ends[length + 1]..]));
        }
    }
    None
}

/// Which characters belong to a word for what companies do: true for those. The first two never do where others follow: they are a
/// company's own.
pub fn lines(letters: &[char]) -> Vec<bool> {
    let mut found = vec![false; letters.len()];
    let mut at = 0;
    while at < letters.len() {
        let longest = (1..=4.min(letters.len() - at)).rev().find(|length| {
            let word: String = letters[at..at + length].iter().collect();
            LINE_WORDS.contains_key(word.as_str())
        });
        match longest {
            Some(length) if at + length >= 2 && (at != 1 || letters.len() <= 3) => {
                found[at..at + length].fill(true);
                at += length;
            }
            _ => at += 1,
        }
    }
    found
}

/// A number with what it counts at `at`: 第三, 三厂, 2号. How many characters it takes, and the number.
pub fn number(letters: &[char], at: usize) -> Option<(usize, u32)> {
    let ordinal = letters[at] == '第';
    let start = at + usize::from(ordinal);
    let length = letters[start..].iter().take_while(|c| digit(**c).is_some()).count();
    if length == 0 || length > 6 {
        return None;
    }
    let rest: String = letters[start + length..].iter().take(3).collect();
    let counted = COUNTED.iter().any(|word| rest.starts_with(word));
    (ordinal || counted).then(|| (usize::from(ordinal) + length, value(&letters[start..start + length])))
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => return None,
    })
}

fn value(digits: &[char]) -> u32 {
    let (mut sum, mut last) = (0_u32, 0_u32);
    for digit in digits.iter().filter_map(|c| digit(*c)) {
        match digit {
            10 | 100 => {
                sum += last.max(1) * digit;
                last = 0;
            }
            _ => last = last * 10 + digit,
        }
    }
    sum + last
}

/// How a character is said, without its tone; the character itself where that is not known.
pub fn sound(c: char) -> String {
    use pinyin::ToPinyin;
    c.to_pinyin().map_or_else(|| c.to_string(), |sound| sound.plain().to_owned())
}

/// Characters that are taken for one another because they look alike.
const LOOKS: [&str; 24] = [
    "未末",
    "己已巳",
    "人入八",
    "大太犬",
    "日曰目",
    "土士",
    "干千于",
    "贝见",
    "亨享",
    "治冶",
    "晟晨",
    "拓柘",
    "科料",
    "技枝",
    "设没",
    "天夫无",
    "木本术",
    "力刀",
    "王玉主",
    "由甲申",
    "乌鸟",
    "间问",
    "侯候",
    "博搏",
];

/// The number of the group of characters that look like this one; 0 where none does.
pub fn looks(c: char) -> u8 {
    (1..).zip(LOOKS).find(|(_, group)| group.contains(c)).map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_and_places_are_told() {
        assert_eq!(without_legal("腾飞科技股份有限公司"), "腾飞科技");
        assert_eq!(without_legal("腾飞科技集团有限公司"), "腾飞科技");
        assert_eq!(without_legal("腾飞第一分公司有限公司"), "腾飞第一分公司");
        assert_eq!(without_legal("有限公司"), "");
        assert_eq!(place("深圳市腾飞").map(|it| it.1), Some("腾飞"));
        assert_eq!(place("潍坊市腾飞").map(|it| it.1), Some("腾飞"));
        assert_eq!(place("腾飞"), None);
    }

    #[test]
    fn numbers_count_something() {
        let of = |text: &str| number(&text.chars().collect::<Vec<_>>(), 0);
        assert_eq!((of("第十二"), of("三厂"), of("二十一号"), of("三一重工")), (Some((3, 12)), Some((1, 3)), Some((3, 21)), None));
    }

    #[test]
    fn what_a_company_does_is_told_from_its_own_name() {
        let of = |text: &str| lines(&text.chars().collect::<Vec<_>>()).into_iter().filter(|line| *line).count();
        assert_eq!((of("腾飞电子科技"), of("腾飞国际贸易"), of("科技"), of("中科软件")), (4, 4, 2, 2));
    }
}
