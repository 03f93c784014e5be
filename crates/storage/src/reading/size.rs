//! 企业规模 worked out from industry, people, revenue and assets: every class still possible, against those wanted.

use rules::size::{SizeClass, SizeRow};
use rules::tree::{Membership, When};
use rules::{FactKey, FactKind};

use super::leaf::Stated;
use super::sql::{Layers, Sql, sql};
use super::{Reader, Stop};

const INDUSTRY: &str = "industry";
/// People, revenue and assets, in the order of [`SizeRow::bounds`].
const FIGURES: [&str; 3] = ["employees_stat", "revenue", "assets"];

impl Reader<'_> {
    /// The verdict of a membership where nobody states the size. Outside the standard it stays open.
    pub(super) fn sized(&mut self, when: When, membership: &Membership) -> Result<Sql, Stop> {
        let wanted = |class: SizeClass| membership.values.iter().any(|value| value == class.label());
        let of_none = verdict(0, SizeClass::ALL.len() - 1, wanted);
        let day = when.period(self.context.as_of).and_then(|period| period.to?.pred_opt());
        let day = day.unwrap_or(self.context.as_of);
        let reference = self.context.reference;
        let rows = reference.size_table.version(day).map(|version| version.rows.as_slice()).unwrap_or_default();
        let mut figures = Vec::with_capacity(FIGURES.len());
        for key in FIGURES {
            figures.push(self.stated(&FactKey::from(key), when, None)?);
        }
        let Some(fact) = self.fact(&FactKey::from(INDUSTRY)).cloned() else {
            return Ok(Sql::fixed(of_none.to_string()));
        };
        if !matches!(fact.kind, FactKind::Industry) {
            return Err(Stop::refused("企业规模", "目录里的 industry 不是行业", "改目录"));
        }
        let mut whens = Vec::with_capacity(rows.len());
        let mut parts = Vec::new();
        for row in rows {
            let classes: Vec<String> = row.industries.iter().map(|class| self.is_in_class("x", class)).collect();
            let class = self.row(row, &figures, wanted);
            whens.push(format!(" WHEN {} THEN {class}", classes.join(" OR ")));
            parts.push(class);
        }
        let judged = if whens.is_empty() { "1".to_owned() } else { format!("CASE{} ELSE 1 END", whens.concat()) };
        let entries = self.entries(&fact, When::Now, None)?;
        let text = format!(
            "(SELECT CASE WHEN count(*) = 0 THEN {of_none} WHEN min(v) = 2 THEN 2 WHEN max(v) = 0 THEN 0 ELSE 1 END \
             FROM (SELECT {judged} AS v FROM ({entries}) AS n WHERE x IS NOT NULL) AS m)"
        );
        Ok(Layers::read_beside(text, &parts.iter().collect::<Vec<_>>()))
    }

    /// The verdict under one row of the standard: the class is the lowest that any index gives.
    fn row(&mut self, row: &SizeRow, figures: &[Option<Stated>], wanted: impl Fn(SizeClass) -> bool) -> Sql {
        let (mut lowest, mut highest) = (Vec::new(), Vec::new());
        for (bounds, figure) in row.bounds().into_iter().zip(figures) {
            let Some([large, medium, small]) = bounds else { continue };
            let Some(Stated { values, .. }) = figure else {
                lowest.push(Sql::fixed("0"));
                continue;
            };
            let class = |value: &Sql, otherwise: &str| {
                sql!(
                    "CASE WHEN {} IS NULL THEN {} WHEN {} >= {} THEN 3 WHEN {} >= {} THEN 2 WHEN {} >= {} THEN 1 ELSE 0 END",
                    value,
                    Sql::fixed(otherwise),
                    value,
                    Sql::fixed(large.to_string()),
                    value,
                    Sql::fixed(medium.to_string()),
                    value,
                    Sql::fixed(small.to_string())
                )
            };
            lowest.push(class(&values.low.n.sql, "0"));
            highest.push(class(&values.high.n.sql, "3"));
        }
        let (lowest, highest) = (self.lowest(lowest), self.lowest(highest));
        let pairs = (0..4).flat_map(|low| (low..4).map(move |high| (low, high)));
        let whens = pairs.map(|(low, high)| format!(" WHEN {} THEN {}", low * 4 + high, verdict(low, high, &wanted)));
        let whens: String = whens.collect();
        let judged = Sql::of(format!("CASE {lowest} * 4 + {highest}{whens} ELSE 1 END"), &[&lowest, &highest]);
        self.layers.name(judged)
    }

    fn lowest(&mut self, classes: Vec<Sql>) -> Sql {
        let classes: Vec<Sql> = classes.into_iter().map(|class| self.layers.name(class)).collect();
        match classes.as_slice() {
            [] => Sql::fixed("3"),
            [one] => one.clone(),
            many => {
                let texts: Vec<String> = many.iter().map(ToString::to_string).collect();
                let least = Sql::of(self.engine.least(&texts), &many.iter().collect::<Vec<_>>());
                self.layers.name(least)
            }
        }
    }
}

/// What the wanted classes say of a firm that has one from `low` to `high`.
fn verdict(low: usize, high: usize, wanted: impl Fn(SizeClass) -> bool) -> u8 {
    let classes = &SizeClass::ALL[low..=high];
    let hits = classes.iter().filter(|class| wanted(**class)).count();
    match hits {
        0 => 0,
        _ if hits == classes.len() => 2,
        _ => 1,
    }
}
