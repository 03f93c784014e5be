//! Registration, places, figures and people of a made-up enterprise.

use rules::{Period, Value};

use super::firm::{ClosedYear, Firm, Kind, WAN, day_before};
use super::lists::code;
use super::sheet::{Known, Sheet};

pub(super) fn fill(firm: &Firm, sheet: &mut Sheet<'_>) {
    registration(firm, sheet);
    places(firm, sheet);
    figures(firm, sheet);
    people(firm, sheet);
    if firm.is_company() {
        research(firm, sheet);
    }
}

/// What the annual return of the income tax says beside the income: means over the quarters, and the trade.
pub(super) fn income_tax(firm: &Firm, sheet: &mut Sheet<'_>) {
    let of = |figure: fn(&ClosedYear) -> i64| -> Vec<(i32, i64)> {
        firm.years.iter().map(|year| (year.year, figure(year))).collect()
    };
    sheet.put_years("employees_quarterly_mean", &of(|year| year.people * 100), "tax", Known::Reported);
    sheet.put_years("assets_quarterly_mean", &of(|year| year.assets), "tax", Known::Reported);
    sheet.put("restricted_industry", Value::Bool(false), "tax", Known::Reported);
}

fn registration(firm: &Firm, sheet: &mut Sheet<'_>) {
    let (kind, form) = match firm.kind {
        Kind::Company => ("企业", Some("有限责任公司")),
        Kind::SoleTrader => ("个体工商户", None),
        Kind::Cooperative => ("农民专业合作社", None),
    };
    sheet.put("entity_kind", code(kind), "registry", Known::Licence);
    if let Some(form) = form {
        sheet.put("legal_form", code(form), "registry", Known::Licence);
    }
    let legal_person = firm.kind != Kind::SoleTrader;
    sheet.put("independent_legal_person", Value::Bool(legal_person), "registry", Known::Licence);
    let status = if firm.active { "存续" } else { *sheet.stream.pick(&["停业", "吊销", "注销"]) };
    sheet.put("reg_status", code(status), "registry", Known::Licence);
    sheet.put("established_on", Value::Date(firm.established), "registry", Known::Licence);
    sheet.put("business_scope", Value::Text(firm.trade.scope.to_owned()), "registry", Known::Licence);
    sheet.put("industry", Value::Industry(firm.trade.industry.to_owned()), "registry", Known::Licence);
    sheet.put("resident_enterprise", Value::Bool(firm.is_company()), "registry", Known::Reported);
    sheet.put("vat_general", Value::Bool(firm.latest().revenue >= 500 * WAN), "tax", Known::Reported);
    sheet.put("books_audited", Value::Bool(firm.is_company()), "tax", Known::Reported);
}

/// Registered, taxed and counted in the same place for most; the tax office sometimes lags behind a move.
fn places(firm: &Firm, sheet: &mut Sheet<'_>) {
    let here = || Value::Area(firm.district.code.to_owned());
    let mut history = vec![(here(), Period::since(firm.established))];
    if let Some(moved) = &firm.moved {
        let before = Period { from: Some(firm.established), to: Some(moved.on) };
        history = vec![(Value::Area(moved.from.to_owned()), before), (here(), Period::since(moved.on))];
    }
    sheet.put_history("place_registered", &history, "registry", Known::Licence);
    let lags = firm.moved.is_some() && sheet.stream.chance(250);
    let taxed: Vec<_> = if lags {
        history.iter().take(1).map(|(value, period)| (value.clone(), Period { to: None, ..*period })).collect()
    } else {
        history.clone()
    };
    sheet.put_history("place_tax", &taxed, "tax", Known::Reported);
    if firm.latest().revenue > 500 * WAN {
        sheet.put_history("place_statistics", &taxed, "statistics", Known::Reported);
    }
    sheet.put_history("place_operating", &history, "declared", Known::Asked);
}

fn figures(firm: &Firm, sheet: &mut Sheet<'_>) {
    let by_year = |figure: fn(&ClosedYear) -> i64| -> Vec<(i32, i64)> {
        firm.years.iter().map(|year| (year.year, figure(year))).collect()
    };
    sheet.put_years("revenue", &by_year(|year| year.revenue), "tax", Known::Reported);
    let main = sheet.stream.between(800, 1000);
    let main: Vec<_> = firm.years.iter().map(|year| (year.year, year.revenue / 1000 * main)).collect();
    sheet.put_years("main_revenue", &main, "audit", Known::Reported);
    sheet.put_years("sales_revenue", &by_year(|year| year.revenue), "tax", Known::Reported);
    sheet.put_years("profit_total", &by_year(|year| year.profit), "tax", Known::Reported);
    sheet.put_years("assets", &by_year(|year| year.assets), "tax", Known::Reported);
    sheet.put_years("liabilities", &by_year(|year| year.liabilities), "tax", Known::Reported);
    sheet.put_years("taxable_income", &by_year(|year| year.profit), "tax", Known::Reported);
    if firm.trade.makes {
        sheet.put_years("gross_output", &by_year(|year| year.revenue), "statistics", Known::Reported);
        sheet.put_years("fixed_assets", &by_year(|year| year.assets / 3), "audit", Known::Reported);
        sheet.put_years("equipment_capex", &by_year(|year| year.assets / 20), "declared", Known::Asked);
    }
    if let Some(latest) = firm.years.first() {
        if sheet.stream.chance(90) {
            sheet.contradict("revenue", latest.year, latest.revenue, "audit");
        }
        if sheet.stream.chance(120) {
            sheet.contradict("revenue", latest.year, latest.revenue, "declared");
        }
        if sheet.stream.chance(60) {
            sheet.contradict("assets", latest.year, latest.assets, "audit");
        }
    }
}

