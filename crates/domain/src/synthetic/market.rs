//! The made-up city: where its firms sit and what they do, with weights falling off like a real one's.

/// A place firms register in.
pub(super) struct District {
    pub(super) code: &'static str,
    /// The word firms put at the front of their name.
    pub(super) word: &'static str,
    pub(super) weight: i64,
}

pub(super) const DISTRICTS: [District; 15] = [
    District { code: "420100-ELHT", word: "光谷", weight: 300 },
    District { code: "420111", word: "洪山", weight: 150 },
    District { code: "420106", word: "武昌", weight: 100 },
    District { code: "420103", word: "江汉", weight: 75 },
    District { code: "420102", word: "江岸", weight: 60 },
    District { code: "420115", word: "江夏", weight: 50 },
    District { code: "420112", word: "东西湖", weight: 43 },
    District { code: "420100-WEDZ", word: "车谷", weight: 38 },
    District { code: "420116", word: "黄陂", weight: 33 },
    District { code: "420104", word: "硚口", weight: 30 },
    District { code: "420105", word: "汉阳", weight: 27 },
    District { code: "420107", word: "青山", weight: 25 },
    District { code: "420114", word: "蔡甸", weight: 23 },
    District { code: "420117", word: "新洲", weight: 21 },
    District { code: "420100-CJXQ", word: "长江", weight: 10 },
];

/// Where firms that moved in came from.
pub(super) const ELSEWHERE: [&str; 6] = ["440000", "110000", "310000", "420600", "421100", "420900"];

/// What a firm does.
#[derive(Clone, Copy)]
pub(super) struct Trade {
    /// GB/T 4754-2017
    pub(super) industry: &'static str,
    pub(super) word: &'static str,
    pub(super) scope: &'static str,
    pub(super) weight: i64,
    /// Median head count.
    pub(super) people: i64,
    /// Median revenue per head, in 万元.
    pub(super) per_head: i64,
    /// Usual share of revenue spent on R&D, in thousandths; zero for trades that do none.
    pub(super) research: i64,
    /// Makes things: output value, equipment, projects.
    pub(super) makes: bool,
    /// 重点产业领域 it may claim.
    pub(super) field: Option<&'static str>,
    /// 国家重点支持的高新技术领域 it may claim.
    pub(super) hightech: Option<&'static str>,
}

const fn service(
    industry: &'static str,
    word: &'static str,
    scope: &'static str,
    [weight, people, per_head]: [i64; 3],
) -> Trade {
    Trade { industry, word, scope, weight, people, per_head, research: 0, makes: false, field: None, hightech: None }
}

const fn technology(trade: Trade, research: i64, makes: bool, field: &'static str, hightech: &'static str) -> Trade {
    Trade { research, makes, field: Some(field), hightech: Some(hightech), ..trade }
}

const fn factory(trade: Trade, research: i64) -> Trade {
    Trade { research, makes: true, ..trade }
}

pub(super) static TRADES: [Trade; 18] = [
    technology(
        service("I65", "软件", "软件开发;信息系统集成服务;信息技术咨询服务", [200, 16, 45]),
        90,
        false,
        "软件和网络安全",
        "电子信息",
    ),
    service("F51", "商贸", "日用百货、建材、五金产品批发;货物进出口", [140, 7, 160]),
    service("F52", "零售", "食品、日用品零售;互联网销售", [100, 5, 70]),
    service("L72", "咨询", "企业管理咨询;会议及展览服务;人力资源服务", [90, 8, 35]),
    technology(
        service("M75", "科技", "技术开发、技术转让、技术推广;科技中介服务", [80, 10, 40]),
        70,
        false,
        "人工智能",
        "高技术服务",
    ),
    service("H62", "餐饮", "餐饮服务;食品销售", [60, 8, 18]),
    technology(
        service("C39", "光电", "光电子器件制造;通信设备制造;电子元器件加工、生产", [55, 45, 65]),
        75,
        true,
        "光电子信息",
        "电子信息",
    ),
    factory(service("C35", "装备", "专用设备制造;激光设备生产;机械零部件加工", [45, 40, 60]), 50),
    service("E50", "装饰", "建筑装饰装修工程;建筑劳务分包", [40, 14, 50]),
    technology(
        service("I64", "网络", "互联网信息服务;互联网平台;数据处理服务", [38, 14, 60]),
        60,
        false,
        "数字经济",
        "电子信息",
    ),
    service("G54", "物流", "道路货物运输;国际货运代理", [32, 18, 45]),
    technology(
        service("C27", "生物", "药品生产;医疗器械生产;生物技术研发", [28, 50, 55]),
        95,
        true,
        "生物医药",
        "生物与新医药",
    ),
    factory(service("C36", "汽配", "汽车零部件及配件制造、加工", [25, 70, 75]), 35),
    technology(
        service("M73", "研究", "自然科学研究和试验发展;工程和技术研究", [22, 12, 35]),
        160,
        false,
        "新材料",
        "新材料",
    ),
    factory(service("C14", "食品", "食品生产;农产品加工", [20, 35, 50]), 15),
    service("R88", "文化", "组织文化艺术交流活动;文艺创作", [16, 6, 25]),
    service("A01", "农业", "蔬菜、水果种植;初级农产品收购", [14, 9, 20]),
    technology(
        service("M74", "检测", "检验检测服务;工程勘察设计;环境监测", [12, 22, 38]),
        45,
        false,
        "节能环保",
        "高技术服务",
    ),
];

/// Syllables of brand names.
pub(super) const SYLLABLES: [&str; 30] = [
    "安", "博", "诚", "达", "恒", "飞", "高", "海", "华", "嘉", "锦", "凯", "朗", "联", "明", "诺", "鹏", "启", "锐",
    "瑞", "盛", "泰", "拓", "维", "祥", "新", "信", "星", "远", "卓",
];
