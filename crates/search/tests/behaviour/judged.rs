//! A small judged set of our own, so that relevance is a gate on any machine.

use domain::Level;
use search::Document;
use search::judge::{Judged, Judgement, judge};

use crate::library::{index, policy, today};

/// Code, level, title, document number, what it says.
const LIBRARY: [(&str, Level, &str, &str, &str); 20] = [
    (
        "gq-rd",
        Level::National,
        "高新技术企业认定管理办法",
        "国科示火〔2016〕1号",
        "企业申请认定须注册满一年，拥有自主知识产权，科技人员占比和研发费用占比达到规定比例。",
    ),
    (
        "gq-jl",
        Level::City,
        "武汉市高新技术企业奖励办法",
        "武科示规〔2023〕3号",
        "对首次认定和重新认定的高新技术企业给予一次性奖励。",
    ),
    ("gq-jx", Level::District, "江夏区科技创新若干措施", "", "辖区企业首次通过高企认定的，区级再奖励十万元。"),
    (
        "xjr",
        Level::National,
        "优质中小企业梯度培育管理办法",
        "工信示企业〔2022〕63号",
        "专精特新小巨人企业须专业化、精细化、特色化、新颖化，创新能力强。",
    ),
    ("zjtx", Level::Province, "湖北省专精特新中小企业认定标准", "", "近三年营业收入增长，研发投入占比不低于百分之三。"),
    (
        "kx",
        Level::National,
        "科技型中小企业评价办法",
        "",
        "评价采取企业自主评价、省级信息入库公示方式，入库取得登记编号。",
    ),
    (
        "jg",
        Level::City,
        "武汉市新进规工业企业奖励实施细则",
        "武经示规〔2018〕2号",
        "首次进入规模以上工业企业名录的，给予一次性奖励。",
    ),
    (
        "wg",
        Level::Province,
        "湖北省失业保险稳岗返还经办通知",
        "",
        "上年度不裁员或少裁员的参保企业，三十人以下裁员率放宽。",
    ),
    (
        "kg",
        Level::National,
        "一次性扩岗补助政策通知",
        "",
        "招用毕业年度高校毕业生并参加失业保险的企业，每招一人给予补助。",
    ),
    ("sb", Level::City, "小微企业招用高校毕业生社会保险补贴办法", "", "按企业实际缴费给予社会保险补贴，最长一年。"),
    (
        "cydk",
        Level::Province,
        "创业担保贷款贴息实施办法",
        "",
        "小微企业新招用重点群体达到职工人数规定比例，可申请创业担保贷款，财政给予贴息。",
    ),
    (
        "sdh",
        Level::Province,
        "小微企业首次贷款拓展行动方案",
        "武银示〔2021〕72号",
        "支持银行向无贷户发放首次贷款，给予贴息和风险补偿。",
    ),
    ("zscq", Level::City, "知识产权质押融资贴息办法", "", "以专利、商标质押取得贷款的企业，按利息的一定比例贴息。"),
    (
        "jjkc",
        Level::National,
        "研发费用加计扣除政策执行指引",
        "",
        "企业开展研发活动发生的研发费用，未形成无形资产的按百分之一百加计扣除。",
    ),
    (
        "xwsds",
        Level::National,
        "小型微利企业所得税优惠公告",
        "财政示公告2022年第13号",
        "年应纳税所得额不超过三百万元的部分减按比例计入应纳税所得额。",
    ),
    ("jg-tech", Level::City, "工业企业技术改造补助办法", "", "设备投资达到规定数额的技改项目，按比例补助。"),
    ("shz", Level::Province, "制造业数字化转型行动方案", "", "支持企业上云和智能化改造，建设智能工厂、数字化车间。"),
    ("lsgc", Level::National, "绿色工厂评价通则", "", "厂房集约化、原料无害化、生产洁净化、废物资源化、能源低碳化。"),
    (
        "ltq",
        Level::Province,
        "农业产业化省级龙头企业认定办法",
        "鄂政示发〔2021〕31号",
        "带动农户，农产品销售占比达到规定要求。",
    ),
    ("ssjl", Level::City, "企业上市奖励办法", "", "在境内外证券交易所首发上市的企业给予奖励。"),
];

