//! Certificates, conduct, projects, loans and grants of a made-up enterprise.

use chrono::{Months, NaiveDate};
use rules::{Record, Value};

use super::firm::{Firm, WAN};
use super::sheet::{Sheet, Vouched};
use super::stream::Stream;

/// Most firms bring a credit report of the last years; for the others silence is no innocence.
const CONDUCT: Vouched = Vouched { thousandths: 720, source: "credit_report", years: 5, stale: 300 };
pub(super) const HONOURS: Vouched = Vouched { thousandths: 650, source: "issuer", years: 10, stale: 120 };
pub(super) const OWN_WORD: Vouched = Vouched { thousandths: 400, source: "declared", years: 5, stale: 60 };

pub(super) fn fill(firm: &Firm, sheet: &mut Sheet<'_>) {
    conduct(firm, sheet);
    if !firm.is_company() {
        return;
    }
    let certificates = certificates(firm, sheet.stream);
    let grants = grants(firm, &certificates, sheet.stream);
    sheet.put_list("certificates", certificates, HONOURS);
    sheet.put_list("grants_received", grants, HONOURS);
    let awards = awards(firm, sheet.stream);
    sheet.put_list("awards", awards, HONOURS);
    let register = register(firm, sheet.stream);
    sheet.put_list("si_shang", register, Vouched { source: "statistics", ..HONOURS });
    let loans = loans(firm, sheet.stream);
    sheet.put_list("loans", loans, OWN_WORD);
    if firm.trade.makes {
        let projects = projects(firm, sheet.stream);
        sheet.put_list("projects", projects, OWN_WORD);
    }
}

pub(super) fn record<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub(super) fn code(code: &str) -> Value {
    Value::Code(code.to_owned())
}

fn conduct(firm: &Firm, sheet: &mut Sheet<'_>) {
    let faulty = (1000 - firm.quality) / 8;
    let mut penalties = Vec::new();
    if sheet.stream.chance(faulty) {
        let kind = sheet.stream.pick(&["市场监管", "税务", "环境", "劳动保障"]);
        let serious = sheet.stream.chance(200);
        let on = firm.recent(4 * 365, sheet.stream);
        penalties.push(record([("kind", code(kind)), ("serious", Value::Bool(serious)), ("on", Value::Date(on))]));
    }
    sheet.put_list("penalties", penalties, CONDUCT);
    let mut incidents = Vec::new();
    if firm.trade.makes && sheet.stream.chance(faulty / 3) {
        let kind = sheet.stream.pick(&["安全", "质量", "环境"]);
        let severity = sheet.stream.weighted(&[("一般", 85), ("较大", 13), ("重大", 2)], |(_, weight)| *weight).0;
        let on = firm.recent(5 * 365, sheet.stream);
        incidents.push(record([("kind", code(kind)), ("severity", code(severity)), ("on", Value::Date(on))]));
    }
    sheet.put_list("incidents", incidents, CONDUCT);
    for (list, share) in
        [("abnormal_list", faulty / 2), ("serious_dishonest_list", faulty / 12), ("judgment_defaulter", faulty / 6)]
    {
        let listed = listing(firm, share, sheet.stream);
        sheet.put_list(list, listed, CONDUCT);
    }
}

/// Listed once, and mostly taken off again.
fn listing(firm: &Firm, thousandths: i64, stream: &mut Stream) -> Vec<Record> {
    let listed = stream.chance(thousandths);
    let on = firm.recent(4 * 365, stream);
    let removed = stream.chance(700).then(|| months_later(on, 6)).filter(|day| *day < firm.as_of);
    let mut entry = record([("listed_on", Value::Date(on))]);
    entry.extend(removed.map(|day| ("removed_on".to_owned(), Value::Date(day))));
    if listed { vec![entry] } else { Vec::new() }
}

/// Honours build on one another, as the national ladder does.
fn certificates(firm: &Firm, stream: &mut Stream) -> Vec<Record> {
    let latest = firm.latest();
    let share = firm.research_share();
    let mut held = Vec::new();
    let mut grant = |kind: &str, level: &str, holds: bool, stream: &mut Stream| {
        // Three years' validity; a third of the holders are renewing just now, some let it lapse.
        let issued = firm.recent(1300, stream);
        if holds {
            let until = months_later(issued, 36).pred_opt().unwrap_or(issued);
            held.push(record([
                ("kind", code(kind)),
                ("level", code(level)),
                ("issued_on", Value::Date(issued)),
                ("valid_until", Value::Date(until)),
            ]));
        }
        holds
    };
    let small = latest.people <= 500 && latest.revenue <= 20_000 * WAN && share >= 40;
    let technical = small && stream.chance(500);
    grant("科技型中小企业", "省级", technical, stream);
    let high = share >= 40 && firm.age() >= 2 && stream.chance(firm.quality * 6 / 10);
    let high = grant("高新技术企业", "国家级", high, stream);
    let innovative = (high || technical) && latest.revenue >= 300 * WAN && stream.chance(350);
    let innovative = grant("创新型中小企业", "省级", innovative, stream);
    let special = innovative && latest.revenue >= 1000 * WAN && firm.age() >= 3 && stream.chance(450);
    let special = grant("专精特新中小企业", "省级", special, stream);
    let giant = special && latest.revenue >= 5000 * WAN && stream.chance(150);
    grant("专精特新小巨人企业", "国家级", giant, stream);
    let gazelle = firm.district.code == "420100-ELHT" && latest.revenue >= 1000 * WAN && stream.chance(120);
    grant("瞪羚企业", "区级", gazelle, stream);
    let quality = firm.trade.makes && stream.chance(300);
    grant("ISO9001质量管理体系认证", "国家级", quality, stream);
    held
}

