//! Enterprises: JSON lines hold everything, a table what a table can hold. What the city is like is told at the end.

use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::NaiveDate;
use domain::synthetic::{self, Summary};
use domain::{Clock, Instant};
use pipeline::ingest::{ProfileTable, enterprise_line};
use rules::number::Rational;
use rules::{Profile, Reference};

use super::{create, pieces};
use crate::cli::Generate;
use crate::clock::SystemClock;
use crate::failure::Failure;
use crate::output;

/// Firms made, written and told of together.
const PIECE: u32 = 1_000;
/// Firms looked at to know which columns a table needs.
const LOOKED_AT: u32 = 3_000;

/// How profiles become bytes.
enum Form {
    Lines,
    Table(ProfileTable),
}

/// Some firms, ready to be written.
#[derive(Default)]
struct Piece {
    bytes: Vec<u8>,
    summary: Summary,
    left_out: usize,
}

pub(super) fn run(args: &Generate) -> Result<(), Failure> {
    let as_of = args.as_of.unwrap_or_else(|| SystemClock.now().day(chrono_tz::Asia::Shanghai));
    let form = form(args, as_of)?;
    let mut out = BufWriter::with_capacity(1 << 20, create(&args.out)?);
    let mut all = Piece::default();
    if let Form::Table(table) = &form {
        out.write_all(intake::BYTE_ORDER_MARK.as_bytes())?;
        out.write_all(&intake::csv_text([table.header()])?)?;
    }
    let start = SystemClock.now();
    let mut bytes = 0;
    pieces::in_order(
        args.count.div_ceil(PIECE),
        |number| piece(number, args, as_of, &form),
        |piece: Piece| {
            out.write_all(&piece.bytes)?;
            bytes += piece.bytes.len();
            all.left_out += piece.left_out;
            all.summary.merge(piece.summary);
            progress(&all.summary, args.count, start);
            Ok(())
        },
    )?;
    out.flush()?;
    told(&all, bytes, &args.out)
}

/// By the ending of the file's name.
fn form(args: &Generate, as_of: NaiveDate) -> Result<Form, Failure> {
    match args.out.extension().and_then(|ending| ending.to_str()) {
        Some("jsonl") => Ok(Form::Lines),
        Some("csv") => {
            let firms: Vec<Profile> = synthetic::enterprises(args.seed, args.count.min(LOOKED_AT), as_of).collect();
            Ok(Form::Table(ProfileTable::of(&firms, Reference::builtin())))
        }
        _ => Err(Failure::bad_input("--out:文件名要以 .jsonl(完整)或 .csv(表格,不含清单)结尾")),
    }
}

fn piece(number: u32, args: &Generate, as_of: NaiveDate, form: &Form) -> Result<Piece, Failure> {
    let reference = Reference::builtin();
    let first = number * PIECE;
    let firms = (first..args.count.min(first.saturating_add(PIECE)))
        .map(|index| synthetic::enterprise(args.seed, index, as_of));
    let mut piece = Piece::default();
    let mut rows = Vec::new();
    for firm in firms {
        piece.summary.add(&firm);
        match form {
            Form::Lines => {
                piece.bytes.extend_from_slice(enterprise_line(&firm, true, reference).as_bytes());
                piece.bytes.push(b'\n');
            }
            Form::Table(table) => {
                let row = table.row(&firm, true, reference);
                piece.left_out += row.left_out;
                rows.push(row.cells);
            }
        }
    }
    if !rows.is_empty() {
        piece.bytes = intake::csv_text(&rows)?;
    }
    Ok(piece)
}

fn progress(summary: &Summary, count: u32, start: Instant) {
    if summary.firms.is_multiple_of(u64::from(PIECE * 10)) {
        let spent = SystemClock.now().0.saturating_sub(start.0).unsigned_abs().max(1);
        output::progress(format!("已生成 {} / {count} 家,每秒 {} 家", summary.firms, summary.firms * 1000 / spent));
    }
}

fn told(all: &Piece, bytes: usize, out: &Path) -> Result<(), Failure> {
    let summary = &all.summary;
    let firms = usize::try_from(summary.firms).unwrap_or(usize::MAX).max(1);
    output::line(format!("已生成 {} 家合成企业:{},平均每家 {} 字节", summary.firms, out.display(), bytes / firms))?;
    let missing = summary.missing();
    output::line(format!(
        "公司该有而没有填的事实占 {}‰;填得较全的一成不超过 {}‰,较缺的一成不少于 {}‰",
        missing.thousandths, missing.careful, missing.careless
    ))?;
    output::line(format!("来源不一致 {} 家,迁入 {} 家", summary.disputed, summary.moved))?;
    let reference = Reference::builtin();
    for (key, deciles) in summary.deciles() {
        let Some(fact) = reference.catalogue.by_key(key) else { continue };
        let shown = deciles.map(|number| fact.shape().display_number(&Rational::scaled(number, fact.scale)));
        output::line(format!("{}(最近一年)十分位:{}", fact.name, shown.join("、")))?;
    }
    for (key, count) in &summary.lists {
        let name = reference.catalogue.fact(key).map_or(key.as_str(), |fact| &fact.name);
        output::line(format!("清单 {name}:{} 家有,其中 {} 家查全", count.held, count.complete))?;
    }
    if all.left_out > 0 {
        output::line(format!("表格装不下的清单和历史 {} 条没有写入;要完整的,用 .jsonl", all.left_out))?;
    }
    Ok(())
}