/// Query and what answers it (2) or is related (1).
const QUERIES: [(&str, &[(&str, u8)]); 24] = [
    ("高企认定条件", &[("gq-rd", 2), ("gq-jx", 1), ("gq-jl", 1)]),
    ("高企奖励 武汉", &[("gq-jl", 2), ("gq-jx", 1)]),
    ("江夏 高企", &[("gq-jx", 2), ("gq-rd", 1), ("gq-jl", 1)]),
    ("小巨人", &[("xjr", 2)]),
    ("湖北 专精特新", &[("zjtx", 2), ("xjr", 1)]),
    ("科小怎么入库", &[("kx", 2)]),
    ("小进规 奖励", &[("jg", 2)]),
    ("30人以下公司能申请稳岗补贴吗", &[("wg", 2)]),
    ("招应届生有补助吗", &[("kg", 2), ("sb", 1)]),
    ("应届生社保补贴", &[("sb", 2), ("kg", 1)]),
    ("创业贷款贴息", &[("cydk", 2), ("zscq", 1), ("sdh", 1)]),
    ("首贷户", &[("sdh", 2)]),
    ("专利质押贷款", &[("zscq", 2)]),
    ("研发加计扣除", &[("jjkc", 2)]),
    ("小微企业所得税", &[("xwsds", 2)]),
    ("技改补贴", &[("jg-tech", 2)]),
    ("智改数转", &[("shz", 2)]),
    ("绿色工厂", &[("lsgc", 2)]),
    ("龍頭企業認定", &[("ltq", 2)]),
    ("企业上市奖励", &[("ssjl", 2)]),
    ("武经示规[2018]2号", &[("jg", 2)]),
    ("鄂政示发2021 31号", &[("ltq", 2)]),
    ("财政示公告2022年第13号", &[("xwsds", 2)]),
    ("科技型中小企业评价办法", &[("kx", 2)]),
];

fn library() -> Vec<Document> {
    LIBRARY
        .iter()
        .map(|(code, level, title, number, body)| Document {
            document_numbers: Some(*number)
                .filter(|number| !number.is_empty())
                .map(str::to_owned)
                .into_iter()
                .collect(),
            body: (*body).to_owned(),
            ..policy(code, title, *level)
        })
        .collect()
}

fn queries() -> Vec<Judged> {
    let judgement = |(code, grade): &(&str, u8)| Judgement { code: (*code).to_owned(), grade: *grade };
    let judged = |(query, relevant): &(&str, &[(&str, u8)])| Judged {
        query: (*query).to_owned(),
        class: String::new(),
        relevant: relevant.iter().map(judgement).collect(),
    };
    QUERIES.iter().map(judged).collect()
}

#[test]
fn owners_questions_find_the_policy_they_mean() {
    let report = judge(&index(&library()), &queries(), today()).unwrap();
    assert!(report.overall.ndcg_at_10 >= 0.95, "{:?}\n{:#?}", report.overall, report.worst);
    assert!(report.overall.mrr >= 0.97, "{:?}\n{:#?}", report.overall, report.worst);
    assert!(report.overall.zero_rate == 0.0, "{:?}", report.overall);
}

#[test]
fn the_judge_notices_when_the_answers_are_missing() {
    let mut documents = library();
    documents.retain(|document| document.code != "lsgc" && document.code != "shz");
    let report = judge(&index(&documents), &queries(), today()).unwrap();
    assert!(report.overall.ndcg_at_10 < 0.95, "{:?}", report.overall);
    assert!(report.worst.iter().any(|verdict| verdict.query == "绿色工厂" && verdict.ndcg_at_10 == 0.0));
}
