//! What is true of a made-up enterprise, before anybody forgets to report it.

use chrono::{Datelike as _, Days, NaiveDate};

use super::market::{DISTRICTS, District, ELSEWHERE, SYLLABLES, TRADES, Trade};
use super::stream::Stream;

/// 分 in 万元
pub(super) const WAN: i64 = 1_000_000;

/// Brand names of three syllables.
const BRANDS: u64 = 27_000;

/// Years of figures.
pub(super) const YEARS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Company,
    /// 个体工商户
    SoleTrader,
    /// 农民专业合作社
    Cooperative,
}

/// A stay elsewhere before the firm came to where it is now.
pub(super) struct Move {
    pub(super) from: &'static str,
    pub(super) on: NaiveDate,
}

/// One closed calendar year; money in 分.
#[derive(Clone, Copy, Default)]
pub(super) struct ClosedYear {
    pub(super) year: i32,
    pub(super) people: i64,
    pub(super) revenue: i64,
    pub(super) research: i64,
    pub(super) assets: i64,
    pub(super) liabilities: i64,
    pub(super) profit: i64,
    pub(super) equity: i64,
}

pub(super) struct Firm {
    pub(super) uscc: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) district: &'static District,
    pub(super) moved: Option<Move>,
    pub(super) trade: &'static Trade,
    pub(super) as_of: NaiveDate,
    pub(super) established: NaiveDate,
    pub(super) active: bool,
    /// Closed years the firm lived to see the end of, latest first.
    pub(super) years: Vec<ClosedYear>,
    /// 300–1000: how well run it is, in thousandths; honours, finance and honesty go with it.
    pub(super) quality: i64,
}

impl Firm {
    pub(super) fn found(index: u32, as_of: NaiveDate, stream: &mut Stream) -> Self {
        let trade = stream.weighted(&TRADES, |trade| trade.weight);
        let district = stream.weighted(&DISTRICTS, |district| district.weight);
        let kind = kind(trade, stream);
        let established = day_before(as_of, age_in_days(stream));
        let quality = 300 + stream.between(0, 350) + stream.between(0, 350);
        Self {
            uscc: code(index, kind),
            name: name(index, kind, trade, district),
            kind,
            district,
            moved: moved(as_of, established, stream),
            trade,
            as_of,
            established,
            active: stream.chance(970),
            years: years(trade, kind, established, as_of, quality, stream),
            quality,
        }
    }

    pub(super) fn latest(&self) -> ClosedYear {
        self.years.first().copied().unwrap_or_default()
    }

    /// Whole years since it was founded.
    pub(super) fn age(&self) -> i32 {
        i32::try_from(self.as_of.years_since(self.established).unwrap_or_default()).unwrap_or_default()
    }

    /// Share of revenue spent on R&D in the latest year, in thousandths.
    pub(super) fn research_share(&self) -> i64 {
        let latest = self.latest();
        if latest.revenue == 0 { 0 } else { latest.research * 1000 / latest.revenue }
    }

    pub(super) fn is_company(&self) -> bool {
        self.kind == Kind::Company
    }

    /// A day up to `days` before the as-of day, but not before the firm was founded.
    pub(super) fn recent(&self, days: i64, stream: &mut Stream) -> NaiveDate {
        day_before(self.as_of, stream.between(1, days)).max(self.established)
    }
}

pub(super) fn day_before(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_sub_days(Days::new(days.unsigned_abs())).unwrap_or(day)
}

fn kind(trade: &Trade, stream: &mut Stream) -> Kind {
    let small = matches!(trade.industry, "F52" | "H62");
    match trade.industry {
        "A01" if stream.chance(400) => Kind::Cooperative,
        _ if small && stream.chance(350) => Kind::SoleTrader,
        _ => Kind::Company,
    }
}

/// Many young firms, few old ones: half are under five years.
fn age_in_days(stream: &mut Stream) -> i64 {
    stream.log_normal(5 * 365, 1200).clamp(20, 30 * 365)
}

