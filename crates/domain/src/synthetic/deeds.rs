//! What a made-up enterprise has to show beside its figures: rights, laboratories, projects, people hired, a listing.
//! Drawn last, from what the other parts have said, so that a count and its list never disagree.

use rules::{Record, Value};

use super::firm::{ClosedYear, Firm, WAN};
use super::lists::{HONOURS, OWN_WORD, code, months_later, record};
use super::sheet::{Known, Sheet};

pub(super) fn fill(firm: &Firm, sheet: &mut Sheet<'_>) {
    incomes(firm, sheet);
    if firm.trade.industry == "A01" {
        farm(firm, sheet);
    }
    if !firm.is_company() {
        return;
    }
    hired(firm, sheet);
    if firm.research_share() > 0 {
        rights(firm, sheet);
        research(firm, sheet);
    }
    listing(firm, sheet);
    if matches!(firm.trade.industry, "L72" | "M75") {
        incubator(sheet);
    }
}

/// What the tax office and the auditor call income is the revenue and a little more.
fn incomes(firm: &Firm, sheet: &mut Sheet<'_>) {
    let of = |figure: fn(&ClosedYear) -> i64| -> Vec<(i32, i64)> {
        firm.years.iter().map(|year| (year.year, figure(year))).collect()
    };
    sheet.put_years("tax_declared_income", &of(|year| year.revenue), "tax", Known::Reported);
    sheet.put_years("total_income", &of(|year| year.revenue / 100 * 102), "tax", Known::Reported);
    if firm.is_company() {
        sheet.put("independent_accounting", Value::Bool(true), "registry", Known::Licence);
        sheet.put_years("vc_paid_in", &of(|year| year.equity / 2), "declared", Known::Asked);
        sheet.put_years("disabled_employed", &of(|year| year.people / 80), "tax", Known::Reported);
    }
}

fn farm(firm: &Firm, sheet: &mut Sheet<'_>) {
    let share = sheet.stream.between(600, 1000) * 1000;
    let shares: Vec<_> = firm.years.iter().map(|year| (year.year, share)).collect();
    sheet.put_years("agri_revenue_ratio", &shares, "declared", Known::Asked);
    let lease = sheet.stream.between(1, 20);
    sheet.put("land_lease_years", Value::Number(lease), "declared", Known::Asked);
}

fn hired(firm: &Firm, sheet: &mut Sheet<'_>) {
    let Some(count) = sheet.number("new_hires_12m") else { return };
    let group = sheet.stream.weighted(&GROUPS, |(_, weight)| *weight).0;
    let on = firm.recent(360, sheet.stream);
    let months = (firm.as_of - on).num_days() / 30;
    let contract = *sheet.stream.pick(&[6, 12, 24, 36]);
    let hired = record([
        ("group", code(group)),
        ("count", Value::Number(count)),
        ("hired_on", Value::Date(on)),
        ("contract_months", Value::Number(contract)),
        ("insured_months", Value::Number(months)),
    ]);
    sheet.put_list("new_hires", if count > 0 { vec![hired] } else { Vec::new() }, OWN_WORD);
}

const GROUPS: [(&str, i64); 5] = [
    ("毕业年度高校毕业生", 45),
    ("离校两年内未就业高校毕业生", 20),
    ("就业困难人员", 15),
    ("退役军人", 10),
    ("登记失业人员", 10),
];

/// As many of each class as the firm says it has.
fn rights(firm: &Firm, sheet: &mut Sheet<'_>) {
    let counts = [sheet.number("ip_class1_count"), sheet.number("ip_class2_count")];
    let kinds = [("Ⅰ类", "发明专利"), ("Ⅱ类", "实用新型")];
    let [Some(_), Some(_)] = counts else { return };
    let mut held: Vec<Record> = Vec::new();
    for (count, (class, kind)) in counts.into_iter().flatten().zip(kinds) {
        let on = firm.recent(6 * 365, sheet.stream);
        let related = sheet.stream.chance(850);
        if count > 0 {
            held.push(record([
                ("class", code(class)),
                ("kind", code(kind)),
                ("count", Value::Number(count)),
                ("granted_on", Value::Date(on)),
                ("related", Value::Bool(related)),
                ("self_developed", Value::Bool(true)),
            ]));
        }
    }
    sheet.put_list("ip_rights", held, HONOURS);
}

fn research(firm: &Firm, sheet: &mut Sheet<'_>) {
    let leads = firm.quality > 800 && sheet.stream.chance(200);
    sheet.put("standards_led", Value::Number(i64::from(leads)), "declared", Known::Asked);
    let points = sheet.stream.between(0, 20) * 100;
    sheet.put("eval_score_staff", Value::Number(points), "declared", Known::Asked);
    if let Some(since) = sheet.date("rd_org_since") {
        let level = sheet.stream.weighted(&[("企业自建", 70), ("市级", 20), ("省级", 10)], |(_, weight)| *weight).0;
        let org = record([("kind", code("企业研究开发中心")), ("level", code(level)), ("since", Value::Date(since))]);
        sheet.put_list("rd_orgs", vec![org], HONOURS);
    }
    let has = sheet.stream.chance(firm.quality / 5);
    let level =
        sheet.stream.weighted(&[("区级", 40), ("市级", 35), ("省级", 20), ("国家级", 5)], |(_, weight)| *weight).0;
    let role = sheet.stream.pick(&["参与", "牵头", "独立承担"]);
    let started = firm.recent(5 * 365, sheet.stream);
    let accepted = months_later(started, 24);
    let mut project = record([("level", code(level)), ("role", code(role)), ("started_on", Value::Date(started))]);
    project.insert("accepted".to_owned(), Value::Bool(accepted < firm.as_of));
    if accepted < firm.as_of {
        project.insert("accepted_on".to_owned(), Value::Date(accepted));
    }
    sheet.put_list("research_projects", if has { vec![project] } else { Vec::new() }, HONOURS);
}

/// Few firms are on the way to an exchange, and most of these only at its local board.
fn listing(firm: &Firm, sheet: &mut Sheet<'_>) {
    let large = firm.latest().revenue >= 3_000 * WAN;
    let (stage, venue, _) = *sheet.stream.weighted(
        &[("四板挂牌", "武汉股权托管交易中心", 80), ("新三板挂牌", "新三板", 15), ("辅导备案", "北交所", 5)],
        |(_, _, weight)| *weight,
    );
    let on = firm.recent(4 * 365, sheet.stream);
    if large && sheet.stream.chance(60) {
        let entry = record([("stage", code(stage)), ("venue", code(venue)), ("on", Value::Date(on))]);
        sheet.put_list("listing_stages", vec![entry], HONOURS);
    }
}

fn incubator(sheet: &mut Sheet<'_>) {
    if !sheet.stream.chance(40) {
        return;
    }
    let area = sheet.stream.between(10, 120) * 100;
    let tenants = area / sheet.stream.between(90, 200);
    let [used, staff] = [sheet.stream.between(400, 980) * 1000, sheet.stream.between(3, 14)];
    sheet.put("incubator_area", Value::Number(area * 100), "declared", Known::Asked);
    sheet.put("incubator_area_used_ratio", Value::Number(used), "declared", Known::Asked);
    sheet.put("incubator_tenants", Value::Number(tenants), "declared", Known::Asked);
    sheet.put("incubator_staff", Value::Number(staff), "declared", Known::Asked);
}