/// Some holders have already been paid for what they hold.
fn grants(firm: &Firm, certificates: &[Record], stream: &mut Stream) -> Vec<Record> {
    let holds = |kind: &str| certificates.iter().any(|held| held.get("kind") == Some(&code(kind)));
    let mut received = Vec::new();
    for (kind, item, amount) in
        [("高新技术企业", "高新技术企业奖励", 5), ("专精特新中小企业", "市级专精特新成长奖励", 20)]
    {
        let on = firm.recent(900, stream);
        if stream.chance(400) && holds(kind) {
            received.push(record([
                ("item", code(item)),
                ("level", code("市级")),
                ("on", Value::Date(on)),
                ("amount", Value::Number(amount * WAN)),
            ]));
        }
    }
    let on = firm.recent(500, stream);
    if stream.chance(150) {
        let amount = firm.latest().people * WAN / 20;
        received.push(record([
            ("item", code("稳岗返还")),
            ("level", code("市级")),
            ("on", Value::Date(on)),
            ("amount", Value::Number(amount)),
        ]));
    }
    received
}

fn awards(firm: &Firm, stream: &mut Stream) -> Vec<Record> {
    let wins = firm.research_share() > 50 && stream.chance(firm.quality / 16);
    let kind =
        stream.weighted(&[("市级科技奖励", 6), ("省级科技奖励", 3), ("创客中国全国500强", 1)], |(_, weight)| *weight);
    let on = firm.recent(5 * 365, stream);
    let rank = stream.between(1, 6);
    let award = record([("kind", code(kind.0)), ("unit_rank", Value::Number(rank)), ("on", Value::Date(on))]);
    if wins { vec![award] } else { Vec::new() }
}

/// In the register of 四上 since the revenue passed the line, and a few late.
fn register(firm: &Firm, stream: &mut Stream) -> Vec<Record> {
    let kind = match firm.trade.industry.as_bytes().first() {
        Some(b'C') => "规上工业",
        Some(b'F') => "限上批零",
        Some(b'H') => "限上住餐",
        Some(b'E') => "资质建筑业",
        _ => "规上服务业",
    };
    let line = if firm.trade.industry == "F52" { 500 } else { 2000 };
    let in_register = firm.latest().revenue >= line * WAN && stream.chance(850);
    let since = firm.recent(1400, stream);
    let first = stream.chance(950);
    let entry = record([("kind", code(kind)), ("since", Value::Date(since)), ("first_time", Value::Bool(first))]);
    if in_register { vec![entry] } else { Vec::new() }
}

fn loans(firm: &Firm, stream: &mut Stream) -> Vec<Record> {
    let count = stream.between(-1, 2).max(0);
    (0..count)
        .map(|index| {
            let granted = firm.recent(800, stream);
            let amount = (firm.latest().revenue / 1000 * stream.between(30, 200)).max(5 * WAN);
            let collateral = stream.pick(&["信用", "抵押", "保证", "知识产权质押"]);
            let rate = stream.between(31, 58) * 1000;
            let mut loan = record([
                ("place", Value::Area("420100".to_owned())),
                ("purpose", code("生产经营")),
                ("granted_on", Value::Date(granted)),
                ("amount", Value::Number(amount)),
                ("rate", Value::Number(rate)),
                ("collateral", code(collateral)),
                ("first", Value::Bool(index == 0 && firm.age() < 3)),
            ]);
            let repaid = stream.chance(400).then(|| months_later(granted, 12)).filter(|day| *day < firm.as_of);
            loan.extend(repaid.map(|day| ("repaid_on".to_owned(), Value::Date(day))));
            loan
        })
        .collect()
}

fn projects(firm: &Firm, stream: &mut Stream) -> Vec<Record> {
    let has = stream.chance(firm.quality * 7 / 10);
    let start = firm.recent(900, stream);
    let equipment = stream.log_normal(600, 1500) * WAN;
    let kind = stream.pick(&["技术改造", "智能化改造", "设备更新"]);
    let finished = months_later(start, 14);
    let mut project = record([
        ("name", Value::Text(format!("演示{}项目", firm.trade.word))),
        ("kind", code(kind)),
        ("place", Value::Area(firm.district.code.to_owned())),
        ("start", Value::Date(start)),
        ("in_statistics", Value::Bool(stream.chance(650))),
        ("equipment_capex", Value::Number(equipment)),
        ("rd_capex", Value::Number(equipment / 10)),
        ("total_investment", Value::Number(equipment * 3 / 2)),
    ]);
    if finished < firm.as_of {
        project.insert("finish".to_owned(), Value::Date(finished));
    }
    if has { vec![project] } else { Vec::new() }
}

pub(super) fn months_later(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}