fn moved(as_of: NaiveDate, established: NaiveDate, stream: &mut Stream) -> Option<Move> {
    let life = (as_of - established).num_days();
    let moves = stream.chance(130) && life > 200;
    let on = day_before(as_of, stream.between(30, (life - 30).clamp(31, 1500)));
    // Half came from another district of the city, half from another city or province.
    let from = if stream.chance(500) {
        stream.weighted(&DISTRICTS, |district| district.weight).code
    } else {
        *stream.pick(&ELSEWHERE)
    };
    moves.then_some(Move { from, on })
}

fn years(
    trade: &Trade,
    kind: Kind,
    established: NaiveDate,
    as_of: NaiveDate,
    quality: i64,
    stream: &mut Stream,
) -> Vec<ClosedYear> {
    let median = if kind == Kind::Company { trade.people } else { 4 };
    let mut people = stream.log_normal(median, 1500).clamp(1, 20_000);
    let per_head = stream.log_normal(trade.per_head * WAN, 700);
    let research_share = research_share(trade, kind, stream);
    let debt = stream.between(200, 850);
    let turnover = stream.between(500, 1800);
    let margin = stream.normal() / 12 + (quality - 500) / 5;
    let growth = 60 + (quality - 600) / 3 + stream.normal() / 6;
    let raises = research_share > 40 && quality > 700 && stream.chance(250);
    let mut revenue = people.saturating_mul(per_head);
    let mut years = Vec::new();
    for back in 1..=i32::try_from(YEARS).unwrap_or_default() {
        let year = as_of.year() - back;
        if established.year() > year {
            break;
        }
        let assets = revenue / 1000 * turnover;
        years.push(ClosedYear {
            year,
            people,
            revenue,
            research: revenue / 1000 * research_share,
            assets,
            liabilities: assets / 1000 * debt,
            profit: revenue / 1000 * (margin + stream.between(-20, 20)),
            equity: if raises && stream.chance(500) { stream.log_normal(900, 1300) * WAN } else { 0 },
        });
        // The year before was smaller by this year's growth.
        let growth = (growth + stream.normal() / 10).max(-600);
        revenue = revenue / (1000 + growth) * 1000;
        people = (people * 1000 / (1000 + growth / 2)).max(1);
    }
    years
}

/// Thousandths of revenue; a firm in a researching trade may still do none.
fn research_share(trade: &Trade, kind: Kind, stream: &mut Stream) -> i64 {
    let share = stream.log_normal(trade.research, 900).min(600);
    if kind == Kind::Company && trade.research > 0 && stream.chance(850) { share } else { 0 }
}

/// A valid code nobody can hold: 420199 is no registrar, and the body begins with DEM.
fn code(index: u32, kind: Kind) -> String {
    const DIGITS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let registrar = match kind {
        Kind::Company => "91",
        Kind::SoleTrader => "92",
        Kind::Cooperative => "93",
    };
    let mut rest = index;
    let mut digits = [b'0'; 5];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(rest % 31).unwrap_or_default()];
        rest /= 31;
    }
    let body: String = "DEM".chars().chain(digits.into_iter().map(char::from)).collect();
    let inner = rules::uscc::inner_check_character(&body).unwrap_or('0');
    rules::uscc::complete(&format!("{registrar}420199{body}{inner}")).unwrap_or_default()
}

/// No two firms bear the same name: three syllables for the first 27,000, more behind them for those that follow.
fn name(index: u32, kind: Kind, trade: &Trade, district: &District) -> String {
    let count = SYLLABLES.len() as u64;
    let syllable = |number: u64| SYLLABLES[usize::try_from(number % count).unwrap_or_default()];
    let (mut round, place) = (u64::from(index) / BRANDS, u64::from(index) % BRANDS);
    // 7919 is coprime to the number of brands, so neighbours get unlike names.
    let mixed = place * 7919 % BRANDS;
    let mut brand = format!("{}{}{}", syllable(mixed), syllable(mixed / count), syllable(mixed / count / count));
    while round > 0 {
        round -= 1;
        brand.push_str(syllable(round));
        round /= count;
    }
    let (place, word) = (district.word, trade.word);
    match kind {
        Kind::Company => format!("演示·{place}{brand}{word}有限公司"),
        Kind::SoleTrader => format!("演示·{place}{brand}{word}店"),
        Kind::Cooperative => format!("演示·{place}{brand}{word}专业合作社"),
    }
}