fn people(firm: &Firm, sheet: &mut Sheet<'_>) {
    let by_year = |share: i64| -> Vec<(i32, i64)> {
        firm.years.iter().map(|year| (year.year, (year.people * share / 1000).max(1))).collect()
    };
    let insured = sheet.stream.between(600, 1000);
    sheet.put_years("employees_stat", &by_year(1000), "social_security", Known::Reported);
    sheet.put_years("staff_total", &by_year(1000), "tax", Known::Reported);
    sheet.put_years("insured_count", &by_year(insured), "social_security", Known::Reported);
    let Some(latest) = firm.years.first() else { return };
    sheet.put("staff_on_job", Value::Number(latest.people), "declared", Known::Asked);
    let months = (firm.as_of - firm.established).num_days() / 30 - sheet.stream.between(0, 6);
    sheet.put("ui_months", Value::Number(months.clamp(0, 240)), "social_security", Known::Reported);
    let average = (latest.people * insured / 1000).max(1);
    let left = if sheet.stream.chance(700) { 0 } else { sheet.stream.between(0, average / 6 + 1) };
    sheet.put_years("ui_avg_insured", &[(latest.year, average * 100)], "social_security", Known::Reported);
    sheet.put_years("ui_new_claimants", &[(latest.year, left)], "social_security", Known::Reported);
    let hires = if sheet.stream.chance(600) { 0 } else { sheet.stream.between(1, latest.people / 4 + 1) };
    sheet.put("new_hires_12m", Value::Number(hires), "declared", Known::Asked);
    // Arrears are rarer in well-run firms.
    let share = (1000 - firm.quality) / 12;
    let wages = sheet.stream.chance(share);
    sheet.put("wage_arrears", Value::Bool(wages), "declared", Known::Asked);
    let insurance = sheet.stream.chance(share);
    sheet.put("si_arrears", Value::Bool(insurance), "social_security", Known::Reported);
}

fn research(firm: &Firm, sheet: &mut Sheet<'_>) {
    let by_year = |figure: fn(&ClosedYear) -> i64| -> Vec<(i32, i64)> {
        firm.years.iter().map(|year| (year.year, figure(year))).collect()
    };
    sheet.put_years("rd_expense", &by_year(|year| year.research), "tax", Known::Reported);
    sheet.put_years("equity_paid_in", &by_year(|year| year.equity), "declared", Known::Asked);
    if firm.research_share() == 0 {
        return;
    }
    let share = (firm.research_share() * 3).clamp(50, 600);
    let staff: Vec<_> = firm.years.iter().map(|year| (year.year, (year.people * share / 1000).max(1))).collect();
    sheet.put_years("tech_staff", &staff, "declared", Known::Asked);
    sheet.put_years("rd_staff", &staff, "statistics", Known::Reported);
    let domestic: Vec<_> = firm.years.iter().map(|year| (year.year, year.research)).collect();
    sheet.put_years("rd_domestic", &domestic, "audit", Known::Asked);
    let high = sheet.stream.between(450, 950);
    let high: Vec<_> = firm.years.iter().map(|year| (year.year, year.revenue / 1000 * high)).collect();
    sheet.put_years("hightech_income", &high, "audit", Known::Asked);
    let class1 = sheet.stream.between(0, firm.latest().research / (150 * WAN) + 1);
    let class2 = sheet.stream.between(0, firm.latest().research / (40 * WAN) + 3);
    sheet.put("ip_class1_count", Value::Number(class1), "declared", Known::Asked);
    sheet.put("ip_class2_count", Value::Number(class2), "declared", Known::Asked);
    sheet.put("core_ip", Value::Bool(class1 + class2 > 0), "declared", Known::Asked);
    if let Some(field) = firm.trade.hightech {
        sheet.put("hightech_field", code(field), "declared", Known::Asked);
    }
    if let Some(field) = firm.trade.field {
        sheet.put("local_industries", Value::Codes([field.to_owned()].into()), "declared", Known::Asked);
    }
    let niche = day_before(firm.as_of, (firm.as_of - firm.established).num_days() * 4 / 5);
    sheet.put("niche_since", Value::Date(niche), "declared", Known::Asked);
    let score = (firm.quality / 10 + sheet.stream.between(-12, 12)).clamp(0, 100) * 100;
    sheet.put("eval_score", Value::Number(score), "declared", Known::Asked);
    sheet.put("software_products", Value::Bool(firm.trade.industry == "I65"), "declared", Known::Asked);
    laboratory(firm, sheet);
}

fn laboratory(firm: &Firm, sheet: &mut Sheet<'_>) {
    let scale = firm.latest().research / (50 * WAN);
    if scale == 0 {
        return;
    }
    let since = firm.recent(6 * 365, sheet.stream);
    sheet.put("rd_org_since", Value::Date(since), "declared", Known::Asked);
    let area = sheet.stream.between(80, 150) * (scale + 1) * 100;
    sheet.put("rd_site_area", Value::Number(area), "declared", Known::Asked);
    let equipment = sheet.stream.between(40, 90) * (scale + 1) * WAN;
    sheet.put("rd_equipment_value", Value::Number(equipment), "declared", Known::Asked);
    let staff = sheet.stream.between(3, 6) * (scale + 1) / 2;
    sheet.put("rd_fulltime_staff", Value::Number(staff), "declared", Known::Asked);
    let qualified = sheet.stream.between(350, 950) * 1000;
    sheet.put("rd_qualified_ratio", Value::Number(qualified), "declared", Known::Asked);
}
